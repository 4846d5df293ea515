import { createHash } from 'node:crypto';
import type { Json, JsonObject } from '../domain/json.ts';
import type { ApprovalRequest } from '../domain/request.ts';
import { canonicalJson } from './canonical-json.ts';

/** SHA-256 of bytes or UTF-8 text, hex. */
export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** SHA-256, hex, over a domain tag and the canonical JSON of `value`: a hash for one purpose is no hash for another. */
export function taggedDigest(tag: string, value: Json): string {
  return sha256(`countersign/${tag}/v1\n${canonicalJson(value)}`);
}

/** Names an action by what it would do: the tool and its canonical arguments. */
export function actionKey(tool: string, args: Json): string {
  return taggedDigest('action', { tool, arguments: args });
}

/** The digest of a request (S4): every field but the digest itself; summary and preview by their hash. */
export function requestDigest(request: Omit<ApprovalRequest, 'digest'>): string {
  const { summary, preview, rule, ruleSha, why, ...fields } = request;
  const shown: JsonObject = { summary, preview: preview.map(({ label, text }) => ({ label, text })), why, rule };
  const { id, namespace, workflowId, chainId, callId, tool, toolVersion, profile, facts } = fields;
  const { mayAnswer, quorum, requestedAt, expiresAt, question } = fields;
  return taggedDigest('request', {
    requestId: id,
    namespace,
    workflowId,
    chainId,
    callId,
    tool,
    toolVersion,
    profile,
    arguments: fields.arguments,
    facts,
    shown: taggedDigest('shown', shown),
    rule: ruleSha,
    mayAnswer: [...mayAnswer],
    quorum,
    requestedAt,
    expiresAt,
    ...(question === undefined ? {} : { question: { ...question } }),
  });
}
