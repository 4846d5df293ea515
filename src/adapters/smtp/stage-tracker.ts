/**
 * Tells whether the body with its final dot was handed to the socket: only then can the server have the message. The
 * library’s error codes do not say it (a reset before EHLO and one after the message was stored have the same code); of
 * all it logs, one entry does, and only it carries `inByteCount`. A release that drops the entry fails the tests of the
 * stages after the dot.
 */
export interface StageTracker {
  /** To be given to the library as its logger; it keeps nothing and writes nothing (S10). */
  readonly logger: StageLogger;
  readonly handedOver: () => boolean;
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
  let seen = false;
  const note = (entry: unknown): void => {
    if (typeof entry === 'object' && entry !== null && 'inByteCount' in entry) seen = true;
  };
  const silent = (): void => undefined;
  const logger = { level: silent, trace: note, debug: note, info: note, warn: note, error: note, fatal: note };
  return { logger, handedOver: () => seen };
}
