/** Web calls that go further than one may think, or not as far. */
import type { Json } from '../../domain/json.ts';
import { asStrings, own } from '../../domain/json.ts';
import type { Complain } from '../matchers/matcher.ts';
import { withoutOptional } from '../optional-mention.ts';
import type { AdviceSource, WrittenPart } from './advice-source.ts';
import { withinMatcher, writtenParts } from './advice-source.ts';

export function adviseOnWebCalls(source: AdviceSource, advise: Complain): void {
  const opening = writtenParts(source).filter(({ kind }) => kind !== 'deny');
  for (const part of opening) {
    for (const [name, spec] of Object.entries(part.matchers)) {
      if (part.tool.arguments[name]?.kind === 'url') adviseOnUrl(part, name, spec, advise);
    }
    adviseOnBody(part, opening, advise);
  }
}

function adviseOnUrl({ rule, kind, path }: WrittenPart, name: string, spec: Json, advise: Complain): void {
  const all = withinMatcher(spec);
  if (kind === 'allow' && all.some((one) => own(one, 'any') === true))
    advise(
      [...path, name],
      `"${rule.id}" allows any URL: whatever the agent has read can be sent to anybody in one`,
      'name origins and paths, or make it an ask',
    );
  const origins = all.flatMap((one) => textsOf(own(one, 'origin')));
  for (const origin of new Set(origins.filter(isPlainAndFar)))
    advise(
      [...path, name],
      `"${rule.id}" goes to ${origin} without encryption: anybody on the way can read and change it`,
      'use https',
    );
}

function isPlainAndFar(origin: string): boolean {
  if (!/^http:\/\//i.test(origin) || !URL.canParse(origin)) return false;
  const { hostname } = new URL(origin);
  return hostname !== 'localhost' && hostname !== '[::1]' && !/^127(?:\.\d+){3}$/.test(hostname);
}

const WITH_BODY: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

/** Methods that are made for a body, in a rule that does not let one be given. */
function adviseOnBody(part: WrittenPart, opening: readonly WrittenPart[], advise: Complain): void {
  const { rule, kind, tool, matchers, path } = part;
  const methods = methodsOf(part);
  const body = tool.arguments['body'];
  if (methods.length === 0 || body?.optional !== true || body.free || Object.hasOwn(matchers, 'body')) return;
  const elsewhere = opening.some(
    (other) =>
      other.tool === tool &&
      Object.hasOwn(other.matchers, 'body') &&
      methodsOf(other).some((method) => methods.includes(method)),
  );
  if (elsewhere) return;
  advise(
    path,
    `the ${kind} of "${rule.id}" names ${methods.join(' and ')} and does not mention body: every call with a body is denied`,
    'say what body may be, like "body: { optional: true, maxLength: 1000 }"',
  );
}

function methodsOf({ tool, matchers }: WrittenPart): readonly string[] {
  const said = Object.entries(matchers).flatMap(([name, spec]) => {
    if (tool.arguments[name]?.kind !== 'httpMethod') return [];
    const plain = withoutOptional(spec);
    return [...textsOf(plain), ...withinMatcher(plain).flatMap((one) => textsOf(own(one, 'oneOf')))];
  });
  return [...new Set(said)].filter((method) => WITH_BODY.has(method));
}

function textsOf(value: unknown): readonly string[] {
  return typeof value === 'string' ? [value] : (asStrings(value) ?? []);
}
