import { utf8Length } from '../../domain/text-size.ts';
import { visibleText } from '../../domain/visible-text.ts';

const MAX_LINES = 20;
/** Once deceiving characters are made visible. */
const MAX_BYTES = 1500;

export interface Head {
  readonly whole: boolean;
  /** What is shown, in words. */
  readonly what: string;
  readonly text: string;
}

/** The first lines of a text, whole ones as far as they fit; of a first line that does not, its beginning. */
export function headOf(text: string): Head {
  const lines = (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
  const kept: string[] = [];
  let left = MAX_BYTES;
  for (const line of lines.slice(0, MAX_LINES)) {
    left -= lengthShown(line) + 1;
    if (left < 0) break;
    kept.push(line);
  }
  if (text === '') return { whole: true, what: 'It is empty', text: '' };
  if (kept.length === lines.length) return { whole: true, what: 'The whole of it', text: kept.join('\n') };
  const [first = ''] = lines;
  if (kept.length === 0) return { whole: false, what: 'The beginning of its first line', text: beginningOf(first) };
  return { whole: false, what: `The first ${kept.length} of ${lines.length} lines`, text: kept.join('\n') };
}

function beginningOf(line: string): string {
  let kept = '';
  let left = MAX_BYTES;
  for (const character of line) {
    left -= lengthShown(character);
    if (left < 0) break;
    kept += character;
  }
  return kept;
}

/** A line of megabytes is not made visible to find that it is too long. */
function lengthShown(text: string): number {
  return text.length > MAX_BYTES ? text.length : utf8Length(visibleText(text));
}
