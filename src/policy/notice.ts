/** The policy in plain words for the agent, and which tools it is offered at all. Part of each turn: it stays short. */
import { visibleLine } from '../domain/visible-text.ts';
import { withheldArguments } from './argument-permissions.ts';
import { clausesFor } from './decide-action.ts';
import { actionLimitsInWords, flowInWords, labelsInWords } from './limit-words.ts';
import type { Clause, Policy } from './policy.ts';
import { appliesTo } from './policy.ts';
import { clauseInWords, freeArguments, listed, plainQuote } from './rule-words.ts';
import { withSameRules } from './same-rules.ts';
import type { ToolShape } from './tool-shape.ts';

/** Tools whose permission the profile grants and of which some rule allows or asks something (S2). */
export function offeredTools<T extends ToolShape>(policy: Policy, profile: string, tools: readonly T[]): readonly T[] {
  return tools.filter((tool) => {
    const granted = policy.profiles.get(profile)?.grant.has(tool.permission) ?? false;
    return granted && clausesFor(policy, { tool, profile }).some(({ kind }) => kind !== 'deny');
  });
}

/** What this profile may do, must ask for and may not do, rule by rule. */
export function restrictionNotice(policy: Policy, profile: string, tools: readonly ToolShape[]): string {
  const offered = offeredTools(policy, profile, tools);
  const others = tools.filter((tool) => !offered.includes(tool)).map(({ name }) => name);
  const said = withSameRules(offered, (tool) => rulesOf(policy, profile, tool));
  return [
    [
      `Your profile is "${profile}"${inherited(policy, profile)}.`,
      ...(offered.length === 0 ? [] : howToRead(offered)),
    ].join(' '),
    ...said.map(({ tools: same, text }) => `${listed(same.map(({ name }) => name))}:\n${text}`),
    ...(others.length === 0 ? [] : [`Not available to you: ${others.join(', ')}.`]),
    ...flowsNotice(policy, profile, offered),
    ...limitsNotice(policy, offered),
  ].join('\n\n');
}

function howToRead(offered: readonly ToolShape[]): readonly string[] {
  const free = [...new Set(offered.flatMap(freeArguments))];
  return [
    'Denied is stronger than asked, asked is stronger than allowed, and everything else is denied.',
    'What must be approved is asked also where something is added to it or it is spelled otherwise, even if another rule allows that.',
    `A call with an argument that the rule does not name fails${free.length === 0 ? '' : `; only ${listed(free)} need no naming`}.`,
  ];
}

const VERBS: Record<Clause['kind'], string> = {
  allow: 'Allowed',
  ask: 'Only after a person has approved it',
  deny: 'Denied',
};

function rulesOf(policy: Policy, profile: string, tool: ToolShape): string {
  const lines = clausesFor(policy, { tool, profile }).map((clause) => {
    const { kind, rule, why } = clause;
    const terms = clauseInWords(clause, tool, plainQuote);
    return `- ${VERBS[kind]} where ${terms}. (rule "${rule}"${why === '' ? '' : `: ${onOneLine(why)}`})`;
  });
  const withheld = [...withheldArguments(tool, policy.profiles.get(profile) ?? { grant: new Set() })];
  return [
    ...lines,
    ...withheld.map(([name, permission]) => `- Never give ${name}: your profile is not granted ${permission}.`),
  ].join('\n');
}

/** Else the words of one rule could pass for another rule. */
function onOneLine(why: string): string {
  return visibleLine(why.replaceAll(/\s+/g, ' ').trim());
}

function inherited({ profiles }: Policy, profile: string): string {
  const parents = [...(profiles.get(profile)?.names ?? [])].slice(1);
  return parents.length === 0 ? '' : ` (it extends ${parents.map((name) => `"${name}"`).join(', ')})`;
}

/** Flows that can become stricter with what this agent is offered, and where their marks come from. */
function flowsNotice(policy: Policy, name: string, offered: readonly ToolShape[]): readonly string[] {
  const profile = policy.profiles.get(name);
  if (profile === undefined) return [];
  const names = namesOf(offered);
  const flows = policy.flows
    .filter((flow) => appliesTo(flow.profiles, profile))
    .map((flow) => ({ ...flow, tools: new Set([...flow.tools].filter((tool) => names.has(tool))) }))
    .filter(({ tools }) => tools.size > 0);
  if (flows.length === 0) return [];
  const rules = flows.map(
    (flow) =>
      `- ${flowInWords(flow, plainQuote)}. (rule "${flow.rule}"${flow.why === '' ? '' : `: ${onOneLine(flow.why)}`})`,
  );
  const waited = new Set(flows.flatMap(({ when }) => when));
  const marks = labelsInWords(policy, waited, names, plainQuote).map((words) => `- ${words}.`);
  return [['What you have seen counts:', ...rules, ...marks].join('\n')];
}

function limitsNotice(policy: Policy, offered: readonly ToolShape[]): readonly string[] {
  const limits = actionLimitsInWords(policy, namesOf(offered), plainQuote);
  return limits.length === 0 ? [] : [`In one session: ${limits.join(', ')}.`];
}

function namesOf(tools: readonly ToolShape[]): ReadonlySet<string> {
  return new Set(tools.map(({ name }) => name));
}
