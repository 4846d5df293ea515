/**
 * What the real Messages API would reject, rejected here too (facts 1.1, 1.3, 2.1): without it, protocol mistakes would
 * pass unseen wherever the stand-in is used. Where we do not know how strict the API is, this is stricter. Total.
 */
import { isRecord, own, ownString } from '../../domain/json.ts';
import type { Problem } from './problem.ts';
import { firstOf, invalid } from './problem.ts';
import { problemOfMessages } from './validate-messages.ts';
import { problemOfTools } from './validate-tools.ts';

export interface RawRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The decoded JSON, or undefined where it is none. */
  readonly body: unknown;
}

const VERSION = '2026-10-21';

const KEYS: ReadonlySet<string> = new Set(
  'model max_tokens messages system tools tool_choice stream stop_sequences metadata thinking output_config cache_control service_tier container inference_geo'.split(
    ' ',
  ),
);
const SAMPLING: readonly string[] = ['temperature', 'top_p', 'top_k'];
const THINKING: ReadonlySet<unknown> = new Set(['adaptive', 'between_tools', 'disabled', 'enabled']);
const CHOICES: ReadonlySet<unknown> = new Set(['auto', 'any', 'tool', 'none']);

export function problemOfRequest({ method, url, headers, body }: RawRequest): Problem | undefined {
  if (method !== 'POST' || url.split('?')[0] !== '/v1/messages')
    return { status: 404, type: 'not_found_error', message: 'only POST /v1/messages is here' };
  if (!isAuthenticated(headers)) return { status: 401, type: 'authentication_error', message: 'no API key was given' };
  if (headers['anthropic-version'] !== VERSION) return invalid(`anthropic-version: ${VERSION} is expected`);
  if (!isRecord(body)) return invalid('the body is not a JSON object');
  const problem = firstOf(
    () => problemOfKeys(body),
    () => problemOfSettings(body),
    () => problemOfSystem(own(body, 'system')),
    () => problemOfTools(own(body, 'tools')),
    () => problemOfMessages(own(body, 'messages')),
  );
  return problem === undefined ? undefined : invalid(problem);
}

function isAuthenticated(headers: RawRequest['headers']): boolean {
  const bearer = /^Bearer \S+$/.test(String(headers['authorization'] ?? ''));
  return bearer || String(headers['x-api-key'] ?? '').trim() !== '';
}

function problemOfKeys(body: Readonly<Record<string, unknown>>): string | undefined {
  const sampling = SAMPLING.find((key) => Object.hasOwn(body, key));
  if (sampling !== undefined) return `${sampling}: not supported in this API version`;
  const unknown = Object.keys(body).find((key) => !KEYS.has(key));
  return unknown === undefined ? undefined : `${unknown}: extra inputs are not permitted`;
}

function problemOfSettings(body: unknown): string | undefined {
  const limit = own(body, 'max_tokens');
  if (typeof limit !== 'number' || !Number.isInteger(limit) || limit < 1) return 'max_tokens: must be 1 or more';
  if ((ownString(body, 'model') ?? '') === '') return 'model: a name is required';
  const stream = own(body, 'stream');
  if (stream !== undefined && typeof stream !== 'boolean') return 'stream: must be true or false';
  return firstOf(
    () => problemOfStops(own(body, 'stop_sequences')),
    () => oneOf('thinking', own(body, 'thinking'), THINKING),
    () => oneOf('tool_choice', own(body, 'tool_choice'), CHOICES),
    () => problemOfCaching(own(body, 'cache_control')),
  );
}

function problemOfStops(stops: unknown): string | undefined {
  if (stops === undefined) return undefined;
  const good = Array.isArray(stops) && stops.every((stop) => typeof stop === 'string' && stop.trim() !== '');
  return good ? undefined : 'stop_sequences: each must be a text that is not only white space';
}

function oneOf(name: string, value: unknown, types: ReadonlySet<unknown>): string | undefined {
  return value === undefined || types.has(own(value, 'type')) ? undefined : `${name}.type: unknown`;
}

function problemOfCaching(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const ttl = own(value, 'ttl') ?? '5m';
  const good = own(value, 'type') === 'ephemeral' && (ttl === '5m' || ttl === '1h');
  return good ? undefined : 'cache_control: must be ephemeral, for 5m or 1h';
}

function problemOfSystem(system: unknown): string | undefined {
  if (system === undefined || typeof system === 'string') return undefined;
  const good =
    Array.isArray(system) &&
    system.every((block) => own(block, 'type') === 'text' && (ownString(block, 'text') ?? '').trim() !== '');
  return good ? undefined : 'system: must be a text or text blocks that are not empty';
}
