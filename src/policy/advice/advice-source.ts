/** What advice looks at: a file that is good, as it is written and as it is understood. */
import type { Json } from '../../domain/json.ts';
import type { Policy, Spec } from '../policy.ts';
import type { PolicySchema, RuleSchema } from '../policy-schema.ts';
import type { ToolShape } from '../tool-shape.ts';
import type { Path } from '../yaml-source.ts';

export interface AdviceSource {
  readonly file: PolicySchema;
  readonly policy: Policy;
  readonly tools: readonly ToolShape[];
}

/** One part of a rule as it is written, for each tool that it names. */
export interface WrittenPart {
  readonly rule: RuleSchema;
  readonly kind: 'allow' | 'ask' | 'deny';
  readonly tool: ToolShape;
  readonly matchers: Spec;
  /** Of the part in the file. */
  readonly path: Path;
}

/** A denial for every tool (`*`) says nothing of arguments, and is left out. */
export function writtenParts({ file, tools }: AdviceSource): readonly WrittenPart[] {
  return file.rules.flatMap((rule, index) =>
    (['allow', 'ask', 'deny'] as const).flatMap((kind) => {
      const matchers: Readonly<Record<string, Json>> | undefined = rule[kind];
      if (matchers === undefined) return [];
      const path = ['rules', index, kind];
      const named = tools.filter(({ name }) => [rule.tool].flat().includes(name));
      return named.map((tool): WrittenPart => ({ rule, kind, tool, matchers, path }));
    }),
  );
}

/** The matchers within a matcher, itself first. */
export function withinMatcher(spec: Json): readonly Spec[] {
  if (Array.isArray(spec)) return (spec as readonly Json[]).flatMap(withinMatcher);
  if (typeof spec !== 'object' || spec === null) return [];
  return [spec as Spec, ...Object.values(spec as Spec).flatMap(withinMatcher)];
}
