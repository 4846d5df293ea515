/** The lines of a file, or of standard input for `-`, one piece of it in memory at a time. */
import { createReadStream } from 'node:fs';
import { ClientError } from '../../client/client-error.ts';
import { line } from '../terminal.ts';

/** More than any call can need: the largest argument has 50,000 characters. */
export const MAX_LINE = 1_000_000;

/** `null` stands for a line of more than MAX_LINE characters, which is not kept. The last line needs no line break. */
export async function* linesOf(file: string): AsyncGenerator<readonly (string | null)[]> {
  const stream = file === '-' ? process.stdin : createReadStream(file);
  let rest: string | null = '';
  try {
    for await (const chunk of stream.setEncoding('utf8') as AsyncIterable<string>) {
      const [first = '', ...others] = chunk.split('\n');
      const whole: (string | null)[] = [joined(rest, first), ...others];
      rest = whole.pop() ?? null;
      if (rest !== null && rest.length > MAX_LINE) rest = null;
      if (whole.length > 0) yield whole.map((line) => (line === null || line.length > MAX_LINE ? null : line));
    }
  } catch {
    throw new ClientError('notFound', `Cannot read the calls: ${line(file)}`);
  }
  if (rest !== '') yield [rest];
}

function joined(rest: string | null, more: string): string | null {
  return rest === null || rest.length + more.length > MAX_LINE ? null : rest + more;
}
