import type { HttpCall } from './ports/http-client.ts';
import type { ActionPlace } from './define-tool.ts';

/**
 * One key for one action (draft-ietf-httpapi-idempotency-key-header): the same for each of its attempts, also the one
 * that a person asks for because the outcome of the first is unknown; another for any other action, of the same session
 * too. So a server that knows such keys acts once, even where we cannot tell whether
 * it did. Written as a UUID (RFC 9562, version 8), which servers take that are strict about the form.
 */
export async function idempotencyKeyOf(
  { workflowId, chainId, firstCallId }: Pick<ActionPlace, 'workflowId' | 'chainId' | 'firstCallId'>,
  { method, url, headers, body }: HttpCall,
): Promise<string> {
  const action = JSON.stringify([
    'countersign/idempotency-key',
    workflowId,
    chainId,
    firstCallId,
    method,
    url,
    headers,
    body ?? null,
  ]);
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(action)));
  const hex = [...hash.subarray(0, 16)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const variant = ((hash[8] ?? 0) & 0x3f) | 0x80;
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant.toString(16)}${hex.slice(18, 20)}`,
    hex.slice(20),
  ].join('-');
}
