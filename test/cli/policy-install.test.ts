import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../../src/proof/digest.ts';
import { approversYaml, newSigner } from '../support/harness.ts';
import type { PolicyFolder } from './policy-files.ts';
import { RULES, STACK, policyFolder, policyText, withoutSettings } from './policy-files.ts';
import type { Ran } from './run-cli.ts';

let files: PolicyFolder;
let restore: () => void;
let target: string;
const OLD = policyText(RULES.slice(0, 1));
const NEW = policyText();

beforeEach(() => {
  restore = withoutSettings();
  files = policyFolder();
  target = join(files.folder, 'policy.yaml');
});
afterEach(() => {
  files.remove();
  restore();
});

const install = (text: string, ...more: readonly string[]): Promise<Ran> =>
  files.policy('install', files.write('candidate.yaml', text), ...more);
const inForce = (): string => readFileSync(target, 'utf8');
const leftovers = (): readonly string[] => readdirSync(files.folder).filter((name) => name.includes('.part'));

describe('policy install', () => {
  test('swaps the file of the state folder, keeps the old one, shows what changes and both hashes', async () => {
    writeFileSync(target, OLD);
    const { code, out } = await install(NEW);
    expect(code).toBe(0);
    expect(inForce()).toBe(NEW);
    expect(readFileSync(`${target}.previous`, 'utf8')).toBe(OLD);
    expect(out).toContain('rule mail-known added');
    expect(out).toMatch(/LOOSER {3}send_email: deny by no rule → ask of owner within 4h by rule mail-known/);
    expect(out).toContain(`installed  ${target}  SHA-256 ${sha256(NEW)}`);
    expect(out).toContain(`replaced   ${target}.previous  SHA-256 ${sha256(OLD)}`);
    expect(leftovers()).toEqual([]);
  });

  test('where COUNTERSIGN_POLICY says, and before that where --to says', async () => {
    const [named, told] = [join(files.folder, 'named.yaml'), join(files.folder, 'told.yaml')];
    process.env['COUNTERSIGN_POLICY'] = named;
    expect(await install(NEW)).toMatchObject({ code: 0 });
    expect(readFileSync(named, 'utf8')).toBe(NEW);
    expect(await install(NEW, '--to', told)).toMatchObject({ code: 0 });
    expect(readFileSync(told, 'utf8')).toBe(NEW);
    expect(existsSync(target)).toBe(false);
  });

  test('keeps the mode of the file that it replaces', async () => {
    for (const mode of [0o600, 0o640, 0o664]) {
      writeFileSync(target, `${OLD}# ${mode}\n`);
      chmodSync(target, mode);
      expect(await install(NEW)).toMatchObject({ code: 0 });
      expect(statSync(target).mode & 0o777).toBe(mode);
      expect(statSync(`${target}.previous`).mode & 0o777).toBe(mode);
    }
  });

  test('works where the file in force is broken, and where there is none', async () => {
    writeFileSync(target, 'rules: [');
    const over = await install(NEW);
    expect(over).toMatchObject({ code: 0, out: expect.stringContaining('everything was denied') });
    expect(readFileSync(`${target}.previous`, 'utf8')).toBe('rules: [');
    rmSync(target);
    rmSync(`${target}.previous`);
    expect(await install(NEW)).toMatchObject({ code: 0 });
    expect(inForce()).toBe(NEW);
    expect(existsSync(`${target}.previous`)).toBe(false);
  });

  test('keeps what is not UTF-8 byte for byte, with the hash of its bytes', async () => {
    const bytes = Buffer.concat([Buffer.from(OLD), Buffer.from([0x23, 0xff, 0xfe])]);
    writeFileSync(target, bytes);
    const { code, out } = await install(NEW);
    expect(code).toBe(0);
    expect(readFileSync(`${target}.previous`)).toEqual(bytes);
    expect(out).toContain(`replaced   ${target}.previous  SHA-256 ${sha256(bytes)}`);
    expect(out).toContain('no diff could be made');
  });

  test('compares with what does not load any more, by its tests or by a lint, and says that it denied everything', async () => {
    const test = 'tests: [{ name: t, call: { tool: read_file, input: { path: notes/a } }, expect: deny }]';
    const shadowed = '{ id: shut, tool: read_file, deny: { path: { any: true } } }';
    for (const old of [policyText(RULES.slice(0, 1), test), policyText([...RULES.slice(0, 1), shadowed])]) {
      writeFileSync(target, old);
      const looser = await install(NEW, '--no-looser');
      expect(looser.code).toBe(1);
      const { code, out } = await install(NEW);
      expect(code).toBe(0);
      expect(out).toContain('does not load in this version: everything was denied. Allowed now');
      expect(out).toContain('rule mail-known added');
    }
  });

  test('the very same file changes nothing, and does not forget the one before', async () => {
    writeFileSync(target, OLD);
    await install(NEW);
    const again = await install(NEW);
    expect(again).toMatchObject({ code: 0, out: expect.stringContaining('nothing was changed') });
    expect(readFileSync(`${target}.previous`, 'utf8')).toBe(OLD);
  });

  test('as JSON', async () => {
    writeFileSync(target, OLD);
    const { out } = await install(NEW, '--json');
    expect(JSON.parse(out)).toMatchObject({
      installed: target,
      policySha: sha256(NEW),
      previousSha: sha256(OLD),
      previous: `${target}.previous`,
      diff: { structure: [{ part: 'rule', name: 'mail-known', change: 'added' }] },
    });
  });
});

describe('the first install', () => {
  test('says what is allowed now without asking', async () => {
    const { out } = await install(NEW);
    expect(out).toContain(
      'Allowed now without asking anyone:\n  read_file where path is in or under notes (rule notes)\nadvice ',
    );
    rmSync(target);
    const asking = await install(policyText(RULES.slice(1)));
    expect(asking.out).toContain('Nothing is allowed now without asking someone.');
  });

  test('is short, whatever the number of rules', async () => {
    const many = Array.from(
      { length: 60 },
      (_, n) => `{ id: r${n}, tool: read_file, allow: { path: { under: f${n} } } }`,
    );
    const { out } = await install(policyText(many));
    expect(out.split('\n').length).toBeLessThan(30);
    expect(out).toContain('and 40 more');
  });
});

describe('--dry-run', () => {
  test('checks and compares, and changes nothing', async () => {
    writeFileSync(target, OLD);
    const { code, out } = await install(NEW, '--dry-run');
    expect(code).toBe(0);
    expect(out).toContain('LOOSER   rule mail-known added');
    expect(out).toContain(`would be installed as ${target}`);
    const json = await install(NEW, '--dry-run', '--json');
    expect(JSON.parse(json.out)).toMatchObject({ installed: null, previous: null, diff: { counts: {} } });
    expect(inForce()).toBe(OLD);
    expect(existsSync(`${target}.previous`)).toBe(false);
  });

  test('refuses what would be refused: a bad policy, a place that is none', async () => {
    expect(await install('rules: 1', '--dry-run')).toMatchObject({ code: 5 });
    expect(await install(NEW, '--dry-run', '--to', join(files.folder, 'no', 'policy.yaml'))).toMatchObject({ code: 3 });
  });
});

describe('--no-looser', () => {
  const TESTED = `${OLD}tests: [{ name: t, call: { tool: read_file, input: { path: secret } }, expect: deny }]\n`;

  test.each<[string, string | null, string]>([
    ['a rule that opens', OLD, NEW],
    ['a limit that is gone', `${OLD}limits: { cost: 5.00 USD }\n`, OLD],
    ['a test that is gone', TESTED, OLD],
    [
      'a rule that is written otherwise, and no sample shows what for',
      OLD,
      OLD.replace('under: notes', 'under: [notes]'),
    ],
    ['another default profile', OLD, OLD.replace('defaultProfile: assistant', 'defaultProfile: reader')],
    ['where nothing was in force, whatever opens', null, OLD],
    ['where what was in force was broken', 'rules: [', OLD],
  ])('refuses with exit code 1: %s', async (_, before, after) => {
    if (before !== null) writeFileSync(target, before);
    const { code, err } = await install(after, '--no-looser');
    expect(code).toBe(1);
    expect(err).toContain('is not installed: it is looser');
    expect(existsSync(target) ? inForce() : null).toBe(before);
    expect(existsSync(`${target}.previous`)).toBe(false);
  });

  test('lets pass what is tighter, and what is the same', async () => {
    writeFileSync(target, NEW);
    expect(await install(OLD, '--no-looser')).toMatchObject({ code: 0 });
    expect(await install(OLD, '--no-looser')).toMatchObject({ code: 0 });
    const told = OLD.replace('tool: read_file,', 'tool: read_file, why: For work.,');
    expect(await install(told, '--no-looser')).toMatchObject({ code: 0 });
    expect(inForce()).toBe(told);
  });
});

describe('nothing is changed where the policy', () => {
  const failing = 'tests: [{ name: t, call: { tool: read_file, input: { path: notes/a } }, expect: deny }]';
  const example = '{ id: n, tool: read_file, allow: { path: { under: a } }, examples: { match: [{ path: b }] } }';

  test.each<[string, string | Buffer, string, readonly string[]]>([
    ['is broken', 'version: 1\nrulez: []\n', 'unknown key "rulez"', []],
    ['has a test that fails', policyText(RULES, failing), 'the test "t" fails', []],
    ['has an example that fails', policyText([example]), 'does not match', []],
    ['is not UTF-8', Buffer.concat([Buffer.from(NEW), Buffer.from([0x23, 0xff])]), 'not UTF-8', []],
    ['asks people who are not there', NEW, 'no person and no group "owner"', ['--approvers', 'others']],
  ])('%s', async (_, text, words, more) => {
    writeFileSync(target, OLD);
    const candidate = join(files.folder, 'candidate.yaml');
    writeFileSync(candidate, text);
    const others = approversYaml([newSigner('alice')]).replace('owner:', 'others:');
    const argv = more.map((each) => (each === 'others' ? files.write('approvers.yaml', others) : each));
    const { code, err } = await files.policy('install', candidate, ...argv);
    expect(code).toBe(5);
    expect(err).toContain(words);
    expect(err).not.toMatch(STACK);
    expect(inForce()).toBe(OLD);
    expect(existsSync(`${target}.previous`)).toBe(false);
  });

  test('is not there', async () => {
    expect(await files.policy('install', '/nonexistent.yaml')).toMatchObject({ code: 3 });
  });
});

describe('nothing is changed where the place', () => {
  test('is a link', async () => {
    const real = files.write('real.yaml', OLD);
    symlinkSync(real, target);
    expect(await install(NEW)).toMatchObject({ code: 5, err: expect.stringContaining('is a link') });
    expect(readFileSync(real, 'utf8')).toBe(OLD);
  });

  test('is a folder', async () => {
    mkdirSync(target);
    expect(await install(NEW)).toMatchObject({ code: 5, err: expect.stringContaining('is a folder') });
    const named = await install(NEW, '--to', files.folder);
    expect(named).toMatchObject({
      code: 5,
      err: expect.stringContaining(`name the file: ${files.folder}/policy.yaml`),
    });
  });

  test('has a folder where the old one would be kept', async () => {
    writeFileSync(target, OLD);
    mkdirSync(`${target}.previous`);
    expect(await install(NEW)).toMatchObject({ code: 5, err: expect.stringContaining('as it was') });
    expect(inForce()).toBe(OLD);
    expect(leftovers()).toEqual([]);
  });

  test('is in a folder that is not there', async () => {
    const ran = await install(NEW, '--to', join(files.folder, 'no', 'policy.yaml'));
    expect(ran).toMatchObject({ code: 3, err: expect.stringContaining('There is no folder') });
  });

  test('a link at the name of the old one is replaced, not followed', async () => {
    const bystander = files.write('bystander.yaml', 'keep me');
    writeFileSync(target, OLD);
    symlinkSync(bystander, `${target}.previous`);
    expect(await install(NEW)).toMatchObject({ code: 0 });
    expect(readFileSync(bystander, 'utf8')).toBe('keep me');
    expect(readFileSync(`${target}.previous`, 'utf8')).toBe(OLD);
  });
});
