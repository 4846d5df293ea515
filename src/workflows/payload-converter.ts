import type { Payload, PayloadConverter } from '@temporalio/common';
import { defaultPayloadConverter } from '@temporalio/workflow';
import { isTooDeep } from '../domain/json.ts';

/** What stands for input that could not be decoded. It is no verdict, no input and no result: readers ignore it. */
export const UNDECODABLE = { undecodable: true } as const;

/**
 * Temporal's own JSON converter, except that decoding never throws (S13): one signal with a broken payload would
 * otherwise fail every later workflow task of the session. Loaded by path in clients, workers and the workflow sandbox.
 */
export const payloadConverter: PayloadConverter = {
  toPayload: (value) => defaultPayloadConverter.toPayload(value),
  // eslint-disable-next-line typescript/no-unnecessary-type-parameters -- the interface’s own signature
  fromPayload: <T>(payload: Payload): T => {
    try {
      // Nothing here is ever sent as bytes; bytes that arrive would only be written out at great length.
      if (isBinary(payload)) return UNDECODABLE as T;
      const value = defaultPayloadConverter.fromPayload<T>(payload);
      return isTooDeep(value) ? (UNDECODABLE as T) : value;
    } catch {
      // The marker stands where any type may stand; every reader of this project is total.
      return UNDECODABLE as T;
    }
  },
};

function isBinary({ metadata }: Payload): boolean {
  const encoding = metadata?.['encoding'];
  return encoding !== undefined && String.fromCharCode(...encoding.slice(0, 20)) === 'binary/plain';
}
