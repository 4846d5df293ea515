/** A policy diff for people. All of it is text of files: made visible before it is shown (S11). */
import type { Json, JsonObject } from '../../domain/json.ts';
import { isRecord, own } from '../../domain/json.ts';
import type { DecisionChange, DecisionDiff } from '../../policy/diff/decisions.ts';
import type { StructuralChange } from '../../policy/diff/structure.ts';
import { cell, line, styled } from '../terminal.ts';

const WIDTH = 160;

export function describeStructure(changes: readonly StructuralChange[]): readonly string[] {
  if (changes.length === 0) return ['parts: no difference'];
  return ['parts:', ...changes.flatMap(describeChange)];
}

function describeChange({ part, name, change, decides, was, is }: StructuralChange): readonly string[] {
  const words = decides ? '' : ' (nothing is decided by this)';
  const head = `  ${[part, line(name)].filter((each) => each !== '').join(' ')} ${change}${words}`;
  if (part === 'tests') return [head];
  if (change !== 'changed' || !isRecord(was) || !isRecord(is)) return [head, ...sides(was, is, '')];
  const keys = [...new Set([...Object.keys(was), ...Object.keys(is)])];
  return [head, ...keys.flatMap((key) => sides(valueOf(was, key), valueOf(is, key), `${line(key)}: `))];
}

function valueOf(record: JsonObject | Readonly<Record<string, unknown>>, key: string): Json {
  return (own(record, key) ?? null) as Json;
}

function sides(was: Json, is: Json, label: string): readonly string[] {
  const [before, after] = [JSON.stringify(was), JSON.stringify(is)];
  if (before === after) return [];
  return [
    ...(was === null ? [] : [`    ${styled('red', `- ${label}${cell(before, WIDTH)}`)}`]),
    ...(is === null ? [] : [`    ${styled('green', `+ ${label}${cell(after, WIDTH)}`)}`]),
  ];
}

export function describeDecisions({ changes, probes, cut }: DecisionDiff): readonly string[] {
  const more = cut.length === 0 ? '' : ` More samples were possible for ${cut.join(', ')} than were tried.`;
  const note = `${probes} sample calls were decided under both: samples, not a proof.${more}`;
  if (changes.length === 0) return ['decisions: no sample is decided differently', note];
  return ['decisions:', ...changes.flatMap(describeDecisionChange), note];
}

function describeDecisionChange({ tool, profile, seen, was, is, count, example }: DecisionChange): readonly string[] {
  const after = seen.length === 0 ? '' : `, after results marked ${seen.map(line).join(' and ')}`;
  const samples = count === 1 ? '1 sample' : `${count} samples`;
  return [
    `  ${styled('bold', line(tool))} (${line(profile)}${after}): ${decisionWords(was)} → ${decisionWords(is)}  [${samples}]`,
    `    like ${cell(JSON.stringify(example), WIDTH)}`,
    `    now: ${line(is.why)}`,
  ];
}

function decisionWords(decision: DecisionChange['was']): string {
  const by = decision.rule === null ? 'no rule' : `rule ${line(decision.rule)}`;
  const who = decision.kind === 'ask' ? ` of ${decision.approval.by.map(line).join(', ')}` : '';
  return `${decision.kind}${who} by ${by}`;
}
