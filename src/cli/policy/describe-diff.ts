/** A policy diff for people, loosening first. All of it is text of files: made visible before it is shown (S11). */
import type { Decision } from '../../domain/decision.ts';
import type { DecisionChange, DecisionDiff } from '../../policy/diff/decisions.ts';
import type { Count, Direction } from '../../policy/diff/direction.ts';
import { DIRECTIONS } from '../../policy/diff/direction.ts';
import type { StructuralChange } from '../../policy/diff/structure.ts';
import { durationInWords } from '../../policy/duration-words.ts';
import { line, styled } from '../terminal.ts';
import type { PolicyDiff } from './compare-policies.ts';
import { differencesOf } from './differences.ts';

export function describeDiff({ counts, structure, decisions }: PolicyDiff): string {
  const first = `changes of parts: ${countInWords(counts.parts)}; of decisions: ${countInWords(counts.decisions)}`;
  return [first, ...describeStructure(structure), ...describeDecisions(decisions)].join('\n');
}

/** `3 looser, 1 tighter`. */
export function countInWords(count: Count): string {
  const said = DIRECTIONS.filter((direction) => count[direction] > 0);
  return said.length === 0 ? 'none' : said.map((direction) => `${count[direction]} ${direction}`).join(', ');
}

const COLOURS = { looser: 'red', tighter: 'green', other: 'dim' } as const;
const LONGEST = Math.max(...DIRECTIONS.map(({ length }) => length));

export function marked(direction: Direction): string {
  return styled(COLOURS[direction], direction.toUpperCase().padEnd(LONGEST));
}

function describeStructure(changes: readonly StructuralChange[]): readonly string[] {
  return changes.length === 0 ? [] : ['parts:', ...changes.flatMap(describeChange)];
}

function describeChange(found: StructuralChange): readonly string[] {
  const { part, name, change, direction } = found;
  const head = `  ${marked(direction)}  ${[part, line(name)].filter((each) => each !== '').join(' ')} ${change}${noteOn(found)}`;
  return [head, ...differencesOf(found)];
}

function noteOn({ decides, direction }: StructuralChange): string {
  if (decides) return '';
  return direction === 'looser' ? ' (less is proven when the file is loaded)' : ' (nothing is decided by this)';
}

function describeDecisions({ changes, probes, cut }: DecisionDiff): readonly string[] {
  const more = cut.length === 0 ? '' : ` More samples were possible for ${cut.join(', ')} than were tried.`;
  const note = `${probes} sample calls were decided under both: samples, not a proof.${more} Each is the first of its session: limits are compared as parts.`;
  return changes.length === 0 ? [note] : ['decisions:', ...changes.flatMap(describeDecisionChange), note];
}

function describeDecisionChange(change: DecisionChange): readonly string[] {
  const { direction, tools, profiles, was, is, byDefaultApproval, count, example } = change;
  const samples = `${count === 1 ? '1 sample' : `${count} samples`}, for ${profiles.map(line).join(', ')}`;
  const words = byDefaultApproval
    ? `${kindWords(was)} → ${kindWords(is)}, where the file’s own approval holds`
    : `${decisionWords(was)} → ${decisionWords(is)}`;
  const after = example.seen.length === 0 ? '' : `, after results marked ${example.seen.map(line).join(' and ')}`;
  const of = tools.length === 1 ? '' : `${line(example.tool)} `;
  return [
    `  ${marked(direction)}  ${styled('bold', tools.map(line).join(', '))}: ${words}  [${samples}]`,
    `    like ${of}${line(JSON.stringify(example.input))}${after}`,
    ...(byDefaultApproval ? [] : [`    now: ${line(is.why)}`]),
  ];
}

function decisionWords(decision: Decision): string {
  return `${kindWords(decision)} by ${decision.rule === null ? 'no rule' : `rule ${line(decision.rule)}`}`;
}

function kindWords(decision: Decision): string {
  if (decision.kind !== 'ask') return decision.kind;
  const { by, expiresMs } = decision.approval;
  return `ask of ${by.map(line).join(', ')} within ${durationInWords(expiresMs)}`;
}
