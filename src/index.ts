/**
 * What other packages import from `countersign`: tools of their own, the policy as TypeScript, workers, and the client.
 * Everything else is the inside of countersign and may change without notice. Sizes, units and errors stand with each
 * declaration; a name in brackets like (S4) is a promise of SECURITY.md.
 */

// # Tools

export { defineTool } from './tools/define-tool.ts';
export type { ToolDefinition } from './tools/define-tool.ts';
export type { ActionPlace, Effect, Performance, Preparation } from './tools/define-tool.ts';
export type { DefinedTool, Tool } from './tools/define-tool.ts';
export type { OpenedAction, PreparedAction } from './tools/define-tool.ts';
export type { ToolShape } from './policy/tool-shape.ts';
export { tools } from './tools/index.ts';
export { PERMISSIONS } from './domain/permission.ts';
export type { Permission } from './domain/permission.ts';
export { ROLES } from './domain/role.ts';
export type { Role } from './domain/role.ts';
export type { PreviewPart } from './domain/request.ts';
export type { Json, JsonObject } from './domain/json.ts';

// # Arguments and their kinds

export { defaulting, free, listOf, needing, one, optional, optionalListOf } from './policy/kinds/argument.ts';
export type { Argument, ArgumentMap, ArgumentShape, ArgumentShapes, ArgumentsOf } from './policy/kinds/argument.ts';
export { text } from './policy/kinds/text.ts';
export type { TextOptions } from './policy/kinds/text.ts';
export { path } from './policy/kinds/path.ts';
export { mailAddress } from './policy/kinds/mail-address.ts';
export { url } from './policy/kinds/url.ts';
export { httpMethod } from './policy/kinds/http-method.ts';
export type { HttpMethod } from './policy/kinds/http-method.ts';
export { headers } from './policy/kinds/headers.ts';
export type { Headers } from './policy/kinds/headers.ts';
export { money } from './policy/kinds/money.ts';
export type { Money } from './policy/kinds/money.ts';
export { number } from './policy/kinds/number.ts';
export type { NumberOptions } from './policy/kinds/number.ts';
export { flag } from './policy/kinds/flag.ts';
export type { Kind, KindName } from './policy/kinds/kind.ts';
export type { ParsedArguments } from './policy/kinds/parse-arguments.ts';

// # Ports that a tool may need

export type { PortName, WorldPorts } from './tools/ports.ts';
export type { HttpAnswer, HttpCall, HttpClient, HttpExchange } from './tools/ports/http-client.ts';
export type { SecretCheck } from './tools/ports/secret-check.ts';
export type {
  FileContent,
  FileEntry,
  FileRefusal,
  FoundText,
  SearchOptions,
  SearchResult,
  WorkspaceFiles,
} from './tools/ports/workspace-files.ts';

// # The policy

export { checkPolicy } from './policy/check-policy.ts';
export { definePolicy } from './policy/define-policy.ts';
export type { DefinedPolicy } from './policy/define-policy.ts';

// # Workers

export { startWorker } from './worker/start-worker.ts';
export type { StartWorkerOptions } from './worker/start-worker.ts';
export type { RunningWorker } from './worker/running-worker.ts';

// # The client

export { createClient } from './client/create-client.ts';
export type { Answer, ClientOptions, CountersignClient } from './client/create-client.ts';
export { ClientError } from './client/client-error.ts';
export type { ClientErrorKind } from './client/client-error.ts';
export type { ScriptedCall, StartInput } from './domain/start-input.ts';
export type { PendingWork, SessionEnding, SessionListing, SessionView } from './client/session-view.ts';
export type {
  ActionState,
  ClosedRequest,
  RefusedMessage,
  SessionPhase,
  SessionState,
  VerdictReceipt,
} from './domain/session-state.ts';
export type { ActionSummary, SessionCost, SessionEnd, SessionResult } from './domain/session.ts';
export type { ApprovalRequest, RequestClosing, RequestQuestion } from './domain/request.ts';
export type { Waiting } from './client/waiting.ts';
export type { Verdict } from './domain/verdict.ts';
export type { Delivery } from './client/delivery.ts';
export type { Outcome, RefusedVerdict, Settled } from './domain/outcome.ts';
export type { LimitGrant } from './domain/standing.ts';
export type {
  ApprovalTerms,
  CandidateDecision,
  Decision,
  MetLimit,
  RecordedDecision,
  SettlingVerdict,
} from './domain/decision.ts';
export type { ActionRow, AnsweredQuestion, LogRow, ThoughtRow, VerdictFate, VerdictRow } from './client/log-row.ts';
