/** Compiles the rules of a policy file into clauses, one a tool and part, and tries their examples. */
import type { ApprovalTerms } from '../domain/decision.ts';
import { own } from '../domain/json.ts';
import type { Json } from '../domain/json.ts';
import { checkExamples } from './check-examples.ts';
import { documentOf, termsOf } from './approval-terms.ts';
import { compileClosing } from './closing-reading.ts';
import { complainOfUnboundSecrets } from './matchers/bound-secrets.ts';
import { compileArgument } from './matchers/compile-argument.ts';
import { complainOfEvadedList } from './matchers/list-spec.ts';
import { compileOptional, isOptional } from './optional-mention.ts';
import type { Complain, Matcher, Purpose } from './matchers/matcher.ts';
import type { ArgumentMatchers, Clause, Profile, Spec } from './policy.ts';
import type { PolicySchema, RuleSchema } from './policy-schema.ts';
import { didYouMean } from './problem.ts';
import { toolsNamed } from './tool-names.ts';
import type { ToolShape } from './tool-shape.ts';
import type { Path } from './yaml-source.ts';

export interface RuleSource {
  readonly file: PolicySchema;
  /** The file as written, for the rules’ documents. */
  readonly raw: Json;
  readonly tools: readonly ToolShape[];
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly defaultApproval: ApprovalTerms | null;
}

export interface CompiledRules {
  readonly clauses: readonly Clause[];
  readonly documents: ReadonlyMap<string, Json>;
}

const KINDS = ['deny', 'ask', 'allow'] as const;

/** Strongest first, then by rule id: the order of the file decides nothing, not even what is said (S3). */
function byStrength(a: Clause, b: Clause): number {
  return KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0);
}

/** `complainOfExample` hears of examples that fail. */
export function compileRules(
  source: RuleSource,
  complain: Complain,
  complainOfExample: Complain = complain,
): CompiledRules {
  const clauses: Clause[] = [];
  const documents = new Map<string, Json>();
  source.file.rules.forEach((rule, index) => {
    const path = ['rules', index];
    if (documents.has(rule.id)) complain([...path, 'id'], `two rules have the id "${rule.id}"`);
    const terms = termsOf(rule.approval, source.defaultApproval);
    documents.set(rule.id, documentOf(own(source.raw, 'rules'), index, terms));
    const compiled = compileRule(rule, path, terms, source, complain);
    clauses.push(...compiled);
    checkExamples(rule, compiled, source.tools, path, complain, complainOfExample);
  });
  return { clauses: clauses.toSorted(byStrength), documents };
}

function compileRule(
  rule: RuleSchema,
  path: Path,
  terms: ApprovalTerms | null,
  source: RuleSource,
  complain: Complain,
): readonly Clause[] {
  const parts = KINDS.filter((kind) => rule[kind] !== undefined);
  if (parts.length === 0) complain(path, `the rule "${rule.id}" has neither allow, ask nor deny`);
  if (rule.approval !== undefined && rule.ask === undefined)
    complain([...path, 'approval'], 'an approval belongs to an ask');
  if (rule.ask !== undefined && terms === null) {
    complain([...path, 'ask'], 'nobody may approve this', 'give the rule or the file an "approval: { by: […] }"');
  }
  for (const name of rule.profiles ?? []) {
    if (!source.profiles.has(name))
      complain([...path, 'profiles'], `there is no profile "${name}"`, didYouMean(name, [...source.profiles.keys()]));
  }
  return toolsOf(rule, path, source.tools, complain).flatMap((tool) => {
    complainOfEvadedLists(tool, rule.deny ?? {}, [...path, 'deny'], complain);
    return parts.map((kind) => clauseOf(rule, kind, tool, path, terms, complain));
  });
}

function clauseOf(
  rule: RuleSchema,
  kind: Clause['kind'],
  tool: ToolShape | '*',
  path: Path,
  approval: ApprovalTerms | null,
  complain: Complain,
): Clause {
  const excepts = rule.except === undefined ? [] : Array.isArray(rule.except) ? rule.except : [rule.except];
  const except = excepts.map((spec, index) => {
    if (Object.keys(spec).length === 0)
      complain([...path, 'except'], 'an empty exception would take everything out of the rule');
    return compileMatchers(
      tool,
      spec,
      Array.isArray(rule.except) ? [...path, 'except', index] : [...path, 'except'],
      // What leaves a denial is let through, what leaves an allow is kept out.
      kind === 'deny' ? 'opens' : 'closes',
      complain,
    );
  });
  const mentions = kind === 'deny' ? {} : (rule[kind] ?? {});
  if (tool !== '*') complainOfUnboundSecrets(tool.arguments, mentions, [...path, kind], complain);
  return {
    rule: rule.id,
    kind,
    tool: tool === '*' ? '*' : tool.name,
    profiles: rule.profiles === undefined ? null : new Set(rule.profiles),
    matchers:
      kind === 'deny'
        ? compileMatchers(tool, rule.deny ?? {}, [...path, kind], 'closes', complain)
        : compileMatchers(
            tool,
            compileOptional(tool, mentions, [...path, kind], complain),
            [...path, kind],
            'opens',
            complain,
          ),
    optional: new Set(Object.keys(mentions).filter((name) => isOptional(mentions[name]))),
    spec: { matchers: rule[kind] ?? {}, except: excepts },
    except,
    closing: kind === 'ask' && tool !== '*' ? compileClosing(tool, { matchers: mentions, except: excepts }) : null,
    why: rule.why ?? '',
    approval: kind === 'ask' ? approval : null,
  };
}

function complainOfEvadedLists(tool: ToolShape | '*', denied: Spec, path: Path, complain: Complain): void {
  for (const [name, spec] of Object.entries(denied)) {
    const shape = tool !== '*' && Object.hasOwn(tool.arguments, name) ? tool.arguments[name] : undefined;
    if (shape?.list === true) complainOfEvadedList(spec, [...path, name], complain);
  }
}

function compileMatchers(
  tool: ToolShape | '*',
  spec: Readonly<Record<string, Json>>,
  path: Path,
  purpose: Purpose,
  complain: Complain,
): ArgumentMatchers {
  const matchers = new Map<string, Matcher>();
  for (const [name, matcher] of Object.entries(spec)) {
    const shape = tool !== '*' && Object.hasOwn(tool.arguments, name) ? tool.arguments[name] : undefined;
    if (tool === '*') complain([...path, name], 'a rule for every tool ("*") cannot speak of arguments');
    else if (shape === undefined) {
      const known = Object.keys(tool.arguments);
      complain(
        [...path, name],
        `${tool.name} has no argument "${name}"`,
        didYouMean(name, known) ?? `it has: ${known.join(', ')}`,
      );
    } else matchers.set(name, compileArgument(shape, matcher, [...path, name], purpose, complain));
  }
  return matchers;
}

function toolsOf(
  rule: RuleSchema,
  path: Path,
  tools: readonly ToolShape[],
  complain: Complain,
): readonly (ToolShape | '*')[] {
  const names = typeof rule.tool === 'string' ? [rule.tool] : rule.tool;
  return names.flatMap((name): readonly (ToolShape | '*')[] => {
    if (name !== '*') return toolsNamed(name, [...path, 'tool'], tools, complain);
    if (rule.allow !== undefined || rule.ask !== undefined)
      complain([...path, 'tool'], 'only a denial may be for every tool ("*")');
    return ['*'];
  });
}
