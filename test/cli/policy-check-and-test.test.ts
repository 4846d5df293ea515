import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { approversYaml, newSigner } from '../support/harness.ts';
import type { PolicyFolder } from './policy-files.ts';
import { FLOWS, RULES, STACK, policyText, sharedPolicyFolder } from './policy-files.ts';

const files = sharedPolicyFolder();

const TESTS = `tests:
  - { name: strangers get no mail, call: { tool: send_email, input: { to: [m@evil.io], subject: a, body: b } }, expect: deny }
  - { name: friends are asked about, call: { tool: send_email, input: { to: [m@example.com], subject: a, body: b } }, expect: { ask: mail-known } }`;
const EXAMPLES =
  '{ id: notes, tool: read_file, allow: { path: { under: notes } }, examples: { match: [{ path: notes/a }], noMatch: [{ path: drafts/a }] } }';

describe('policy test', () => {
  test('all pass: a table, the count, exit code 0', async () => {
    const file = files.write('good.yaml', policyText([EXAMPLES, ...RULES.slice(1)], TESTS));
    const { code, out } = await files.policy('test', file);
    expect(code).toBe(0);
    expect(out).toBe(
      [
        'WHAT                      EXPECTED           DECIDED            RESULT',
        'notes: example match 1    matches            matches            ok',
        'notes: example noMatch 1  does not match     does not match     ok',
        'strangers get no mail     deny               deny               ok',
        'friends are asked about   ask by mail-known  ask by mail-known  ok',
        '4 passed, 0 failed',
        '',
      ].join('\n'),
    );
  });

  test('what fails is told with why, the rest is run as well, exit code 1', async () => {
    const wrong = EXAMPLES.replace('path: notes/a', 'path: other/a').replace('path: drafts/a', 'path: notes/b');
    const file = files.write(
      'wrong.yaml',
      policyText([wrong, ...RULES.slice(1)], TESTS.replace('expect: deny', 'expect: allow')),
    );
    const { code, out } = await files.policy('test', file);
    expect(code).toBe(1);
    expect(out).toMatch(
      /notes: example match 1 +matches +does not match +FAILED {2}path: "other\/a" is not under notes\n/,
    );
    expect(out).toMatch(/notes: example noMatch 1 +does not match +matches +FAILED {2}the rule speaks of it\n/);
    expect(out).toMatch(
      /strangers get no mail +allow +deny +FAILED {2}No rule allows this\. The nearest, "mail-known"/,
    );
    expect(out).toContain('1 passed, 3 failed');
    expect(await files.policy('check', file)).toMatchObject({ code: 1 });
  });

  test('the same as JSON', async () => {
    const file = files.write('good.yaml', policyText(RULES, TESTS));
    const { out } = await files.policy('test', file, '--json');
    expect(JSON.parse(out)).toMatchObject({
      passed: 2,
      failed: 0,
      runs: [
        { rule: null, what: 'strangers get no mail', expected: 'deny', decided: 'deny', passed: true },
        { what: 'friends are asked about', decided: 'ask by mail-known' },
      ],
    });
  });

  test('a rule that decides, but another one than expected, fails', async () => {
    const rules = [...RULES, '{ id: mail-too, tool: send_email, deny: { to: { some: { oneOf: [m@example.com] } } } }'];
    const file = files.write('other.yaml', policyText(rules, TESTS));
    expect((await files.policy('test', file)).out).toMatch(/friends .* ask by mail-known +deny by mail-too +FAILED/);
  });

  test('nothing to run is said, and is no failure', async () => {
    const file = files.write('none.yaml', policyText());
    expect(await files.policy('test', file)).toMatchObject({ code: 0, out: expect.stringContaining('no examples') });
  });

  test('S11: words of the file are made visible', async () => {
    const file = files.write(
      'deceiving.yaml',
      policyText(RULES, TESTS.replace('strangers', '"a\\u202Eb"').replace('"a\\u202Eb" get no mail', '"a\\u202Eb"')),
    );
    const { out } = await files.policy('test', file);
    expect(out).toContain('a⟨U+202E⟩b');
  });

  test('a file that is missing or broken in another way is not tested', async () => {
    expect(await files.policy('test', '/nonexistent.yaml')).toMatchObject({ code: 3, out: '' });
    const broken = await files.policy(
      'test',
      files.write('broken.yaml', policyText(['{ id: x, tool: nope, allow: {} }'])),
    );
    expect(broken).toMatchObject({ code: 5, out: '', err: expect.stringContaining('policy check') });
    const example = '{ id: x, tool: read_file, allow: { path: { under: a } }, examples: { noMatch: [{ pth: b }] } }';
    expect(await files.policy('test', files.write('slip.yaml', policyText([example])))).toMatchObject({ code: 5 });
  });
});

describe('policy check gives advice', () => {
  const text = policyText([EXAMPLES, RULES[1] ?? '']);

  test('after "is good", with the line, and exit code 0', async () => {
    const { code, out } = await files.policy('check', files.write('bare.yaml', text));
    expect(code).toBe(0);
    expect(out).toMatch(
      /^\S+ is good: 2 rules, 2 profiles\.\nadvice \(the file is good as it is\):\n {2}line 9, column 5: no example and no test shows what this rule does: mail-known \(/,
    );
    expect((await files.policy('install', files.write('bare.yaml', text))).out).toContain('advice (the file');
  });

  test('--json has it', async () => {
    const { out } = await files.policy('check', files.write('bare.yaml', text), '--json');
    expect(JSON.parse(out)).toMatchObject({ good: true, problems: [], advice: [{ line: 9, column: 5 }] });
  });

  test('none where there is none, and none beside problems', async () => {
    const good = await files.policy('check', files.write('good.yaml', policyText([EXAMPLES])));
    expect(good.out).not.toContain('advice');
    const bad = await files.policy('check', files.write('bad.yaml', 'rules: 1'), '--json');
    expect(JSON.parse(bad.out)).toMatchObject({ good: false, advice: [] });
  });
});

describe('policy check of a broken file', () => {
  const next = 'Once this is mended there are further checks: ';

  test.each([
    ['YAML', 'rules: [', `${next}the keys of the file, what rules say, lints, tests.`],
    ['a key', policyText(RULES, 'zebra: 1'), `${next}what rules say, lints, tests.`],
    ['a rule', policyText(['{ id: x, tool: nope, allow: {} }']), `${next}lints, tests.`],
  ])('at %s: what was not reached yet is told', async (_, text, words) => {
    const { code, err } = await files.policy('check', files.write('early.yaml', text));
    expect(code).toBe(1);
    expect(err.trimEnd().split('\n').at(-1)).toBe(words);
  });

  test('nothing is left after the tests of the file', async () => {
    const { code, err } = await files.policy(
      'check',
      files.write('late.yaml', policyText(RULES, TESTS.replace('deny', 'allow'))),
    );
    expect(code).toBe(1);
    expect(err).not.toContain('further checks');
  });
});

describe('policy check --approvers', () => {
  const directory = (): string => files.write('approvers.yaml', `${approversYaml([newSigner('alice')])}  nobody: []\n`);
  const check = (rules: readonly string[], more = ''): ReturnType<PolicyFolder['policy']> =>
    files.policy('check', files.write('policy.yaml', policyText(rules, more)), '--approvers', directory());

  test('good where somebody may answer each ask', async () => {
    expect(await check(RULES, FLOWS)).toMatchObject({ code: 0, out: expect.stringContaining('is good') });
  });

  test('a name that nobody bears is told with its place and a suggestion', async () => {
    const rule = '{ id: a, tool: read_file, ask: { path: { any: true } }, approval: { by: [owner, alise] } }';
    const { code, err } = await check([...RULES, rule]);
    expect(code).toBe(1);
    expect(err).toMatch(
      /policy\.yaml: line 10, column \d+: .*no person and no group "alise" \(did you mean "alice"\?\)$/m,
    );
  });

  test('a group without people is told, in rules, flows and the default', async () => {
    const rule = '{ id: a, tool: read_file, ask: { path: { any: true } }, approval: { by: [nobody] } }';
    const flow = FLOWS.replace('then: deny, why: nothing leaks', 'then: ask, approval: { by: [nobody] }');
    const { code, err } = await check([...RULES, rule], flow);
    expect(code).toBe(1);
    expect(err.match(/means nobody in the approver directory/g)).toHaveLength(2);
    const fallback = files.write('policy.yaml', policyText().replace('by: [owner]', 'by: [nobody]'));
    const ran = await files.policy('check', fallback, '--approvers', directory());
    expect(ran).toMatchObject({ code: 1, err: expect.stringMatching(/line 6, column \d+: nobody means nobody/) });
  });

  test('with other problems of the file, and as JSON', async () => {
    const file = files.write('policy.yaml', policyText([]).replace('by: [owner]', 'by: [owners]'));
    const { out, code } = await files.policy('check', file, '--json', '--approvers', directory());
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      good: false,
      problems: [{ line: 6, suggestion: 'did you mean "owner"?' }],
    });
    const good = await files.policy('check', files.write('policy.yaml', policyText()), '--json');
    expect(JSON.parse(good.out)).toMatchObject({ good: true, problems: [] });
  });

  test('a directory that is missing or broken', async () => {
    const file = files.write('policy.yaml', policyText());
    expect(await files.policy('check', file, '--approvers', '/nonexistent')).toMatchObject({ code: 3 });
    const ran = await files.policy('check', file, '--approvers', files.write('a.yaml', 'version: 2'));
    expect(ran).toMatchObject({ code: 5, err: expect.stringContaining('is broken: line 1') });
    expect(ran.err).not.toMatch(STACK);
  });
});

describe('a file that is none is refused, and nobody waits for it', () => {
  const pipe = (name: string): string => {
    const path = join(files.folder, name);
    execFileSync('mkfifo', [path]);
    return path;
  };

  test('a named pipe, as policy or as approver directory', async () => {
    const good = files.write('good.yaml', policyText());
    for (const argv of [
      ['check', pipe('policy.pipe')],
      ['check', good, '--approvers', pipe('approvers.pipe')],
      ['test', pipe('tested.pipe')],
      ['install', pipe('installed.pipe')],
    ]) {
      const { code, err } = await files.policy(...argv);
      expect(code).toBe(5);
      expect(err).toContain('is no regular file.');
    }
  });

  test('a file of more than 256 KB, and one that is not UTF-8', async () => {
    const long = files.write('long.yaml', '#'.repeat(300 * 1024));
    expect(await files.policy('check', long)).toMatchObject({ code: 5, err: expect.stringContaining('256 KB') });
    writeFileSync(long, Buffer.from([0x23, 0xff]));
    expect(await files.policy('check', long)).toMatchObject({ code: 5, err: expect.stringContaining('not UTF-8') });
  });
});
