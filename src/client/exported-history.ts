/** A history in a file, as `temporal workflow show --output json` and the download of the Temporal UI write it. */
import type { Json } from '../domain/json.ts';
import { isRecord, own, ownList, ownString } from '../domain/json.ts';

/** The events of the file, for `readEvents`; undefined where it holds none. Total. */
export async function exportedEvents(text: string): Promise<readonly unknown[] | undefined> {
  // Loaded only when needed: it brings all of Temporal’s message types.
  const { historyFromJSON } = await import('@temporalio/common/lib/proto-utils.js');
  try {
    const json = JSON.parse(text) as Json;
    const events = Array.isArray(json) ? (json as readonly Json[]) : own(json, 'events');
    if (!Array.isArray(events)) return undefined;
    const history: unknown = historyFromJSON({ events: events.map(encoded) });
    return ownList({ events: own({ ...(history as object) }, 'events') }, 'events');
  } catch {
    return undefined;
  }
}

/** The Temporal UI can download payloads decoded: each is then the value itself. They are made payloads again. */
function encoded(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(encoded);
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).map(([key, inner]): [string, unknown] =>
    key === 'payloads' && Array.isArray(inner) ? [key, inner.map(payloadOf)] : [key, encoded(inner)],
  );
  return Object.fromEntries(entries);
}

function payloadOf(value: unknown): unknown {
  if (isRecord(own(value, 'metadata')) && (ownString(value, 'data') !== undefined || own(value, 'data') === undefined))
    return value;
  return { metadata: { encoding: base64('json/plain') }, data: base64(JSON.stringify(value ?? null)) };
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
