import type { ApprovalRequest } from '../domain/request.ts';
import { fromNow, line, quoted, styled, terminalColumns } from './terminal.ts';

/** A request as a person must see it before answering: what will happen, exactly, why it asks, who may answer. */
export function describeRequest(request: ApprovalRequest, columns = terminalColumns()): string {
  const { id, tool, summary, preview, rule, why, mayAnswer, expiresAt, workflowId, callId, digest } = request;
  return [
    styled('bold', `${line(tool)}: ${line(summary)}`),
    `session   ${line(workflowId)} (${line(callId)})`,
    `request   ${line(id)}`,
    `rule      ${line(rule)}`,
    `why       ${line(why)}`,
    `may be answered by ${mayAnswer.map(line).join(', ')} until ${line(expiresAt)} (${fromNow(expiresAt)}); unanswered it is denied`,
    ...preview.flatMap(({ label, text }) => [styled('underline', line(label)), quoted(text, columns)]),
    `digest    ${line(digest)}`,
  ].join('\n');
}
