/**
 * One form for each policy document, so that a file, what was written in TypeScript, and two versions of either can be
 * compared. Keys stand in a fixed order, names that the file gives stay in theirs. Of forms that mean the same one is
 * taken: a list where one value may stand for it, `oneOf` for plain methods or numbers, the number for a count
 * with nothing but `max`. Values (durations, amounts, addresses, paths) stay as they were written.
 */
import { isRecord } from '../domain/json.ts';
import type { Json } from '../domain/json.ts';
import { policyWords } from './key-words.ts';
import type { PolicyDocument } from './policy-schema.ts';
import { PolicySchema } from './policy-schema.ts';
import type { PolicyProblem } from './problem.ts';
import { isPlain } from './matchers/matcher.ts';
import { collectProblems, complainOfIssues } from './schema-issues.ts';
import { readYaml } from './yaml-source.ts';

export type DocumentReading =
  | { readonly kind: 'document'; readonly document: PolicyDocument }
  | { readonly kind: 'broken'; readonly problems: readonly PolicyProblem[] };

/** The canonical form of a file’s text. Looks at its shape only: `parsePolicy` says whether it is good. Total. */
export function canonicalDocument(text: string): DocumentReading {
  const source = readYaml(text);
  if (source.kind === 'broken') return source;
  const parsed = PolicySchema.safeParse(source.value, { reportInput: true });
  if (parsed.success) return { kind: 'document', document: canonicalForm(source.value) as unknown as PolicyDocument };
  const { problems, complain } = collectProblems(source);
  complainOfIssues(parsed.error.issues, policyWords([]), complain);
  return { kind: 'broken', problems };
}

/** What has another shape than a policy document stays as it is there. Total. */
export function canonicalForm(document: Json): Json {
  return FILE(document);
}

type Form = (value: Json) => Json;

/** These keys first and in this order, then whatever else is there; some of them in a form of their own. */
function inOrder(order: readonly string[], forms: Readonly<Record<string, Form>> = {}): Form {
  return onRecord((value) => {
    const keys = new Set([...order, ...Object.keys(value)]);
    const form = (key: string): Form => (Object.hasOwn(forms, key) ? forms[key] : undefined) ?? ((one) => one);
    return Object.fromEntries(
      [...keys].filter((key) => Object.hasOwn(value, key)).map((key) => [key, form(key)(value[key] ?? null)]),
    );
  });
}

function eachValue(form: Form): Form {
  return onRecord((value) => Object.fromEntries(Object.entries(value).map(([key, one]) => [key, form(one)])));
}

function onRecord(form: (value: Readonly<Record<string, Json>>) => Json): Form {
  return (value) => (isRecord(value) ? form(value as Readonly<Record<string, Json>>) : value);
}

function listOf(form: Form): Form {
  return (value) => (Array.isArray(value) ? (value as readonly Json[]).map(form) : value);
}

function oneOrListOf(form: Form): Form {
  return (value) => (Array.isArray(value) ? (value as readonly Json[]) : [value]).map(form);
}

const aList = oneOrListOf((one) => one);

/** Of any kind: a text always stands for a list, a number only where values are listed. */
const MATCHER: Form = (value) => {
  if (isPlain(value)) return { oneOf: aList(value) };
  return onRecord((keys) => Object.fromEntries(Object.entries(keys).map(([key, one]) => [key, said(key, one)])))(value);
};

function said(key: string, value: Json): Json {
  switch (key) {
    case 'every':
    case 'some':
      return MATCHER(value);
    case 'anyOf':
      return listOf(MATCHER)(value);
    case 'query':
      return QUERY(value);
    case 'values':
      return eachValue(aList)(value);
    default:
      return typeof value === 'string' || (key === 'oneOf' && typeof value === 'number') ? [value] : value;
  }
}

const QUERY = inOrder(['only', 'has'], {
  only: (value) => (isRecord(value) ? eachValue((one) => (one === 'any' ? one : aList(one)))(value) : aList(value)),
  has: aList,
});
const MATCHERS = eachValue(MATCHER);
const APPROVAL = inOrder(['by', 'quorum', 'expires']);

const RULE = inOrder(['id', 'tool', 'profiles', 'allow', 'ask', 'deny', 'except', 'approval', 'why', 'examples'], {
  tool: aList,
  allow: MATCHERS,
  ask: MATCHERS,
  deny: MATCHERS,
  except: oneOrListOf(MATCHERS),
  approval: APPROVAL,
  examples: inOrder(['match', 'noMatch', 'invalid']),
});

/** A count that says no more than its number is that number. */
const COUNT: Form = (value) =>
  isRecord(value) && Object.keys(value).join() === 'max' ? (value['max'] as Json) : inOrder(['max'])(value);

const LIMITS = inOrder(
  ['turns', 'tokens', 'cost', 'wallTime', 'asks', 'asksPending', 'actions', 'sameAction', 'sums'],
  {
    actions: eachValue(COUNT),
    sameAction: eachValue(COUNT),
    sums: listOf(inOrder(['id', 'tool', 'argument', 'max', 'atLimit', 'per'], { tool: aList })),
  },
);

const FLOWS = inOrder(['labels', 'rules'], {
  rules: listOf(
    inOrder(['id', 'when', 'tool', 'profiles', 'then', 'approval', 'why'], { tool: aList, approval: APPROVAL }),
  ),
});

const TEST = inOrder(['name', 'profile', 'call', 'seen', 'spent', 'expect'], {
  call: inOrder(['tool', 'input']),
  spent: inOrder(['actions', 'sameAction', 'sums']),
});

const FILE = inOrder(
  ['$schema', 'version', 'profiles', 'defaultProfile', 'rules', 'approval', 'limits', 'prices', 'flows', 'tests'],
  {
    profiles: eachValue(inOrder(['grant', 'extends', 'within', 'startable'])),
    rules: listOf(RULE),
    approval: APPROVAL,
    limits: LIMITS,
    prices: eachValue(inOrder(['asOf', 'input', 'cacheWrite', 'cacheRead', 'output'])),
    flows: FLOWS,
    tests: listOf(TEST),
  },
);
