/**
 * Tells how far a message got. The library’s error codes do not say it: a reset before EHLO and one after the message
 * was stored have the same code.
 *
 * 1. Handed over: the body with its final dot left for the socket; only then can the server have the message. Of all the
 * library logs, one entry says so, and only it carries `inByteCount`; a release that drops it fails the tests of the
 * stages after the dot. 2. Answered: a byte came back after that. What the server said before it had the message is no
 * answer to it, though the library takes it for one.
 */
import type { Socket } from 'node:net';

export type Stage = 'notHandedOver' | 'handedOver' | 'answered';

export interface StageTracker {
  /** To be given to the library as its logger; it keeps nothing and writes nothing (S10). */
  readonly logger: StageLogger;
  /** The connection that the message goes over. */
  readonly watch: (socket: Socket) => void;
  readonly stage: () => Stage;
}

interface StageLogger {
  readonly level: (level: string) => void;
  readonly trace: (entry: unknown) => void;
  readonly debug: (entry: unknown) => void;
  readonly info: (entry: unknown) => void;
  readonly warn: (entry: unknown) => void;
  readonly error: (entry: unknown) => void;
  readonly fatal: (entry: unknown) => void;
}

export function createStageTracker(): StageTracker {
  let watched: Socket | undefined;
  let readBefore: number | undefined;
  const note = (entry: unknown): void => {
    if (typeof entry === 'object' && entry !== null && 'inByteCount' in entry) readBefore = watched?.bytesRead ?? 0;
  };
  const silent = (): void => undefined;
  const logger = { level: silent, trace: note, debug: note, info: note, warn: note, error: note, fatal: note };
  return {
    logger,
    watch: (socket) => {
      watched = socket;
    },
    stage: () => {
      if (readBefore === undefined) return 'notHandedOver';
      return (watched?.bytesRead ?? 0) > readBefore ? 'answered' : 'handedOver';
    },
  };
}
