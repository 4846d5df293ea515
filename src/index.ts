/**
 * What other packages may import: tools of one's own, the policy as types, workers, and the client. Everything else is
 * the inside of countersign and may change without notice.
 *
 * @module
 */
export { defineTool } from './tools/define-tool.ts';
export type {
  ActionPlace,
  DefinedTool,
  Effect,
  OpenedAction,
  Performance,
  Preparation,
  PreparedAction,
  Tool,
  ToolDefinition,
} from './tools/define-tool.ts';
export { tools } from './tools/index.ts';
export type { PortName, WorldPorts } from './tools/ports.ts';
export type { HttpAnswer, HttpCall, HttpClient, HttpExchange } from './tools/ports/http-client.ts';

export { free, listOf, needing, one, optional, optionalListOf } from './policy/kinds/argument.ts';
export type { Argument, ArgumentMap, ArgumentsOf } from './policy/kinds/argument.ts';
export { flag } from './policy/kinds/flag.ts';
export { headers } from './policy/kinds/headers.ts';
export { httpMethod } from './policy/kinds/http-method.ts';
export type { Kind, KindName } from './policy/kinds/kind.ts';
export { mailAddress } from './policy/kinds/mail-address.ts';
export { money } from './policy/kinds/money.ts';
export type { Money } from './policy/kinds/money.ts';
export { number } from './policy/kinds/number.ts';
export type { NumberOptions } from './policy/kinds/number.ts';
export { path } from './policy/kinds/path.ts';
export { text } from './policy/kinds/text.ts';
export type { TextOptions } from './policy/kinds/text.ts';
export { url } from './policy/kinds/url.ts';

export { definePolicy } from './policy/define-policy.ts';
export type { DefinedPolicy } from './policy/define-policy.ts';

export { startWorker } from './worker/start-worker.ts';
export type { StartWorkerOptions } from './worker/start-worker.ts';
export type { RunningWorker } from './worker/running-worker.ts';

export { createClient } from './client/create-client.ts';
export type { Answer, ClientOptions, CountersignClient } from './client/create-client.ts';
export { ClientError } from './client/client-error.ts';
export type { ClientErrorKind } from './client/client-error.ts';
export type { Delivery } from './client/delivery.ts';
export type { Waiting } from './client/waiting.ts';
export type { ActionRow, LogRow, ThoughtRow, VerdictRow } from './client/log-row.ts';
export type { PendingWork, SessionEnding, SessionListing, SessionView } from './client/session-view.ts';

export type { Json, JsonObject } from './domain/json.ts';
export type { Permission } from './domain/permission.ts';
export type { ApprovalRequest, PreviewPart } from './domain/request.ts';
export type { Role } from './domain/role.ts';
export type { SessionResult } from './domain/session.ts';
export type { SessionState } from './domain/session-state.ts';
export type { ScriptedCall, StartInput } from './domain/start-input.ts';
export type { Verdict } from './domain/verdict.ts';
