import { beforeEach, describe, expect, test } from '@jest/globals';
import { FLOWS, RULES, STACK, policyText, sharedPolicyFolder } from './policy-files.ts';
import type { Ran } from './run-cli.ts';

const files = sharedPolicyFolder();
let file: string;

beforeEach(() => {
  file = files.write('policy.yaml', policyText(RULES, FLOWS));
});

const mail = (...to: readonly string[]): string => JSON.stringify({ to, subject: 'Hi', body: 'x' });
const explain = (...argv: readonly string[]): Promise<Ran> => files.policy('explain', ...argv);

describe('policy explain of one call', () => {
  test('a denial names the nearest rule and the argument at which it fails', async () => {
    const { code, out } = await explain(file, '--tool', 'send_email', '--input', mail('bob@example.com', 'm@evil.io'));
    expect(code).toBe(0);
    expect(out).toBe(
      [
        'send_email under profile assistant: deny by no rule',
        '  why: No rule allows this. The nearest, "mail-known", fails at to[1]: "m@evil.io" is not at example.com.',
        'nearest rule: mail-known fails at to[1]: "m@evil.io" is not at example.com',
        'what each rule says:',
        '  ask  mail-known  fails at to[1]: "m@evil.io" is not at example.com',
        '',
      ].join('\n'),
    );
  });

  test('an ask says who may approve, and for how long', async () => {
    const { out } = await explain(file, '--tool', 'send_email', '--input', mail('bob@example.com'));
    expect(out).toContain('ask by rule mail-known\n  why: Mail leaves the house. (rule "mail-known")');
    expect(out).toContain('may approve: 1 of owner, within 4h');
    expect(out).toContain('ask  mail-known  matches');
  });

  test('what the session has seen counts', async () => {
    const { out } = await explain(
      file,
      '--tool',
      'send_email',
      '--input',
      mail('bob@example.com'),
      '--seen',
      'private',
    );
    expect(out).toContain('deny by rule leak');
    expect(out).toContain('nothing leaks');
  });

  test('--json prints the explanation', async () => {
    const { out } = await explain(file, '--json', '--tool', 'read_file', '--input', '{"path":"secret"}');
    expect(JSON.parse(out)).toEqual({
      decision: { kind: 'deny', rule: null, why: expect.stringContaining('The nearest, "notes"') },
      findings: [{ kind: 'fails', rule: 'notes', part: 'allow', at: 'path', why: '"secret" is not under notes' }],
      nearest: { rule: 'notes', at: 'path', why: '"secret" is not under notes' },
    });
  });

  test('S2: arguments that are none, a permission that is not granted', async () => {
    const invalid = await explain(file, '--tool', 'read_file', '--input', '{"path":"../x"}');
    expect(invalid).toMatchObject({ code: 0, out: expect.stringContaining('The arguments are invalid: path') });
    const reader = await explain(file, '--tool', 'send_email', '--profile', 'reader', '--input', mail('a@example.com'));
    expect(reader.out).toContain('is not granted send_email');
  });

  test('S11: what would deceive is made visible', async () => {
    const { out } = await explain(file, '--tool', 'read_file', '--input', '{"path":"notes/\\u202Ea"}');
    expect(out).not.toContain('\u202E');
  });

  test.each<[number, string, readonly string[], string]>([
    [3, 'an unknown tool', ['--tool', 'send_emial', '--input', '{}'], 'did you mean "send_email"?'],
    [
      3,
      'an unknown profile',
      ['--tool', 'read_file', '--input', '{}', '--profile', 'asistant'],
      'did you mean "assistant"?',
    ],
    [2, 'input that is no JSON', ['--tool', 'read_file', '--input', '{'], 'not JSON'],
    [2, 'input that is a list', ['--tool', 'read_file', '--input', '[]'], 'JSON object'],
    [2, 'an unknown label', ['--tool', 'read_file', '--seen', 'secret'], 'known: private, untrusted'],
    [2, 'nothing to explain', [], 'Say one of'],
    [2, 'two things to explain', ['--tool', 'read_file', '--calls', 'x'], 'Say one of'],
    [2, 'a session with a profile', ['--session', 's', '--call', 'c', '--profile', 'reader'], 'leave out --profile'],
    [2, 'an unknown label of calls', ['--calls', 'x', '--seen', 'secret'], 'known: private, untrusted'],
    [3, 'an unknown profile of calls', ['--calls', 'x', '--profile', 'raeder'], 'did you mean "reader"?'],
    [2, 'a session without a call', ['--session', 's'], 'go together'],
    [2, 'input without a tool', ['--calls', 'x', '--input', '{}'], '--input goes with --tool'],
    [3, 'calls that are not there', ['--calls', '/nonexistent/calls'], 'Cannot read the calls'],
    [3, 'calls that are a folder', ['--calls', '/tmp'], 'Cannot read the calls'],
    [4, 'a session without a server', ['--session', 's', '--call', 'c1'], 'No Temporal server is known'],
  ])('%d for %s', async (code, _, argv, words) => {
    const ran = await explain(file, ...argv);
    expect(ran).toMatchObject({ code, out: '' });
    expect(ran.err).toContain(words);
    expect(ran.err).not.toMatch(STACK);
  });

  test('a file that is missing, broken, or not named', async () => {
    expect(await explain('/nonexistent.yaml', '--tool', 'read_file')).toMatchObject({ code: 3 });
    const broken = files.write('broken.yaml', 'version: 1\nrulez: []\n');
    expect(await explain(broken, '--tool', 'read_file')).toMatchObject({ code: 5, out: '' });
    expect(await explain('--tool', 'read_file')).toMatchObject({ code: 2, err: 'Name the policy file.\n' });
  });

  test('a policy without a default profile wants one named', async () => {
    const none = files.write('none.yaml', policyText().replace('defaultProfile: assistant\n', ''));
    expect(await explain(none, '--tool', 'read_file')).toMatchObject({ code: 2 });
  });
});

describe('policy explain --calls', () => {
  const calls = async (text: string, ...more: readonly string[]): Promise<readonly Record<string, unknown>[]> => {
    const { out, code } = await explain(file, '--json', '--calls', files.write('calls.jsonl', text), ...more);
    expect(code).toBe(0);
    return out
      .split('\n')
      .filter((each) => each !== '')
      .map((each) => JSON.parse(each) as Record<string, unknown>);
  };

  const mailTo = (more: string): string => `{"tool":"send_email"${more},"input":${mail('bob@example.com')}}`;

  test('what was seen counts: of the line, else of --seen', async () => {
    const lines = [mailTo(''), mailTo(',"seen":["private"]'), mailTo(',"seen":[]')].join('\n');
    const kinds = async (...more: readonly string[]): Promise<unknown> =>
      (await calls(lines, ...more)).map(({ kind, rule }) => `${String(kind)} ${String(rule)}`);
    expect(await kinds()).toEqual(['ask mail-known', 'deny leak', 'ask mail-known']);
    expect(await kinds('--seen', 'private')).toEqual(['deny leak', 'deny leak', 'ask mail-known']);
  });

  test('--profile is for lines that name none', async () => {
    const lines = [mailTo(''), mailTo(',"profile":"assistant"')].join('\n');
    expect((await calls(lines, '--profile', 'reader')).map(({ kind }) => kind)).toEqual(['deny', 'ask']);
  });

  test.each([
    ['an unknown key', ',"sene":["private"]', 'unknown key "sene"'],
    ['a label that there is not', ',"seen":["privat"]', 'no label "privat"; known: private, untrusted'],
    ['labels that are no list', ',"seen":"private"', 'not a list of labels'],
  ])('S2: %s is a denial that says so', async (_, more, words) => {
    const answers = await calls(mailTo(more));
    expect(answers).toEqual([{ tool: 'send_email', kind: 'deny', rule: null, why: expect.stringContaining(words) }]);
  });

  test('lines far longer than any call are denied, and the next one is read', async () => {
    const good = '{"tool":"read_file","input":{"path":"notes/a"}}';
    const long = `{"tool":"read_file","input":{"path":"${'a'.repeat(3_000_000)}"}}`;
    const answers = await calls(`${good}\n${long}\n${good}\n${long}`);
    expect(answers.map(({ kind }) => kind)).toEqual(['allow', 'deny', 'allow', 'deny']);
    expect(answers[1]).toEqual({ tool: '', kind: 'deny', rule: null, why: expect.stringContaining('longer than') });
  });

  test('characters that stand across two pieces of the file are read whole', async () => {
    const line = JSON.stringify({ tool: 'read_file', input: { path: `notes/${'ä€😀'.repeat(20)}` } });
    const answers = await calls(`${Array.from({ length: 1000 }, () => line).join('\n')}\n`);
    expect(answers).toHaveLength(1000);
    expect(answers.every(({ kind }) => kind === 'allow')).toBe(true);
  });

  test('a count that is never reached in a first call does not deny it', async () => {
    file = files.write(
      'policy.yaml',
      policyText(RULES, 'limits: { sameAction: { read_file: 1 }, actions: { read_file: 1 } }'),
    );
    const good = '{"tool":"read_file","input":{"path":"notes/a"}}';
    expect((await calls(`${good}\n${good}\n`)).map(({ kind }) => kind)).toEqual(['allow', 'allow']);
  });

  test('for people: one line each', async () => {
    const path = files.write('calls.jsonl', '{"tool":"read_file","input":{"path":"notes/a"}}\n{\n');
    const { out } = await explain(file, '--calls', path);
    expect(out).toBe('allow read_file notes: The rule "notes" says so.\ndeny   –: The line is not JSON.\n');
  });
});
