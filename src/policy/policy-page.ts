/** The policy as a page for people, in Markdown. Pure and deterministic: the same file gives the same page. */
import { durationInPlainWords } from './duration-words.ts';
import { actionLimitsInWords, pricesInWords } from './limit-words.ts';
import { code } from './markdown.ts';
import type { Shown } from './page-rules.ts';
import { clausesOf, flowsSection, flowsShown, neverSection, toolSections, unaskedSection } from './page-rules.ts';
import type { Policy } from './policy.ts';
import { examplesIn, provenRules } from './proven-rules.ts';
import { freeArguments, listed } from './rule-words.ts';
import type { ToolShape } from './tool-shape.ts';

export interface PageOptions {
  readonly profiles: readonly string[];
  readonly tools: readonly ToolShape[];
  /** SHA-256 of the file, hex. */
  readonly policySha: string;
}

export function policyPage(policy: Policy, { profiles: names, tools, policySha }: PageOptions): string {
  const profiles = names.flatMap((name) => policy.profiles.get(name) ?? []);
  const usable = tools.filter((tool) => clausesOf({ policy, profiles }, tool).some((clause) => clause.kind !== 'deny'));
  const shown: Shown = { policy, profiles, tools, usable: new Set(usable.map(({ name }) => name)) };
  return [
    '# What the agent may do',
    howToRead(tools),
    ...unaskedSection(shown),
    ...toolSections(shown),
    ...neverSection(shown),
    ...flowsSection(shown),
    ...limitsSection(shown),
    ...profilesSection(shown),
    ...proofsSection(shown, policySha),
  ].join('\n\n');
}

function howToRead(tools: readonly ToolShape[]): string {
  const free = tools.flatMap((tool) => {
    const names = freeArguments(tool);
    return names.length === 0 ? [] : [`${listed(names.map(code))} of ${code(tool.name)}`];
  });
  const but = free.length === 0 ? '' : `; only ${listed(free)} need no naming`;
  return [
    `What a permission or a question does not name must not be given, so that “each of ${code('to')} is at ${code('acme.example')}” means no copies to anybody${but}.`,
    'A denial is stronger than a question to a person, a question is stronger than a permission, and everything else is denied.',
    'A question also stops what a permission would let through beside its words: with something added, or spelled otherwise.',
  ].join(' ');
}

function limitsSection({ policy, usable }: Shown): readonly string[] {
  const { turns, tokens, wallTimeMs, asks, asksPending } = policy.limits;
  const lines = [
    `${turns} turns of the model, ${tokens.toLocaleString('en-US')} tokens, ${durationInPlainWords(wallTimeMs)}`,
    `people are asked at most ${asks} times, at most ${asksPending} wait at once`,
    ...actionLimitsInWords(policy, usable, code),
    ...pricesInWords(policy, code),
  ];
  return ['## Limits of one session', lines.map((line) => `- ${line}`).join('\n')];
}

function profilesSection({ policy, profiles }: Shown): readonly string[] {
  const lines = profiles.map((profile) => {
    const { name, names, within, startable } = profile;
    const grant = [...profile.grant].toSorted();
    const parents = [...names].slice(1);
    return [
      `- ${code(name)} ${grant.length === 0 ? 'may use nothing' : `may use ${grant.map(code).join(', ')}`}`,
      ...(parents.length === 0 ? [] : [`extends ${parents.map(code).join(', ')}`]),
      ...within.map((other) => `never more than ${code(other)}`),
      startable ? 'can be given to a session' : 'cannot be given to a session',
      ...(policy.defaultProfile === name ? ['is given where none is named'] : []),
    ].join('; ');
  });
  return ['## Profiles', lines.join('\n')];
}

/** Of the rules and tests that are about these profiles. */
function proofsSection(shown: Shown, policySha: string): readonly string[] {
  const { policy, profiles, tools } = shown;
  const rules = rulesShown(shown);
  const proven = provenRules(policy, tools);
  const bare = rules.filter((rule) => !proven.has(rule));
  const unproven = bare.length === 0 ? '' : `; nothing shows what these do: ${bare.map(code).join(', ')}`;
  const examples = rules.reduce((sum, rule) => sum + examplesIn(policy.documents.get(rule)), 0);
  const tests = policy.tests.filter(({ profile }) => profiles.some(({ name }) => name === profile)).length;
  const lines = [
    `${rules.length - bare.length} of ${counted(rules.length, 'rule')} have an example or a test${unproven}.`,
    `Each time the file is loaded, ${counted(examples, 'example')} and ${counted(tests, 'test')} of this are tried; if one fails, everything is denied.`,
    `SHA-256 of the file: ${code(policySha)}.`,
  ];
  return ['## Proofs', lines.join(' ')];
}

function rulesShown(shown: Shown): readonly string[] {
  const clauses = shown.tools.flatMap((tool) => clausesOf(shown, tool));
  const speaking = new Set([...clauses, ...flowsShown(shown)].map(({ rule }) => rule));
  return [...shown.policy.documents.keys()].filter((rule) => speaking.has(rule));
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
