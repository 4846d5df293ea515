/**
 * Takes secrets out of what a server answers (S10): as they are, in each character's escapes (JSON, percent, HTML
 * entities, mixed and in part), in base64 and base64url at every alignment, in hexadecimal, in upper or lower case, the
 * latter three also of the JSON and the percent form (those that JSON.stringify and encodeURIComponent write); of a
 * Basic credential also what it decodes to. It is for servers that echo, not for those that mean harm: whoever has the
 * secret can write it backwards, cut it up or hash it, and no search finds that.
 *
 * 1. Linear in the text, whatever it holds: a server must not stop the worker. 2. All secrets are sought in the text as
 * it came; where places overlap, all of it goes, so that a short secret leaves nothing of a long one that begins with it.
 */
import { layersOf } from './decode-escapes.ts';
import type { Find, Place } from '../../domain/find-text.ts';
import { finderOf } from '../../domain/find-text.ts';

export type Redact = (text: string) => string;

export interface UsedSecret {
  readonly name: string;
  readonly value: string;
  /** What stood before it in its header, like "Bearer "; empty if nothing did. */
  readonly before: string;
}

/** Shorter texts would be found by chance. */
const MIN_PART = 4;

interface Sought {
  readonly name: string;
  /** Whether backslashes before and after it, which no layer holds, are its own. */
  readonly opens: boolean;
  readonly closes: boolean;
  readonly find: Find;
}

interface Found extends Place {
  readonly name: string;
}

export function redactorOf(secrets: readonly UsedSecret[]): Redact {
  const sought = secrets.flatMap(soughtOf);
  return (text) => (sought.length === 0 ? text : replaced(text, merged(allFound(text, sought))));
}

function soughtOf(secret: UsedSecret): readonly Sought[] {
  return formsOf(secret).flatMap((form) => {
    // What looks like an escape in a secret is decoded with the text around it, so each level of it is sought in each.
    const levels = layersOf(form).filter(({ text }) => text.length >= MIN_PART);
    const [opens, closes] = [/^["'/\\]/.test(form), form.endsWith('\\')];
    return levels.map(({ text }) => ({ name: secret.name, opens, closes, find: finderOf(text) }));
  });
}

function formsOf({ value, before }: UsedSecret): readonly string[] {
  const texts = [value, ...(/^basic /i.test(before) ? decodedLogin(value) : [])];
  return texts.flatMap((text) => [text, ...escapesOf(text).flatMap(encodingsOf)]);
}

/** What a server may have made of it before it encodes the whole: what is encoded no layer decodes. */
function escapesOf(text: string): readonly string[] {
  return [...new Set([text, JSON.stringify(text).slice(1, -1), encodeURIComponent(text)])];
}

function encodingsOf(text: string): readonly string[] {
  const bytes = Buffer.from(text);
  return [...base64Cores(bytes), bytes.toString('hex')];
}

/** In the places of the text as it came. */
function allFound(text: string, sought: readonly Sought[]): readonly Found[] {
  return layersOf(text).flatMap((layer) =>
    sought.flatMap(({ name, opens, closes, find }) =>
      find(layer.text).map(({ start, end }) => ({
        name,
        start: (opens ? layer.ends[start - 1] : layer.starts[start]) ?? 0,
        end: (closes ? layer.starts[end] : layer.ends[end - 1]) ?? text.length,
      })),
    ),
  );
}

/** In order; of those that overlap one, with the name of the longest. */
function merged(found: readonly Found[]): readonly Found[] {
  const whole: Found[] = [];
  for (const next of found.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = whole.at(-1);
    if (last === undefined || next.start >= last.end) whole.push(next);
    else if (next.end > last.end) {
      const { name } = next.end - next.start > last.end - last.start ? next : last;
      whole[whole.length - 1] = { name, start: last.start, end: next.end };
    }
  }
  return whole;
}

function replaced(text: string, found: readonly Found[]): string {
  const kept: string[] = [];
  let from = 0;
  for (const { name, start, end } of found) {
    kept.push(text.slice(from, start), `[secret ${name}]`);
    from = end;
  }
  return [...kept, text.slice(from)].join('');
}

/** A user name and password as Basic credentials hold them (RFC 7617), and the password alone. */
function decodedLogin(value: string): readonly string[] {
  const login = Buffer.from(value, 'base64').toString('latin1');
  const password = login.slice(login.indexOf(':') + 1);
  return [login, password].filter((one) => one.length >= MIN_PART && /^[\x20-\x7e]+$/.test(one));
}

/** What stands of `bytes` in the base64 of any text that contains them: at each of the three places in a group of three. */
function base64Cores(bytes: Buffer): readonly string[] {
  return [0, 1, 2].map((shift) => {
    const whole = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    // The characters at the ends also hold bits of what stands beside.
    const from = Math.ceil((shift * 8) / 6);
    return whole.slice(from, Math.floor(((shift + bytes.length) * 8) / 6));
  });
}
