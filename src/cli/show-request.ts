import type { ApprovalRequest } from '../domain/request.ts';
import { line, quoted, styled } from './terminal.ts';

/** A request as a person must see it before answering: what will happen, exactly, why it asks, who may answer. */
export function describeRequest(request: ApprovalRequest): string {
  const { id, tool, summary, preview, rule, why, mayAnswer, expiresAt, workflowId, callId, digest } = request;
  return [
    styled('bold', `${tool}: ${line(summary)}`),
    `session   ${line(workflowId)} (${callId})`,
    `request   ${id}`,
    `rule      ${line(rule)}: ${line(why)}`,
    `may be answered by ${mayAnswer.map(line).join(', ')} until ${expiresAt}; unanswered it is denied`,
    ...preview.flatMap(({ label, text }) => [styled('underline', line(label)), quoted(text)]),
    `digest    ${digest}`,
  ].join('\n');
}
