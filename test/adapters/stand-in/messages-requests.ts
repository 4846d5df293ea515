/** Requests to a Messages API as a client without any SDK would make them. */
import { standIn } from './one-stand-in.ts';

export type Body = Record<string, unknown>;
export const TOOL = {
  name: 'read_file',
  description: 'Reads.',
  input_schema: { type: 'object', properties: { path: { type: 'string' } } },
};
export const GOOD: Body = {
  model: 'm',
  max_tokens: 10,
  system: 's',
  tools: [TOOL],
  messages: [{ role: 'user', content: 'go' }],
};
export const HEADERS: Record<string, string> = {
  'content-type': 'application/json',
  authorization: 'Bearer key',
  'anthropic-version': '2026-10-21',
};

export async function post(
  body: unknown,
  headers: Record<string, string> = HEADERS,
  path = '/v1/messages',
): Promise<{ status: number; type: unknown; message: string; body: Body }> {
  const response = await fetch(`${standIn.baseURL}${path}`, {
    method: 'POST',
    headers,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const answer = (await response.json()) as Body & { error?: { type: string; message: string } };
  return { status: response.status, type: answer.error?.type, message: answer.error?.message ?? '', body: answer };
}

export const user = (...content: unknown[]): Body => ({ role: 'user', content });
export const assistant = (...content: unknown[]): Body => ({ role: 'assistant', content });
export const use = (id: string, more: Body = {}): Body => ({
  type: 'tool_use',
  id,
  name: 'read_file',
  input: {},
  ...more,
});
export const result = (id: string, more: Body = {}): Body => ({
  type: 'tool_result',
  tool_use_id: id,
  content: 'ok',
  ...more,
});
export const text = (words: string): Body => ({ type: 'text', text: words });
export const begin = user(text('go'));
