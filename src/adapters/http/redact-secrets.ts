/**
 * Takes a secret out of what a server answers (S10): as it is, in each character's escapes (JSON, percent, HTML entities,
 * mixed and in part), in base64 and base64url at every alignment, in hexadecimal, in upper or lower case; of a Basic
 * credential also what it decodes to. It is for servers that echo, not for those that mean harm: whoever has the secret
 * can write it backwards, cut it up or hash it, and no search finds that.
 */
export type Redact = (text: string) => string;

export interface UsedSecret {
  readonly name: string;
  readonly value: string;
  /** What stood before it in its header, like "Bearer "; empty if nothing did. */
  readonly before: string;
}

/** Shorter texts would be found by chance. */
const MIN_PART = 4;

export function redactorOf(secrets: readonly UsedSecret[]): Redact {
  const steps = secrets.flatMap((secret) => formsOf(secret).map((form) => replacing(form, `[secret ${secret.name}]`)));
  return (text) => steps.reduce((left, step) => step(left), text);
}

/** Patterns of the characters that follow each other, one list a form. */
type Form = readonly string[];

function formsOf({ value, before }: UsedSecret): readonly Form[] {
  const texts = [value, ...(/^basic /i.test(before) ? decodedLogin(value) : [])];
  return texts.flatMap((text) => {
    const bytes = Buffer.from(text);
    return [text, ...base64Cores(bytes), bytes.toString('hex')].map((one) => [...one].map(anyForm));
  });
}

/** Characters that one pattern takes: one for a secret of 4 KB would be too large for the engine, which throws then. */
const SEGMENT = 64;

function replacing(form: Form, word: string): Redact {
  const [start = [], ...more] = segmentsOf(form);
  const first = new RegExp(start.join(''), 'gi');
  const rest = more.map((segment) => new RegExp(segment.join(''), 'iy'));
  return (text) => {
    const kept: string[] = [];
    let from = 0;
    first.lastIndex = 0;
    for (let found = first.exec(text); found !== null; found = first.exec(text)) {
      const end = endOf(rest, text, first.lastIndex);
      if (end === undefined) first.lastIndex = found.index + 1;
      else {
        kept.push(text.slice(from, found.index), word);
        from = end;
        first.lastIndex = end;
      }
    }
    return [...kept, text.slice(from)].join('');
  };
}

function segmentsOf(form: Form): readonly Form[] {
  return Array.from({ length: Math.ceil(form.length / SEGMENT) }, (_, n) => form.slice(n * SEGMENT, (n + 1) * SEGMENT));
}

/** Where the rest of a secret ends that begins at `at`; undefined if it does not. */
function endOf(rest: readonly RegExp[], text: string, at: number): number | undefined {
  let end = at;
  for (const segment of rest) {
    segment.lastIndex = end;
    if (!segment.test(text)) return undefined;
    end = segment.lastIndex;
  }
  return end;
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

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&', 'amp'],
  ['<', 'lt'],
  ['>', 'gt'],
  ['"', 'quot'],
  ["'", 'apos'],
  ['/', 'sol'],
  ['+', 'plus'],
  ['=', 'equals'],
]);

/** A pattern of the character in any of its escapes. */
function anyForm(character: string): string {
  const code = character.charCodeAt(0);
  const hex = code.toString(16).padStart(2, '0');
  const entity = ENTITIES.get(character);
  const forms = [
    // In base64url.
    ...(character === '+' ? ['-'] : character === '/' ? ['_'] : []),
    `%(?:25)*${hex}`,
    `\\\\+u00${hex}`,
    `\\\\+x${hex}`,
    `&#0*${code};?`,
    `&#x0*${hex};?`,
    ...(entity === undefined ? [] : [`&${entity};`]),
    // Last: "\\", "%" and "&" also begin their own escapes.
    literal(character),
  ];
  // In JSON a quote, a backslash and a slash have one before them, and within JSON within JSON more.
  return `(?:${/["'\\/]/.test(character) ? '\\\\*' : ''}(?:${forms.join('|')}))`;
}

function literal(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}
