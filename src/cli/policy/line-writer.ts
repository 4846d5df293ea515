/** Many lines to standard output: written in pieces, in order, waiting for a slow reader; nothing is lost. */
export interface LineWriter {
  /** True if the piece is full and `flush` should be awaited. */
  add(text: string): boolean;
  flush(): Promise<void>;
}

const PIECE = 64 * 1024;

export function lineWriter(stream: NodeJS.WriteStream = process.stdout): LineWriter {
  let piece = '';
  return {
    add: (text) => {
      piece += `${text}\n`;
      return piece.length >= PIECE;
    },
    flush: async () => {
      if (piece === '') return;
      const took = stream.write(piece);
      piece = '';
      if (!took) await drained(stream);
    },
  };
}

/** A reader that is gone (EPIPE) drains nothing, and must not keep us waiting. */
function drained(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    const events = ['drain', 'close', 'error'] as const;
    const go = (): void => {
      for (const event of events) stream.off(event, go);
      resolve();
    };
    for (const event of events) stream.on(event, go);
  });
}
