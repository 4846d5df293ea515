/** One pass of the guard: where it runs, what is asked, and how it answers. */
import { ApplicationFailure, Context } from '@temporalio/activity';
import { ToolCallInput } from '../contract/tool-call.ts';
import { SESSION_WORKFLOW } from '../domain/activity-name.ts';
import type { RecordedDecision } from '../domain/decision.ts';
import type { Json, JsonObject } from '../domain/json.ts';
import type { Outcome, RefusedVerdict } from '../domain/outcome.ts';
import type { LimitGrant } from '../domain/standing.ts';
import { BEFORE_MARK } from '../domain/outcome.ts';
import { actionKey, sha256 } from '../proof/digest.ts';
import type { ParsedArguments } from '../policy/kinds/parse-arguments.ts';
import type { Tool } from '../tools/define-tool.ts';

/** Identity of the session from the activity's own context; nothing of it is taken from the input (S1). */
export interface SessionPlace {
  readonly namespace: string;
  readonly workflowId: string;
  readonly runId: string;
}

/** Refused when: not in a workflow, another namespace, another workflow type, a local activity. */
export function sessionPlace(namespace: string): SessionPlace {
  const { info } = Context.current();
  const { workflowExecution } = info;
  const ours =
    info.inWorkflow &&
    !info.isLocal &&
    workflowExecution !== undefined &&
    info.namespace === namespace &&
    info.workflowType === SESSION_WORKFLOW;
  if (!ours) {
    throw ApplicationFailure.nonRetryable(
      `Tools run only for "${SESSION_WORKFLOW}" sessions of namespace "${namespace}": start one with "countersign run".`,
      'NotASession',
    );
  }
  return { namespace, ...workflowExecution };
}

export function parseCall(raw: unknown): ToolCallInput {
  const parsed = ToolCallInput.safeParse(raw);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues.map(({ path }) => path.join('.')).join(', ');
  throw ApplicationFailure.nonRetryable(`The guard cannot read its input (${where.slice(0, 200)}).`, BEFORE_MARK);
}

/** Names the action by what it would do; an input without canonical arguments by the input itself. */
export function keyOf(tool: Tool, parsed: ParsedArguments, input: unknown): string {
  if (parsed.kind === 'parsed') return actionKey(tool.name, parsed.args);
  try {
    return actionKey(tool.name, { unparsed: input as Json });
  } catch {
    return sha256(`${tool.name} without canonical form`);
  }
}

/** The version of a tool: what the model and the approver were told it is. */
export function toolVersion(tool: Tool): string {
  return actionKey(tool.name, { description: tool.description, schema: tool.inputSchema });
}

export interface Spoken {
  readonly key: string;
  readonly decision: RecordedDecision;
  readonly refused?: readonly RefusedVerdict[];
  /** What the action spends, by `spendKey`. */
  readonly spends: Readonly<Record<string, number>>;
  /** What a person said of limits that the action met. */
  readonly grants?: readonly LimitGrant[];
  /** What its results are marked with, once it was performed. */
  readonly labels: readonly string[];
}

export function done(said: Spoken, text: string, evidence: JsonObject): Outcome {
  return { kind: 'done', text, ...common(said), evidence, ...marked(said) };
}

/** `by`: the person whose verdict denied it. */
export function denied(said: Spoken, text: string, by?: string): Outcome {
  return { kind: 'denied', text, ...common(said), ...(by === undefined ? {} : { by }) };
}

/** A failure tells of the world too (a server’s answer, a file’s name), so it is marked like a result. */
export function failed(said: Spoken, text: string): Outcome {
  return { kind: 'failed', text, ...common(said), ...marked(said) };
}

/** `until`: when an earlier attempt can no longer be acting, where one may. */
export function unknown(said: Spoken, text: string, until?: Date): Outcome {
  const open = until === undefined ? {} : { until: until.toISOString() };
  return { kind: 'unknown', text, ...common(said), ...marked(said), ...open };
}

function marked({ labels }: Spoken): Pick<Outcome, 'labels'> {
  return labels.length === 0 ? {} : { labels };
}

function common({
  key,
  decision,
  refused,
  spends,
  grants,
}: Spoken): Pick<Outcome, 'actionKey' | 'decision' | 'refused' | 'spends' | 'grants'> {
  return {
    actionKey: key,
    decision,
    ...(refused === undefined || refused.length === 0 ? {} : { refused }),
    ...(Object.keys(spends).length === 0 ? {} : { spends }),
    ...(grants === undefined ? {} : { grants }),
  };
}
