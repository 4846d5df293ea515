/** The policy as a page for people, in Markdown. Pure and deterministic: the same file gives the same page. */
import { own, ownList } from '../domain/json.ts';
import { clausesFor } from './decide-action.ts';
import { durationInWords } from './duration-words.ts';
import { actionLimitsInWords, flowInWords, labelsInWords } from './limit-words.ts';
import { matchersInWords } from './matcher-words.ts';
import type { ApprovalTerms } from '../domain/decision.ts';
import type { Clause, Policy } from './policy.ts';
import { appliesTo } from './policy.ts';
import type { ToolShape } from './tool-shape.ts';

export interface PageOptions {
  readonly profiles: readonly string[];
  readonly tools: readonly ToolShape[];
  /** SHA-256 of the file, hex. */
  readonly policySha: string;
}

export function policyPage(policy: Policy, options: PageOptions): string {
  return [
    '# What the agent may do',
    `Policy ${code(options.policySha)}. A denial is stronger than a question to a person, a question is stronger than a permission, and whatever no rule allows is denied.`,
    ...profilesSection(policy, options),
    ...options.tools.map((tool) => toolSection(policy, tool, options)),
    ...flowsSection(policy, options),
    ...limitsSection(policy),
    testsLine(policy),
  ].join('\n\n');
}

function profilesSection(policy: Policy, { profiles }: PageOptions): readonly string[] {
  const lines = profiles.flatMap((name) => {
    const profile = policy.profiles.get(name);
    if (profile === undefined) return [];
    const parents = [...profile.names].slice(1);
    const grant = [...profile.grant].toSorted();
    return [
      [
        `- **${escaped(name)}** ${grant.length === 0 ? 'may use nothing' : `may use ${grant.map(code).join(', ')}`}`,
        ...(parents.length === 0 ? [] : [`extends ${parents.map(escaped).join(', ')}`]),
        ...profile.within.map((other) => `never more than ${escaped(other)}`),
        profile.startable ? 'can be given to a session' : 'cannot be given to a session',
        ...(policy.defaultProfile === name ? ['is given where none is named'] : []),
      ].join('; '),
    ];
  });
  return ['## Profiles', lines.join('\n')];
}

function toolSection(policy: Policy, tool: ToolShape, { profiles }: PageOptions): string {
  const head = `## ${code(tool.name)}`;
  const granted = profiles.filter((name) => policy.profiles.get(name)?.grant.has(tool.permission) === true);
  if (granted.length === 0) return `${head}\n\nNever: no profile here is granted ${code(tool.permission)}.`;
  const clauses = [...new Set(granted.flatMap((profile) => clausesFor(policy, { tool, profile })))];
  const order = policy.clauses.filter((clause) => clauses.includes(clause));
  const who = `Only for ${granted.map(escaped).join(', ')} (${code(tool.permission)}).`;
  if (order.length === 0) return `${head}\n\n${who} No rule allows it, so it is denied.`;
  return [
    head,
    who,
    [
      ...order.map((clause) => clauseLine(clause, tool, onlyFor(policy, clause, profiles))),
      '- Everything else is denied.',
    ].join('\n'),
  ].join('\n\n');
}

const VERBS: Readonly<Record<Clause['kind'], string>> = {
  allow: '**Allowed**',
  ask: '**A person is asked**',
  deny: '**Denied**',
};

function clauseLine(clause: Clause, tool: ToolShape, only: string): string {
  const { kind, spec, why, approval, rule } = clause;
  const opens = kind !== 'deny';
  const terms = matchersInWords(tool, spec.matchers, opens, code) ?? nothingSaid(clause, tool);
  const excepts = spec.except.map((one) => matchersInWords(tool, one, !opens, code) ?? 'anything is given');
  return [
    `- ${VERBS[kind]} where ${terms}`,
    ...(excepts.length === 0 ? [] : [`, except where ${excepts.join('; or where ')}`]),
    `${only}.`,
    ...(kind === 'ask' ? [` ${askWords(approval)}`] : []),
    ...(why === '' ? [] : [` ${sentence(why)}`]),
    ` (${code(rule)})`,
  ].join('');
}

/** Which of the profiles a rule speaks to, those that extend the ones it names too; empty where it speaks to all. */
function onlyFor(policy: Policy, rule: Pick<Clause, 'profiles'>, shown: readonly string[]): string {
  if (rule.profiles === null) return '';
  const names = shown.filter((name) => {
    const profile = policy.profiles.get(name);
    return profile !== undefined && appliesTo(rule.profiles, profile);
  });
  return `, for ${names.map(escaped).join(', ')} only`;
}

function nothingSaid({ kind }: Clause, tool: ToolShape): string {
  if (kind === 'deny') return 'anything is given';
  const free = Object.entries(tool.arguments).filter(([, shape]) => shape.free);
  return free.length === 0 ? 'nothing is given' : `only ${free.map(([name]) => code(name)).join(', ')} is given`;
}

function askWords(approval: ApprovalTerms | null): string {
  if (approval === null) return 'Nobody is named who could approve it, so it is denied.';
  const { by, quorum, expiresMs } = approval;
  const many = quorum === 1 ? 'One of' : `${quorum} of`;
  return `${many} ${by.map(escaped).join(', ')} must approve within ${durationInWords(expiresMs)}; silence is denial.`;
}

function flowsSection(policy: Policy, { profiles }: PageOptions): readonly string[] {
  const shown = profiles.flatMap((name) => policy.profiles.get(name) ?? []);
  const flows = policy.flows.filter((flow) => shown.some((profile) => appliesTo(flow.profiles, profile)));
  const rules = flows.map((flow) => {
    const ask = flow.then === 'ask' ? ` ${askWords(flow.approval)}` : '';
    const why = flow.why === '' ? '' : ` ${sentence(flow.why)}`;
    return `- ${escaped(flowInWords(flow))}${onlyFor(policy, flow, profiles)}.${ask}${why} (${code(flow.rule)})`;
  });
  const marks = labelsInWords(policy, new Set([...policy.labels.values()].flat())).map(
    (words) => `- ${escaped(words)}.`,
  );
  return rules.length + marks.length === 0 ? [] : ['## What a session has seen', [...rules, ...marks].join('\n')];
}

function limitsSection(policy: Policy): readonly string[] {
  const { turns, tokens, wallTimeMs, asks, asksPending } = policy.limits;
  const lines = [
    `- ${turns} turns, ${tokens} tokens, ${durationInWords(wallTimeMs)}`,
    `- people are asked at most ${asks} times, ${asksPending} at once`,
    ...actionLimitsInWords(policy).map((words) => `- ${escaped(words)}`),
  ];
  return ['## Limits of one session', lines.join('\n')];
}

function testsLine({ documents, tests }: Policy): string {
  const examples = [...documents.values()].flatMap((document) => {
    const all = own(own(document, 'written'), 'examples');
    return [...ownList(all, 'match'), ...ownList(all, 'noMatch')];
  });
  return `Each time the file is loaded, ${examples.length} examples and ${tests.length} tests are tried; if one fails, everything is denied.`;
}

/** Words of the file as one plain sentence. */
function sentence(text: string): string {
  const words = escaped(text.replaceAll(/\s+/g, ' ').trim());
  return /[.!?]$/.test(words) ? words : `${words}.`;
}

/** No text of the file is read as Markdown or HTML. */
function escaped(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>#|!~&]/g, (character) => `\\${character}`);
}

/** A value of the file exactly, in a code span that it cannot end. */
function code(value: string): string {
  const longest = Math.max(0, ...[...value.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const space = longest > 0 ? ' ' : '';
  return `${fence}${space}${value}${space}${fence}`;
}
