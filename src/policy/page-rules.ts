/** What of the page is said rule by rule: tools, and what a session has seen. Pure. */
import type { ApprovalTerms } from '../domain/decision.ts';
import { speaksTo } from './argument-permissions.ts';
import { clausesFor } from './decide-action.ts';
import { durationInPlainWords } from './duration-words.ts';
import { flowInWords, labelsInWords } from './limit-words.ts';
import { code, sentence } from './markdown.ts';
import type { Clause, FlowRule, Policy, Profile } from './policy.ts';
import { appliesTo } from './policy.ts';
import { clauseInWords, listed } from './rule-words.ts';
import { withSameRules } from './same-rules.ts';
import type { ToolShape } from './tool-shape.ts';
import { unaskedInWords } from './unasked.ts';

/** What of the policy applies to the profiles that are shown. */
export interface Shown {
  readonly policy: Policy;
  readonly profiles: readonly Profile[];
  readonly tools: readonly ToolShape[];
  /** Names of tools that one of the profiles is granted and some rule opens for it. */
  readonly usable: ReadonlySet<string>;
}

export function unaskedSection({ policy, profiles, tools }: Shown): readonly string[] {
  const names = profiles.map(({ name }) => name);
  const lines = unaskedInWords(policy, names, tools, code).map((line) => `- ${line}`);
  return ['## Without asking anyone', lines.length === 0 ? 'Nothing.' : lines.join('\n')];
}

/** The clauses that speak of the tool under one of the profiles, strongest first; none where none is granted it. */
export function clausesOf(
  { policy, profiles }: Pick<Shown, 'policy' | 'profiles'>,
  tool: ToolShape,
): readonly Clause[] {
  const granted = profiles.filter(({ grant }) => grant.has(tool.permission));
  const found = new Set(granted.flatMap(({ name }) => clausesFor(policy, { tool, profile: name })));
  return policy.clauses.filter((clause) => found.has(clause));
}

export function toolSections(shown: Shown): readonly string[] {
  const said = withSameRules(shown.tools, (tool) => (shown.usable.has(tool.name) ? rulesOf(shown, tool) : null));
  return said.map(({ tools, text }) => `## ${listed(tools.map(({ name }) => code(name)))}\n\n${text}`);
}

function rulesOf(shown: Shown, tool: ToolShape): string {
  const granted = shown.profiles.filter(({ grant }) => grant.has(tool.permission)).map(({ name }) => code(name));
  return [
    [`For ${listed(granted)}, by the permission ${code(tool.permission)}.`, ...withheldWords(shown, tool)].join(' '),
    [...clausesOf(shown, tool).map((clause) => clauseLine(shown, clause, tool)), '- Everything else is denied.'].join(
      '\n',
    ),
  ].join('\n\n');
}

/** Of arguments that need a permission of their own, where one of the profiles that may use the tool has it not. */
function withheldWords({ profiles }: Shown, tool: ToolShape): readonly string[] {
  const granted = profiles.filter(({ grant }) => grant.has(tool.permission));
  return Object.entries(tool.arguments).flatMap(([name, { permission }]) => {
    const without = granted.filter(({ grant }) => permission !== null && !grant.has(permission));
    if (permission === null || without.length === 0) return [];
    const whom =
      without.length === granted.length
        ? 'no profile here is'
        : `${listed(without.map((one) => code(one.name)))} ${without.length === 1 ? 'is' : 'are'} not`;
    return [`Who gives ${code(name)} needs ${code(permission)} as well, which ${whom} granted.`];
  });
}

const VERBS: Readonly<Record<Clause['kind'], string>> = {
  allow: '**Allowed**',
  ask: '**A person is asked**',
  deny: '**Denied**',
};

function clauseLine(shown: Shown, clause: Clause, tool: ToolShape): string {
  const { kind, why, approval, rule } = clause;
  const speaks = (profile: Profile): boolean => appliesTo(clause.profiles, profile) && speaksTo(clause, tool, profile);
  return [
    `- ${VERBS[kind]} where ${clauseInWords(clause, tool, code)}${onlyFor(shown, speaks)}.`,
    ...(kind === 'ask' ? [` ${askWords(approval)}`] : []),
    ...(why === '' ? [] : [` ${sentence(why)}`]),
    ` (${code(rule)})`,
  ].join('');
}

/** Which of the profiles a rule speaks to, those that extend the ones it names too; empty where it speaks to all. */
function onlyFor({ profiles }: Shown, speaks: (profile: Profile) => boolean): string {
  const names = profiles.filter(speaks).map(({ name }) => code(name));
  return names.length === profiles.length ? '' : `, for ${listed(names)} only`;
}

function askWords(approval: ApprovalTerms | null): string {
  if (approval === null) return 'Nobody is named who could approve it, so it is denied.';
  const { by, quorum, expiresMs } = approval;
  const many = quorum === 1 ? 'One of' : `${quorum} of`;
  return `${many} ${by.map(code).join(', ')} must approve within ${durationInPlainWords(expiresMs)}; silence is denial.`;
}

/** Tools that nobody here can use, and why. */
export function neverSection({ policy, profiles, tools, usable }: Shown): readonly string[] {
  const lines = tools
    .filter(({ name }) => !usable.has(name))
    .map(({ name, permission }) => {
      const granted = profiles.filter(({ grant }) => grant.has(permission));
      if (granted.length === 0) return `- ${code(name)}: no profile here is granted ${code(permission)}.`;
      const opens = (one: Clause): boolean =>
        one.tool === name && one.kind !== 'deny' && granted.some((profile) => appliesTo(one.profiles, profile));
      return policy.clauses.some(opens)
        ? `- ${code(name)}: what rules open of it needs a permission that no profile here is granted.`
        : `- ${code(name)}: no rule allows it or asks about it.`;
    });
  return lines.length === 0 ? [] : ['## Never', lines.join('\n')];
}

export function flowsSection(shown: Shown): readonly string[] {
  const { policy, usable } = shown;
  const flows = flowsShown(shown);
  const rules = flows.map((flow) => {
    const ask = flow.then === 'ask' ? ` ${askWords(flow.approval)}` : '';
    const why = flow.why === '' ? '' : ` ${sentence(flow.why)}`;
    return `- ${flowInWords(flow, code)}${onlyFor(shown, (profile) => appliesTo(flow.profiles, profile))}.${ask}${why} (${code(flow.rule)})`;
  });
  const waited = new Set(flows.flatMap(({ when }) => when));
  const marks = labelsInWords(policy, waited, usable, code).map((words) => `- ${words}.`);
  return rules.length === 0 ? [] : ['## What a session has seen', [...rules, ...marks].join('\n')];
}

/** Flows that can make something stricter for one of the profiles, with the tools for which they can. */
export function flowsShown({ policy, profiles, usable }: Shown): readonly FlowRule[] {
  return policy.flows
    .filter((flow) => profiles.some((profile) => appliesTo(flow.profiles, profile)))
    .map((flow) => ({ ...flow, tools: new Set([...flow.tools].filter((tool) => usable.has(tool))) }))
    .filter(({ tools }) => tools.size > 0);
}
