/** Which way a change of one rule goes, as far as it is sure whatever the other rules say. */
import type { ApprovalTerms } from '../../domain/decision.ts';
import type { Json } from '../../domain/json.ts';
import { own, ownList } from '../../domain/json.ts';
import type { FlowRule } from '../policy.ts';
import type { Direction } from './direction.ts';
import { byMembers, directionOfKinds, directionOfTerms, opposite } from './direction.ts';
import { stableJson } from './stable-json.ts';

/** `unclear`: it depends on the other rules; samples tell. */
export type Sign = Direction | 'unclear';

/** A rule’s document: as written, and the terms in force. */
type Document = Json | undefined;

const PARTS = ['allow', 'ask', 'deny'] as const;
type Kind = (typeof PARTS)[number];

export function signsOfRule(was: Document, is: Document): readonly Sign[] {
  const [before, after] = [writtenOf(was), writtenOf(is)];
  if (before === undefined) return partsIn(after).map((kind) => widened(kind));
  if (after === undefined) return partsIn(before).map((kind) => narrowed(kind));
  const kinds = PARTS.filter((kind) => has(before, kind) || has(after, kind));
  return [
    ...kinds.flatMap((kind) => signsOfPart(kind, own(before, kind) as Json, own(after, kind) as Json)),
    ...signsOfExceptions(kinds, exceptionsOf(before), exceptionsOf(after)),
    ...signsOfReach(kinds, toolsOf(before), toolsOf(after)),
    ...signsOfReach(kinds, profilesOf(before), profilesOf(after)),
    ...(has(before, 'approval') || has(after, 'approval') ? signsOfTerms(termsIn(was), termsIn(is)) : []),
    ...signsOfExamples(before, after),
  ];
}

export function signsOfFlow(was: FlowRule | undefined, is: FlowRule | undefined): readonly Sign[] {
  if (was === undefined || is === undefined) return [was === undefined ? 'tighter' : 'looser'];
  const reach = [was, is].map(({ profiles }) => profiles);
  return [
    ...(was.then === is.then ? signsOfTerms(was.approval, is.approval) : [directionOfKinds(was.then, is.then)]),
    // It waits for all of its labels: one more, and it speaks more rarely.
    ...byMembers(new Set(was.when), new Set(is.when), 'looser'),
    ...byMembers(was.tools, is.tools, 'tighter'),
    ...signsOfReach(['deny'], reach[0] ?? null, reach[1] ?? null),
  ];
}

/** An ask that is added opens what was denied, or closes what was allowed. */
function widened(kind: Kind): Sign {
  return kind === 'ask' ? 'unclear' : kind === 'allow' ? 'looser' : 'tighter';
}

function narrowed(kind: Kind): Sign {
  const sign = widened(kind);
  return sign === 'looser' || sign === 'tighter' ? opposite(sign) : sign;
}

function signsOfPart(kind: Kind, was: Json | undefined, is: Json | undefined): readonly Sign[] {
  if (was === undefined) return is === undefined ? [] : [widened(kind)];
  if (is === undefined) return [narrowed(kind)];
  return stableJson(was) === stableJson(is) ? [] : ['unclear'];
}

function signsOfExceptions(kinds: readonly Kind[], was: readonly Json[], is: readonly Json[]): readonly Sign[] {
  const [before, after] = [was, is].map((all) => new Set(all.map(stableJson)));
  const gone = [...(before ?? [])].filter((one) => after?.has(one) === false).length;
  const added = [...(after ?? [])].filter((one) => before?.has(one) === false).length;
  if (gone + added === 0) return [];
  if (gone === added) return ['unclear'];
  const fewer = gone > added;
  return kinds.map((kind) => (kind === 'deny' ? (fewer ? 'tighter' : 'looser') : fewer ? 'looser' : narrowed(kind)));
}

/** Of the tools or profiles that a rule is for; null: all. */
function signsOfReach(
  kinds: readonly Kind[],
  was: ReadonlySet<string> | null,
  is: ReadonlySet<string> | null,
): readonly Sign[] {
  const more = is === null ? was !== null : was !== null && [...is].some((one) => !was.has(one));
  const less = was === null ? is !== null : is !== null && [...was].some((one) => !is.has(one));
  return kinds.flatMap((kind) => [...(more ? [widened(kind)] : []), ...(less ? [narrowed(kind)] : [])]);
}

function signsOfTerms(was: ApprovalTerms | null, is: ApprovalTerms | null): readonly Sign[] {
  const direction = directionOfTerms(was, is);
  return direction === null ? [] : [direction];
}

/** One that is gone proves nothing any more; one that is added decides nothing. */
function signsOfExamples(was: Json, is: Json): readonly Sign[] {
  return (['match', 'noMatch'] as const).flatMap((kind): readonly Sign[] => {
    const [before, after] = [was, is].map((rule) => ownList(own(rule, 'examples'), kind) as readonly Json[]);
    const kept = new Set(after?.map(stableJson));
    return before?.some((one) => !kept.has(stableJson(one))) === true ? ['looser'] : [];
  });
}

function writtenOf(document: Document): Json | undefined {
  return own(document, 'written') as Json | undefined;
}

function has(rule: Json | undefined, key: string): boolean {
  return own(rule, key) !== undefined;
}

function partsIn(rule: Json | undefined): readonly Kind[] {
  return PARTS.filter((kind) => has(rule, kind));
}

function exceptionsOf(rule: Json): readonly Json[] {
  const except = own(rule, 'except') as Json | undefined;
  return except === undefined ? [] : Array.isArray(except) ? (except as readonly Json[]) : [except];
}

/** `*` is every tool. */
function toolsOf(rule: Json): ReadonlySet<string> | null {
  const tool = own(rule, 'tool');
  if (tool === '*') return null;
  return new Set(typeof tool === 'string' ? [tool] : (ownList(rule, 'tool') as readonly string[]));
}

function profilesOf(rule: Json): ReadonlySet<string> | null {
  return has(rule, 'profiles') ? new Set(ownList(rule, 'profiles') as readonly string[]) : null;
}

/** As the compiler left it there. */
function termsIn(document: Document): ApprovalTerms | null {
  return (own(document, 'approval') ?? null) as ApprovalTerms | null;
}
