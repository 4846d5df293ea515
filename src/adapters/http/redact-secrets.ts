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
  const all = secrets.map(
    (secret) => [new RegExp(formsOf(secret).join('|'), 'gi'), `[secret ${secret.name}]`] as const,
  );
  return (text) => all.reduce((left, [pattern, word]) => left.replaceAll(pattern, () => word), text);
}

/** Patterns, the longest texts first. */
function formsOf({ value, before }: UsedSecret): readonly string[] {
  const texts = [value, ...(/^basic /i.test(before) ? decodedLogin(value) : [])];
  return texts.flatMap((text) => {
    const bytes = Buffer.from(text);
    return [escaped(text), ...base64Cores(bytes).map(escaped), bytes.toString('hex')];
  });
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

/** A pattern of the text with each of its characters in any of its escapes. */
function escaped(text: string): string {
  return [...text].map(anyForm).join('');
}

function anyForm(character: string): string {
  const code = character.charCodeAt(0);
  const hex = code.toString(16).padStart(2, '0');
  const entity = ENTITIES.get(character);
  const forms = [
    literal(character),
    // In base64url.
    ...(character === '+' ? ['-'] : character === '/' ? ['_'] : []),
    `%(?:25)*${hex}`,
    `\\\\+u00${hex}`,
    `\\\\+x${hex}`,
    `&#0*${code};?`,
    `&#x0*${hex};?`,
    ...(entity === undefined ? [] : [`&${entity};`]),
  ];
  // In JSON a quote, a backslash and a slash have one before them, and within JSON within JSON more.
  return `(?:${/["'\\/]/.test(character) ? '\\\\*' : ''}(?:${forms.join('|')}))`;
}

function literal(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}
