import { describe, expect, test } from '@jest/globals';
import { FLOWS, RULES, STACK, policyText, sharedPolicyFolder } from './policy-files.ts';
import type { Ran } from './run-cli.ts';

const files = sharedPolicyFolder();

const diff = (old: string, next: string, ...more: readonly string[]): Promise<Ran> =>
  files.policy('diff', files.write('old.yaml', old), files.write('new.yaml', next), ...more);
const NOTES_OPEN = [...RULES, '{ id: drafts, tool: read_file, allow: { path: { under: drafts } } }'];

describe('policy diff', () => {
  test('exit code 0 where nothing changes, whatever the order and the comments', async () => {
    const shuffled = `# another comment\n${policyText(RULES.toReversed())}`;
    const { code, out } = await diff(policyText(), shuffled);
    expect(code).toBe(0);
    expect(out).toMatch(
      /^old {2}.*old\.yaml {2}SHA-256 [0-9a-f]{64}\nnew {2}.*new\.yaml {2}SHA-256 [0-9a-f]{64}\nchanges of parts: none; of decisions: none\n\d+ sample calls .* samples, not a proof\. .* limits are compared as parts\.\n$/,
    );
  });

  test('exit code 1 where decisions change: parts, and one example for each kind of change', async () => {
    const { code, out } = await diff(policyText(), policyText(NOTES_OPEN));
    expect(code).toBe(1);
    expect(out).toMatch(/^changes of parts: 1 looser; of decisions: 1 looser\n/m);
    expect(out).toContain(
      'LOOSER   rule drafts added\n    + { id: drafts, tool: read_file, allow: { path: { under: drafts } } }',
    );
    expect(out).toMatch(
      /LOOSER {3}read_file: deny by no rule → allow by rule drafts {2}\[\d+ samples, for assistant, reader\]\n {4}like \{"path":"drafts"\}\n/,
    );
  });

  test('other words alone change nothing that is decided', async () => {
    const { code, out } = await diff(policyText(), policyText(RULES).replace('Mail leaves', 'Post leaves'));
    expect(code).toBe(0);
    expect(out).toContain('rule mail-known changed (nothing is decided by this)');
  });

  test('what the file says is shown as the file says it: durations, amounts, no number of ms', async () => {
    const before = 'limits: { wallTime: 2d, sums: [] }';
    const after = 'limits: { wallTime: 7d, cost: 5.00 USD }';
    const { out } = await diff(
      policyText(RULES, before),
      policyText(RULES, after).replace('expires: 4h', 'expires: 2d'),
    );
    expect(out).toContain('LOOSER   limit wallTime changed\n    - 2d\n    + 7d\n');
    expect(out).toContain('LOOSER   approval changed\n    - expires: 4h\n    + expires: 2d\n');
    expect(out).toContain('TIGHTER  limit cost added\n    + 5.00 USD\n');
    expect(out).toContain(
      'send_email: ask of owner within 4h → ask of owner within 2d, where the file’s own approval holds',
    );
    expect(out).not.toMatch(/rule mail-known changed|[mM]s\b/);
  });

  test('a long part is never cut: what differs of it is shown whole, element by element', async () => {
    const known = Array.from({ length: 40 }, (_, index) => `colleague${index}@example.com`);
    const to = (list: readonly string[], why: string): string =>
      `{ id: house, tool: send_email, ask: { to: { every: { oneOf: [${list.join(', ')}] }, max: 3 } }, why: "${why}" }`;
    const words = 'Mail leaves the house under your name, and whoever gets it may pass it on to anybody they like. ';
    const { out } = await diff(
      policyText([to(known, `${words}${words}So be it.`)]),
      policyText([to([...known.slice(1), 'm@evil.example'], `${words}${words}So be it!`)]),
    );
    expect(out).toContain(
      [
        'LOOSER   rule house changed',
        '    - ask.to.every.oneOf: colleague0@example.com',
        '    + ask.to.every.oneOf: m@evil.example',
        '',
      ].join('\n'),
    );
    expect(out).toMatch(/ {4}- why: ….*So be it\.'?\n {4}\+ why: ….*So be it!'?\n/);
    expect(out).toContain('like {"to":["m@evil.example"],');
    const added = await diff(policyText([]), policyText([to(known, words)]));
    expect(added.out).toMatch(
      /rule house added\n {4}\+ \{ id: house, .*colleague39@example\.com\].*why: 'Mail leaves .* they like\. ' \}\n/,
    );
  });

  test('an example that is long is shown whole', async () => {
    const folder = `${'deep/'.repeat(60)}end`;
    const { out } = await diff(
      policyText([]),
      policyText([`{ id: deep, tool: read_file, allow: { path: { is: ${folder} } } }`]),
    );
    expect(out).toContain(`like {"path":"${folder}"}\n`);
  });

  test('tests and examples that are dropped are named', async () => {
    const tests = 'tests: [{ name: no drafts, call: { tool: read_file, input: { path: drafts/a } }, expect: deny }]';
    const { code, out } = await diff(policyText(RULES, tests), policyText());
    expect(code).toBe(0);
    expect(out).toContain('LOOSER   tests removed (less is proven when the file is loaded)\n    - [no drafts]\n');
  });

  test('a limit that changes is a change, although no sample shows it', async () => {
    const limited = (n: number): string => policyText(RULES, `limits: { actions: { send_email: ${n} } }`);
    const { code, out } = await diff(limited(1), limited(5));
    expect(code).toBe(1);
    expect(out).toContain('limit actions.send_email changed\n    - 1\n    + 5\n');
  });

  test('flows are tried with what they wait for', async () => {
    const { out } = await diff(policyText(), policyText(RULES, FLOWS));
    expect(out).toMatch(
      /TIGHTER {2}send_email: ask of owner within 4h by rule mail-known → deny by rule leak .*\n {4}like .*, after results marked private\n/,
    );
  });

  test('--profile, --calls and --json', async () => {
    const calls = files.write('calls.jsonl', '{"tool":"read_file","input":{"path":"drafts/very/special.md"}}\n');
    const { out, code } = await diff(
      policyText(),
      policyText(NOTES_OPEN),
      '--profile',
      'reader',
      '--calls',
      calls,
      '--json',
    );
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      old: { policySha: expect.stringMatching(/^[0-9a-f]{64}$/) },
      counts: { parts: { looser: 1, tighter: 0, other: 0 }, decisions: { looser: 1, tighter: 0, other: 0 } },
      structure: [{ part: 'rule', name: 'drafts', change: 'added', direction: 'looser', decides: true, was: null }],
      decisions: { changes: [{ direction: 'looser', profiles: ['reader'] }] },
    });
  });

  test('all of many calls are tried, in a time that grows with their number; what a tool refuses is said', async () => {
    const paths = Array.from({ length: 60_000 }, (_, index) => JSON.stringify({ path: `drafts/${index}` }));
    const calls = files.write(
      'many.jsonl',
      [...paths, '{"path":"/etc/passwd"}'].map((input) => `{"tool":"read_file","input":${input}}\n`).join(''),
    );
    const only = [...RULES, '{ id: last, tool: read_file, allow: { path: { glob: drafts/59999* } } }'];
    const began = Date.now();
    const { out } = await diff(policyText(), policyText(only), '--profile', 'reader', '--calls', calls);
    expect(Date.now() - began).toBeLessThan(15_000);
    expect(Number(/^(\d+) sample calls/m.exec(out)?.[1])).toBeGreaterThan(60_000);
    expect(out).toContain('1 call of --calls was not tried: the tool refuses its arguments, under any policy.');
  }, 30_000);

  test('a profile that only one file has stands among the parts', async () => {
    const more = policyText().replace('defaultProfile', '  third: { grant: [] }\ndefaultProfile');
    const { out, code } = await diff(policyText(), more);
    expect(code).toBe(1);
    expect(out).toContain('profile third added');
    expect(await diff(policyText(), more, '--profile', 'third')).toMatchObject({ code: 1 });
  });

  test.each<[number, string, readonly string[], string]>([
    [3, 'a profile that neither has', ['--profile', 'x'], 'known: assistant, reader'],
    [3, 'calls that are not there', ['--calls', '/nonexistent'], 'Cannot read'],
  ])('%d for %s', async (code, _, argv, words) => {
    const ran = await diff(policyText(), policyText(), ...argv);
    expect(ran).toMatchObject({ code, out: '', err: expect.stringContaining(words) });
  });

  test('a call that cannot be read is refused with its line', async () => {
    const calls = files.write('calls.jsonl', '{"tool":"read_file","input":{"path":"a"}}\n{"tool":"reed"}\n');
    const ran = await diff(policyText(), policyText(), '--calls', calls);
    expect(ran).toMatchObject({ code: 2, err: expect.stringContaining('line 2: There is no tool "reed"') });
  });

  test('files that are missing or broken', async () => {
    expect(await files.policy('diff', '/nonexistent', files.write('a.yaml', policyText()))).toMatchObject({ code: 3 });
    const ran = await diff(policyText(), 'rules: 1');
    expect(ran).toMatchObject({ code: 5, out: '' });
    expect(ran.err).not.toMatch(STACK);
  });
});

describe('policy show', () => {
  const show = (...argv: readonly string[]): Promise<Ran> =>
    files.policy('show', files.write('policy.yaml', policyText(RULES, FLOWS)), ...argv);

  test('for people a page, the same each time', async () => {
    const [first, second] = [await show(), await show('--for', 'people')];
    expect(first).toMatchObject({ code: 0, out: expect.stringMatching(/^# What the agent may do\n/) });
    expect(second.out).toBe(first.out);
    expect((await show('--profile', 'reader')).out).toContain(
      '- `send_email`: no profile here is granted `send_email`.',
    );
  });

  test('for the agent the words of its system prompt', async () => {
    expect((await show('--for', 'agent')).out).toMatch(/^Your profile is "assistant"\. Denied is stronger than asked/);
    expect((await show('--for', 'agent', '--profile', 'reader')).out).toContain('Not available to you: list_files');
    const json = JSON.parse((await show('--for', 'agent', '--json')).out) as unknown;
    expect(json).toMatchObject({ for: 'agent', text: expect.stringContaining('assistant') });
  });

  test('what cannot be shown', async () => {
    expect(await show('--for', 'cats')).toMatchObject({ code: 2 });
    expect(await show('--profile', 'cats')).toMatchObject({ code: 3 });
    expect(await files.policy('show', '/nonexistent')).toMatchObject({ code: 3 });
    expect(await files.policy('show', files.write('b.yaml', '['))).toMatchObject({ code: 5 });
  });
});

test('every subcommand has help with an example', async () => {
  for (const name of ['check', 'explain', 'test', 'show', 'diff', 'install', 'backtest']) {
    const { code, out } = await files.policy(name, '--help');
    expect(code).toBe(0);
    expect(out).toContain('Example:\n  countersign policy');
  }
});
