/** What lints look at: the parts of the rules of a file that is good otherwise, tool by tool. */
import type { ApprovalTerms } from '../../domain/decision.ts';
import { termsOf } from '../approval-terms.ts';
import type { FlowRule, Profile } from '../policy.ts';
import { appliesTo } from '../policy.ts';
import type { RuleSchema } from '../policy-schema.ts';
import { closingSpec } from '../closing-reading.ts';
import type { Part, ReadPart } from '../subset/part.ts';
import { readPart, readTool } from '../subset/part.ts';
import type { ToolShape } from '../tool-shape.ts';
import type { Path } from '../yaml-source.ts';

export interface LintSource {
  /** As they stand in the file. */
  readonly rules: readonly RuleSchema[];
  readonly flows: readonly FlowRule[];
  readonly tools: readonly ToolShape[];
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly defaultApproval: ApprovalTerms | null;
}

/**
 * Every key of a rule. Whoever adds one that has a say in which actions the rule speaks of teaches it to `Part` first:
 * a lint that does not know of it would claim what is not so.
 */
export const RULE_KEYS: Readonly<Record<keyof RuleSchema, 'looked at' | 'of no matter here'>> = {
  id: 'looked at',
  tool: 'looked at',
  profiles: 'looked at',
  allow: 'looked at',
  ask: 'looked at',
  deny: 'looked at',
  except: 'looked at',
  approval: 'looked at',
  why: 'of no matter here',
  examples: 'of no matter here',
};

/** One part of a rule, for one tool. */
export interface RulePart {
  readonly rule: string;
  /** Of the rule in the file. */
  readonly path: Path;
  readonly kind: Part['kind'];
  readonly tool: ToolShape;
  /** Null: all. */
  readonly profiles: ReadonlySet<string> | null;
  /** For asks. */
  readonly approval: ApprovalTerms | null;
  readonly part: ReadPart;
  /** What it stops: of an ask the widest reading of its words, of a denial what it says. */
  readonly closing: ReadPart;
  /** How much it says, in characters. */
  readonly size: number;
}

export interface ToolParts {
  readonly tool: ToolShape;
  readonly parts: readonly RulePart[];
  /** Profiles that are granted the tool. */
  readonly granted: readonly Profile[];
}

export const KINDS = ['deny', 'ask', 'allow'] as const;

export function partsByTool(source: LintSource): readonly ToolParts[] {
  return source.tools.map((tool) => ({
    tool,
    parts: partsOf(tool, source),
    granted: [...source.profiles.values()].filter(({ grant }) => grant.has(tool.permission)),
  }));
}

/** Strongest first, as rules are judged; then in the order of the file. */
function partsOf(tool: ToolShape, { rules, defaultApproval }: LintSource): readonly RulePart[] {
  const read = readTool(tool);
  return KINDS.flatMap((kind) =>
    rules.flatMap((rule, index): readonly RulePart[] => {
      const matchers = rule[kind];
      if (matchers === undefined || !speaksOf(rule, tool)) return [];
      const written: Part = { kind, matchers, except: exceptionsOf(rule) };
      return [
        {
          rule: rule.id,
          path: ['rules', index],
          kind,
          tool,
          profiles: rule.profiles === undefined ? null : new Set(rule.profiles),
          approval: kind === 'ask' ? termsOf(rule.approval, defaultApproval) : null,
          part: readPart(read, written),
          // Read as a denial is: other arguments may be given.
          size: JSON.stringify([matchers, written.except]).length,
          closing: readPart(
            read,
            kind === 'ask' ? { kind: 'deny', ...closingSpec(tool, written), named: Object.keys(matchers) } : written,
          ),
        },
      ];
    }),
  );
}

function speaksOf({ tool: named }: RuleSchema, { name }: ToolShape): boolean {
  const names = typeof named === 'string' ? [named] : named;
  return names.includes(name) || names.includes('*');
}

function exceptionsOf({ except }: RuleSchema): Part['except'] {
  if (except === undefined) return [];
  return Array.isArray(except) ? except : [except];
}

/** The profiles among `profiles` that the rule applies to. */
export function applyingTo(part: RulePart, profiles: readonly Profile[]): readonly Profile[] {
  return profiles.filter((profile) => appliesTo(part.profiles, profile));
}
