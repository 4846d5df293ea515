/** The policy in plain words for the agent, and which tools it is offered at all. */
import { isRecord, own, ownString } from '../domain/json.ts';
import type { Json } from '../domain/json.ts';
import { clausesFor } from './decide-action.ts';
import { actionLimitsInWords, flowInWords, labelsInWords } from './limit-words.ts';
import type { Clause, Policy } from './policy.ts';
import { appliesTo } from './policy.ts';
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
  return [
    `Your profile is "${profile}"${inherited(policy, profile)}. Whatever no rule below allows is denied.`,
    ...offered.map((tool) => noticeOf(policy, profile, tool)),
    ...(others.length === 0 ? [] : [`Not available to you: ${others.join(', ')}.`]),
    ...flowsNotice(policy, profile, offered),
    ...limitsNotice(policy),
  ].join('\n\n');
}

const VERBS: Record<Clause['kind'], string> = {
  allow: 'Allowed',
  ask: 'Only after a person has approved it',
  deny: 'Denied',
};

function noticeOf(policy: Policy, profile: string, tool: ToolShape): string {
  const lines = clausesFor(policy, { tool, profile }).map((clause) => {
    const written = own(policy.documents.get(clause.rule), 'written');
    const terms = inWords(own(written, clause.kind) as Json) ?? whatever(clause, tool);
    const except = own(written, 'except');
    const but = except === undefined ? '' : `; except where ${exceptions(except as Json)}`;
    const why = ownString(written, 'why');
    return `- ${VERBS[clause.kind]} where ${terms}${but}. (rule "${clause.rule}"${why === undefined ? '' : `: ${why}`})`;
  });
  return `${tool.name}:\n${lines.join('\n')}`;
}

/** What a part without matchers speaks of: for a denial everything, else only what needs no mention. */
function whatever({ kind }: Clause, tool: ToolShape): string {
  if (kind === 'deny') return 'any arguments are given';
  const free = Object.entries(tool.arguments).filter(([, shape]) => shape.free);
  return free.length === 0 ? 'no arguments are given' : `only ${free.map(([name]) => name).join(', ')} is given`;
}

function exceptions(except: Json): string {
  const each = Array.isArray(except) ? (except as readonly Json[]) : [except];
  return each.map((one) => inWords(one) ?? '').join(', or ');
}

/** A matcher as YAML says it, on one line; undefined where it says nothing. */
function inWords(matcher: Json): string | undefined {
  if (!isRecord(matcher) || Object.keys(matcher).length === 0) return undefined;
  return Object.entries(matcher)
    .map(([name, value]) => `${name}: ${JSON.stringify(value).replaceAll('"', '')}`)
    .join(' and ');
}

function inherited({ profiles }: Policy, profile: string): string {
  const parents = [...(profiles.get(profile)?.names ?? [])].slice(1);
  return parents.length === 0 ? '' : ` (it extends ${parents.map((name) => `"${name}"`).join(', ')})`;
}

/** Flows that can become stricter with what this agent is offered, and where their marks come from. */
function flowsNotice(policy: Policy, name: string, offered: readonly ToolShape[]): readonly string[] {
  const profile = policy.profiles.get(name);
  if (profile === undefined) return [];
  const flows = policy.flows.filter(
    (flow) => appliesTo(flow.profiles, profile) && offered.some((tool) => flow.tools.has(tool.name)),
  );
  if (flows.length === 0) return [];
  const rules = flows.map(
    (flow) => `- ${flowInWords(flow)}. (rule "${flow.rule}"${flow.why === '' ? '' : `: ${flow.why}`})`,
  );
  const marks = labelsInWords(policy, new Set(flows.flatMap(({ when }) => when))).map((words) => `- ${words}.`);
  return [['What you have seen counts:', ...rules, ...marks].join('\n')];
}

function limitsNotice(policy: Policy): readonly string[] {
  const limits = actionLimitsInWords(policy);
  return limits.length === 0 ? [] : [`In one session: ${limits.join(', ')}.`];
}
