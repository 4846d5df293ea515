import { describe, expect, test } from '@jest/globals';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXAMPLE, UNREACHABLE, cli, state, useExampleTools, useStateFolder } from './state-folder.ts';

useStateFolder();
useExampleTools();

function instanceFile(more: object = {}): void {
  const run = { address: UNREACHABLE, uiUrl: '', mailUrl: '', model: 'none', keyFile: '', approversFile: '' };
  writeFileSync(join(state, 'run.json'), JSON.stringify({ ...run, ...more }));
}

describe('exit codes', () => {
  test.each<[number, string, readonly string[]]>([
    [2, 'no command', []],
    [2, 'an unknown command', ['aprove']],
    [2, 'an unknown option', ['sessions', '--al']],
    [2, 'a missing argument', ['approve']],
    [2, 'neither approve nor deny', ['--address', UNREACHABLE, 'sign', 'c1', 'maybe']],
    [2, 'input that is no JSON', ['--address', UNREACHABLE, 'act', 'read_file', '--input', 'x']],
    [2, 'input that is a list', ['--address', UNREACHABLE, 'act', 'read_file', '--input', '[]']],
    [2, 'a log of nothing', ['log']],
    [2, 'a log of two things', ['log', 'x', '--history', 'y']],
    [2, 'a role that is none', ['worker', '--roles', 'files,root']],
    [2, 'a name that is none', ['keys', 'new', '--name', 'Alice Smith']],
    [3, 'a file that is not there', ['policy', 'check', '/nonexistent/policy.yaml']],
    [3, 'a history that is not there', ['log', '--history', '/nonexistent/history.json']],
    [4, 'no server known', ['sessions']],
    [0, 'help', ['--help']],
    [0, 'version', ['--version']],
  ])('%d for %s', async (code, _, argv) => {
    const ran = await cli(...argv);
    expect(ran.code).toBe(code);
    expect(`${ran.out}${ran.err}`).not.toMatch(/\n\s+at .*:\d+:\d+/);
  });
});

describe('S11: a file may be called anything, and a terminal obeys none of it', () => {
  // eslint-disable-next-line no-control-regex -- what must not reach a terminal
  const OBEYABLE = /[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u200B-\u200F\u202E]/;
  const OBEYED = '\u001b]0;x\u0007\u001b[2K\r\u009b1A\u202e\u200b';
  const name = `p${OBEYED}.yaml`;
  const shown = 'p⟨U+001B⟩]0;x⟨U+0007⟩⟨U+001B⟩[2K⟨U+000D⟩⟨U+009B⟩1A⟨U+202E⟩⟨U+200B⟩.yaml';

  test.each([
    ['one that is not there', (): void => undefined],
    ['a broken one', (file: string): void => writeFileSync(file, 'version: 2')],
    ['a folder', (file: string): void => mkdirSync(file)],
    ['a good one', (file: string): void => writeFileSync(file, readFileSync(EXAMPLE))],
  ])('%s', async (_, make) => {
    const file = join(state, name);
    make(file);
    for (const argv of [
      ['policy', 'check', file],
      ['policy', 'check', EXAMPLE, '--approvers', file],
      ['policy', 'test', file],
      ['policy', 'show', file, '--profile', 'nobody'],
      ['policy', 'diff', file, file],
      ['policy', 'explain', file, '--tool', 'read_file', '--input', '{}'],
      ['policy', 'explain', EXAMPLE, '--calls', file],
      ['policy', 'install', file],
      ['policy', 'install', EXAMPLE, '--to', file],
      ['policy', 'backtest', EXAMPLE, '--history', file],
      ['log', '--history', file],
      ['run', '--actions', file],
      [file],
      ['sessions', `--${name}`],
      ['doctor'],
    ]) {
      process.env['COUNTERSIGN_POLICY'] = file;
      const { out, err } = await cli(...argv);
      expect([argv, `${out}${err}`]).toEqual([argv, expect.not.stringMatching(OBEYABLE)]);
    }
  });

  test('it is told with its characters named', async () => {
    expect((await cli('policy', 'check', join(state, name))).err).toContain(shown);
  });
});

test('every command has help with an example', async () => {
  const { out } = await cli('--help');
  const names = [...out.matchAll(/^ {2}([a-z]+)[ [|].*$/gm)].map(([, name]) => name ?? '');
  expect(names).toEqual(expect.arrayContaining(['run', 'act', 'sessions', 'show', 'approvals', 'approve', 'deny']));
  for (const name of names.filter((each) => !['help', 'prepare', 'policy', 'keys'].includes(each))) {
    const help = await cli(name, '--help');
    expect(help.out).toMatch(/Examples?:\n {2}.*countersign/);
  }
  for (const argv of [
    ['policy', 'check'],
    ['policy', 'explain'],
    ['tools', 'check'],
    ['tools', 'list'],
    ['tools', 'show'],
    ['keys', 'new'],
  ] as const)
    expect((await cli(...argv, '--help')).out).toContain('Example:\n  countersign');
});

describe('run without a model', () => {
  test('it stops and says so where the instance of this folder has none', async () => {
    instanceFile();
    const ran = await cli('run', 'x');
    expect(ran).toMatchObject({ code: 5, err: expect.stringContaining('ANTHROPIC_API_KEY') });
  });

  test('the scripted stand-in is never taken for Claude, nor Claude for it', async () => {
    instanceFile({ model: 'scripted' });
    expect(await cli('run', 'x')).toMatchObject({ code: 5, err: expect.stringContaining('--model scripted') });
    instanceFile({ model: 'claude' });
    expect(await cli('run', 'x', '--model', 'scripted')).toMatchObject({ code: 5 });
  });

  test('the instance of this folder says nothing of a server elsewhere', async () => {
    instanceFile();
    const ran = await cli('--address', UNREACHABLE, 'run', 'x');
    expect(ran).toMatchObject({ code: 4, err: expect.stringContaining('countersign up') });
  }, 30_000);

  test('a file of tool calls that is none is refused', async () => {
    instanceFile();
    const file = join(state, 'calls.json');
    for (const text of ['{', '{}', '[]', '[{"tool":1}]', '[{"tool":"x","input":[]}]']) {
      writeFileSync(file, text);
      expect((await cli('run', 'x', '--actions', file)).code).toBe(2);
    }
  });
});

describe('log of a file', () => {
  test('what is no exported history is refused in words', async () => {
    const file = join(state, 'history.json');
    for (const text of ['', '{', '7', '{"events":7}', '{"events":[{"eventType":"NO_SUCH"}]}']) {
      writeFileSync(file, text);
      const ran = await cli('log', '--history', file);
      expect([0, 2]).toContain(ran.code);
      expect(ran.err).not.toMatch(/\n\s+at /);
    }
  });
});

describe('doctor', () => {
  test('S10: it says whether there is a model key, and never what it is', async () => {
    mkdirSync(join(state, 'keys'), { recursive: true });
    process.env['ANTHROPIC_API_KEY'] = 'sk-ant-canary';
    const ran = await cli('--json', 'doctor');
    expect(ran.out).toContain('ANTHROPIC_API_KEY');
    expect(`${ran.out}${ran.err}`).not.toContain('canary');
    expect(existsSync(join(state, 'run.json'))).toBe(false);
  });

  test('a key file that others may read is wrong, and so is the exit code', async () => {
    await cli('keys', 'new', '--name', 'owner');
    chmodSync(join(state, 'keys', 'owner.pem'), 0o644);
    const ran = await cli('doctor', '--json');
    expect(ran.code).toBe(1);
    expect(JSON.parse(ran.out)).toEqual(
      expect.arrayContaining([expect.objectContaining({ what: 'signing key', state: 'wrong' })]),
    );
  });
});
