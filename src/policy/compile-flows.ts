/** Flows: what results are marked with, and what is no longer allowed once certain marks were seen together. */
import type { ApprovalTerms } from '../domain/decision.ts';
import type { Json } from '../domain/json.ts';
import { own } from '../domain/json.ts';
import { documentOf, termsOf } from './approval-terms.ts';
import type { Complain } from './matchers/matcher.ts';
import type { FlowRule, Profile } from './policy.ts';
import type { FlowRuleSchema, PolicySchema } from './policy-schema.ts';
import { didYouMean } from './problem.ts';
import { toolNamed, toolsNamed } from './tool-names.ts';
import type { ToolShape } from './tool-shape.ts';

export interface FlowSource {
  readonly file: PolicySchema;
  readonly raw: Json;
  readonly tools: readonly ToolShape[];
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly defaultApproval: ApprovalTerms | null;
  /** Ids that rules have. */
  readonly taken: ReadonlySet<string>;
}

export interface CompiledFlows {
  readonly flows: readonly FlowRule[];
  readonly labels: ReadonlyMap<string, readonly string[]>;
  readonly documents: ReadonlyMap<string, Json>;
}

export function compileFlows(source: FlowSource, complain: Complain): CompiledFlows {
  const labels = labelsByTool(source, complain);
  const known = [...new Set([...labels.values()].flat())];
  const documents = new Map<string, Json>();
  const rules = source.file.flows?.rules ?? [];
  const flows = rules.map((rule, index) => {
    const path = ['flows', 'rules', index];
    if (documents.has(rule.id) || source.taken.has(rule.id))
      complain([...path, 'id'], `two rules have the id "${rule.id}"`);
    const flow = flowOf(rule, index, known, source, complain);
    const written = own(own(source.raw, 'flows'), 'rules');
    documents.set(rule.id, documentOf(written, index, flow.approval));
    return flow;
  });
  return { flows: flows.toSorted(byStrength), labels, documents };
}

/** Denials first, then by id: the order of the file decides nothing (S3). */
function byStrength(a: FlowRule, b: FlowRule): number {
  if (a.then !== b.then) return a.then === 'deny' ? -1 : 1;
  return a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0;
}

function flowOf(
  rule: FlowRuleSchema,
  index: number,
  known: readonly string[],
  source: FlowSource,
  complain: Complain,
): FlowRule {
  const path = ['flows', 'rules', index];
  const approval = rule.then === 'ask' ? termsOf(rule.approval, source.defaultApproval) : null;
  if (rule.then === 'ask' && approval === null)
    complain([...path, 'then'], 'nobody may approve this', 'give the rule or the file an "approval: { by: […] }"');
  if (rule.then === 'deny' && rule.approval !== undefined)
    complain([...path, 'approval'], 'an approval belongs to an ask');
  rule.when.forEach((label, at) => {
    if (!known.includes(label))
      complain(
        [...path, 'when', at],
        `no tool’s results carry the label "${label}"`,
        didYouMean(label, known) ?? `known: ${known.join(', ')}`,
      );
  });
  for (const name of rule.profiles ?? []) {
    if (!source.profiles.has(name))
      complain([...path, 'profiles'], `there is no profile "${name}"`, didYouMean(name, [...source.profiles.keys()]));
  }
  return {
    rule: rule.id,
    when: [...new Set(rule.when)].toSorted(),
    tools: new Set(toolsNamed(rule.tool, [...path, 'tool'], source.tools, complain).map(({ name }) => name)),
    profiles: rule.profiles === undefined ? null : new Set(rule.profiles),
    then: rule.then,
    why: rule.why ?? '',
    approval,
  };
}

/** What tools carry by themselves, and what the file adds; nothing takes a label away. */
function labelsByTool({ file, tools }: FlowSource, complain: Complain): ReadonlyMap<string, readonly string[]> {
  const labels = new Map(tools.map(({ name, labels: own_ = [] }) => [name, new Set(own_)]));
  for (const [label, names] of Object.entries(file.flows?.labels ?? {})) {
    for (const [index, name] of names.entries()) {
      if (toolNamed(name, ['flows', 'labels', label, index], tools, complain) !== undefined)
        labels.get(name)?.add(label);
    }
  }
  return new Map([...labels].map(([name, found]) => [name, [...found].toSorted()]));
}
