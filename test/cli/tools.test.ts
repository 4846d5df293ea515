/** Declared tools at the command line: one file, known to every command. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { purchaseYaml } from '../declared/support.ts';
import type { PolicyFolder } from './policy-files.ts';
import { STACK, policyFolder, withoutSettings } from './policy-files.ts';
import { runCli } from './run-cli.ts';

let own: PolicyFolder;
let restore: () => void;
beforeAll(() => {
  restore = withoutSettings();
  own = policyFolder();
  own.write('elsewhere.yaml', TOOLS);
  own.write('broken.yaml', TOOLS.replace('{price}', '{prize}'));
  own.write('policy.yaml', POLICY);
  own.write('calls.jsonl', `{"tool":"purchase","input":${INPUT}}\n`);
});
afterAll(() => {
  own.remove();
  restore();
});
beforeEach(() => {
  rmSync(join(own.folder, 'tools.yaml'), { force: true });
  delete process.env['COUNTERSIGN_TOOLS'];
});

const TOOLS = purchaseYaml('https://shop.example');
const POLICY = `version: 1
profiles: { buyer: { grant: [purchase], startable: true } }
defaultProfile: buyer
approval: { by: [owner] }
rules:
  - { id: buys, tool: purchase, ask: { item: { any: true }, quantity: { max: 5 }, total: { max: 20.00 EUR } } }
limits: { sums: [{ id: spend, tool: purchase, argument: total, max: 50.00 EUR }] }
tests:
  - name: a kettle
    call: { tool: purchase, input: { item: A-17, quantity: 1, total: { minor: 1250, currency: EUR } } }
    expect: { ask: buys }
`;
const INPUT = '{"item":"A-17","quantity":1,"total":{"minor":1250,"currency":"EUR"}}';
const path = (name: string): string => join(own.folder, name);
const cli = (...argv: readonly string[]) => runCli(['--state', own.folder, ...argv]);

const EVERYWHERE: readonly (readonly string[])[] = [
  ['policy', 'check', 'policy.yaml'],
  ['policy', 'test', 'policy.yaml'],
  ['policy', 'show', 'policy.yaml'],
  ['policy', 'show', 'policy.yaml', '--for', 'agent'],
  ['policy', 'explain', 'policy.yaml', '--tool', 'purchase', '--input', INPUT],
  ['policy', 'explain', 'policy.yaml', '--calls', 'calls.jsonl'],
  ['policy', 'diff', 'policy.yaml', 'policy.yaml', '--calls', 'calls.jsonl'],
  ['policy', 'install', 'policy.yaml', '--to', 'installed.yaml', '--dry-run'],
  ['tools', 'show', 'purchase'],
];
const located = (argv: readonly string[]): string[] =>
  argv.map((word) => (/\.(yaml|jsonl)$/.test(word) ? path(word) : word));

describe.each(EVERYWHERE.map((argv) => ({ argv, name: argv.join(' ') })))('$name', ({ argv }) => {
  test('knows the declared tools by --tools, by COUNTERSIGN_TOOLS and by the state folder, in this order', async () => {
    expect((await cli(...located(argv))).code).not.toBe(0);
    const named = await cli('--tools', path('elsewhere.yaml'), ...located(argv));
    expect(named).toMatchObject({ code: 0 });
    process.env['COUNTERSIGN_TOOLS'] = path('elsewhere.yaml');
    expect(await cli(...located(argv))).toEqual(named);
    own.write('tools.yaml', 'version: 1\ntools: []\n');
    expect(await cli(...located(argv))).toEqual(named);
    delete process.env['COUNTERSIGN_TOOLS'];
    own.write('tools.yaml', TOOLS);
    expect(await cli(...located(argv))).toEqual(named);
  });

  test('S2: a broken file of tools is refused with what is wrong, and never taken for none', async () => {
    const { code, err } = await cli('--tools', path('broken.yaml'), ...located(argv));
    expect(code).toBe(5);
    expect(err).toMatch(/broken\.yaml is broken:\n {2}line \d+, column \d+: there is no "prize".*did you mean "price"/);
    expect(err).not.toMatch(STACK);
  });
});

describe('countersign tools', () => {
  test('check says that a file is good, or all that is wrong', async () => {
    expect(await cli('tools', 'check', path('elsewhere.yaml'))).toMatchObject({
      code: 0,
      out: `${path('elsewhere.yaml')} is good: 1 tool: purchase.\n`,
    });
    const broken = await cli('tools', 'check', path('broken.yaml'));
    expect(broken).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/^.*broken\.yaml: line \d+, column \d+: /),
    });
    const json = await cli('--json', 'tools', 'check', path('broken.yaml'));
    expect(JSON.parse(json.out)).toMatchObject({ good: false, problems: [{ line: expect.any(Number) }], tools: [] });
    expect(await cli('tools', 'check')).toMatchObject({ code: 2 });
    expect(await cli('tools', 'check', path('none.yaml'))).toMatchObject({ code: 3 });
  });

  test('check says what it has not looked at yet', async () => {
    const further = 'Once this is mended there are further checks: what the tools say.\n';
    own.write('shape.yaml', TOOLS.replace('name: purchase', 'nam: purchase'));
    expect((await cli('tools', 'check', path('shape.yaml'))).err).toContain(further);
    expect((await cli('tools', 'check', path('broken.yaml'))).err).not.toContain('further');
  });

  test('check advises of a private address that the worker was not told to call', async () => {
    const origins = ['http://127.0.0.1:4010', 'http://localhost:8080', 'http://10.1.2.3', 'http://[::1]:80'];
    for (const origin of origins) {
      own.write('near.yaml', purchaseYaml(origin));
      const { code, out } = await cli('tools', 'check', path('near.yaml'));
      expect(code).toBe(0);
      expect(out).toContain(`COUNTERSIGN_PRIVATE_ORIGINS=${new URL(origin).origin}`);
    }
    expect((await cli('tools', 'check', path('elsewhere.yaml'))).out).not.toContain('PRIVATE_ORIGINS');
    process.env['COUNTERSIGN_PRIVATE_ORIGINS'] = 'https://a.example, http://127.0.0.1:4010';
    own.write('near.yaml', purchaseYaml('http://127.0.0.1:4010'));
    expect((await cli('tools', 'check', path('near.yaml'))).out).not.toContain('PRIVATE_ORIGINS');
    delete process.env['COUNTERSIGN_PRIVATE_ORIGINS'];
  });

  test('a policy that names a tool that is not known is told how tools become known', async () => {
    const { code, err } = await cli('policy', 'check', path('policy.yaml'));
    expect(code).toBe(1);
    expect(err).toContain('there is no tool "purchase"');
    expect(err).toContain('--tools FILE');
  });

  test('a declared tool cannot take the name of one of countersign', async () => {
    own.write('clash.yaml', TOOLS.replace('name: purchase', 'name: send_email'));
    expect(await cli('tools', 'check', path('clash.yaml'))).toMatchObject({
      code: 1,
      err: expect.stringContaining('there is another tool named "send_email"'),
    });
  });

  test('list and show tell every tool and where it is from', async () => {
    own.write('tools.yaml', TOOLS);
    const { out } = await cli('tools', 'list');
    expect(out).toMatch(/^http_request +make_api_calls +countersign /m);
    expect(out).toMatch(/^purchase +purchase +declared +Buys a number/m);
    const shown = (await cli('tools', 'show', 'purchase')).out;
    expect(shown).toContain('permission: purchase; results are marked: untrusted; acts');
    expect(shown).toMatch(/^total +money +what all of it costs/m);
    expect(await cli('tools', 'show', 'purchases')).toMatchObject({
      code: 3,
      err: expect.stringContaining('did you mean "purchase"?'),
    });
    expect(JSON.parse((await cli('--json', 'tools', 'show', 'purchase')).out)).toMatchObject({
      from: 'declared',
      onlyReads: false,
    });
  });
});

test('the JSON Schema of policies knows the arguments of a declared tool', async () => {
  const schema = async (): Promise<string> => (await cli('policy', 'schema')).out;
  expect((await schema()).includes('"quantity"')).toBe(false);
  own.write('tools.yaml', TOOLS);
  expect((await schema()).includes('"quantity"')).toBe(true);
});

describe('doctor', () => {
  const declared = async (): Promise<unknown> => {
    const { out } = await cli('--json', 'doctor');
    return (JSON.parse(out) as { what: string }[]).filter(({ what }) => ['declared tools', 'policy'].includes(what));
  };

  test('looks at the file, and at the policy with its tools', async () => {
    own.write('tools.yaml', TOOLS);
    expect(await declared()).toMatchObject([
      { what: 'declared tools', state: 'ok', says: path('tools.yaml') },
      { what: 'policy', state: 'ok' },
    ]);
  });

  test('a broken one is wrong, one that is not there too, and a folder', async () => {
    own.write('tools.yaml', TOOLS.replace('{price}', '{prize}'));
    expect(await declared()).toMatchObject([
      { state: 'wrong', says: expect.stringContaining('there is no "prize"') },
      {},
    ]);
    process.env['COUNTERSIGN_TOOLS'] = path('none.yaml');
    expect(await declared()).toMatchObject([{ state: 'wrong', says: expect.stringContaining('is not there') }, {}]);
    mkdirSync(path('folder.yaml'));
    process.env['COUNTERSIGN_TOOLS'] = path('folder.yaml');
    expect(await declared()).toMatchObject([{ state: 'wrong' }, {}]);
  });
});

describe('a worker', () => {
  const worker = (): ReturnType<typeof cli> => cli('worker', '--roles', 'web', '--embedded', '127.0.0.1:1');

  test('S2: a broken file of tools stops it at its start, with the problems in words', async () => {
    process.env['COUNTERSIGN_TOOLS'] = path('broken.yaml');
    const { code, err } = await worker();
    expect(code).toBe(5);
    expect(err).toContain('there is no "prize" to put here');
    expect(err).not.toMatch(STACK);
  });

  test('takes --tools like the setting, and S12: from the workspace neither', async () => {
    expect(
      (await cli('--tools', path('broken.yaml'), 'worker', '--roles', 'web', '--embedded', '127.0.0.1:1')).err,
    ).toContain('there is no "prize"');
    mkdirSync(path('workspace'));
    own.write('workspace/tools.yaml', TOOLS);
    const law = { COUNTERSIGN_POLICY: path('policy.yaml'), COUNTERSIGN_APPROVERS: path('approvers.yaml') };
    Object.assign(process.env, law, { COUNTERSIGN_WORKSPACE: path('workspace') });
    const files = ['worker', '--roles', 'files', '--embedded', '127.0.0.1:1'];
    const inside = await cli('--tools', path('workspace/tools.yaml'), ...files);
    process.env['COUNTERSIGN_TOOLS'] = path('workspace/tools.yaml');
    const bySetting = await cli(...files);
    for (const name of [...Object.keys(law), 'COUNTERSIGN_WORKSPACE']) delete process.env[name];
    for (const { code, err } of [inside, bySetting]) {
      expect(code).toBe(5);
      expect(err).toContain('could change its own rules');
    }
  });

  test('does not take the file of the state folder unasked: its settings are its environment', async () => {
    own.write('tools.yaml', 'version: 2');
    expect((await worker()).err).toContain('COUNTERSIGN_POLICY');
  });
});
