import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Candidate, ReadLaw } from '../../src/activities/law.ts';
import { createReadLaw } from '../../src/worker/read-law.ts';
import { BELL_POLICY, createBell } from '../support/bell.ts';
import { approversYaml, newSigner } from '../support/harness.ts';

let folder: string;
const alice = newSigner('alice');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-law-'));
  writeFileSync(join(folder, 'policy.yaml'), BELL_POLICY);
  writeFileSync(join(folder, 'approvers.yaml'), approversYaml([alice]));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const reader = (acceptDemoApprovers = false, candidateFile?: string): ReadLaw =>
  createReadLaw({
    candidateFile,
    policyFile: join(folder, 'policy.yaml'),
    approversFile: join(folder, 'approvers.yaml'),
    tools: createBell().tools,
    acceptDemoApprovers,
  });

const WHAT = { 'policy.yaml': 'policy', 'approvers.yaml': 'approver directory' } as const;

describe('the law of a worker', () => {
  test('S2: a file that is missing, broken or empty denies everything, and says which and where', async () => {
    const readLaw = reader();
    expect(await readLaw()).toMatchObject({ kind: 'law' });
    for (const [file, text] of [
      ['policy.yaml', ''],
      ['policy.yaml', 'version: 1\nruls: []\n'],
      ['policy.yaml', '\u0000'],
      ['approvers.yaml', 'version: 1\npeople: { alice: { keys: [] } }\nsecret: x\n'],
    ] as const) {
      const good = file === 'policy.yaml' ? BELL_POLICY : approversYaml([alice]);
      writeFileSync(join(folder, file), text);
      expect(await readLaw()).toEqual({
        kind: 'broken',
        problems: [expect.stringMatching(`^The ${WHAT[file]} "[^"]*${file}" is broken: line `)],
      });
      writeFileSync(join(folder, file), good);
      expect(await readLaw()).toMatchObject({ kind: 'law' });
    }
    rmSync(join(folder, 'approvers.yaml'));
    const missing = [`The approver directory "${join(folder, 'approvers.yaml')}" is not there.`];
    expect(await readLaw()).toEqual({ kind: 'broken', problems: missing });
    rmSync(join(folder, 'policy.yaml'));
    const both = [`The policy "${join(folder, 'policy.yaml')}" is not there.`, ...missing];
    expect(await readLaw()).toEqual({ kind: 'broken', problems: both });
  });

  test('a policy for tools that were declared after the start is refused, and the worker says that it is to be restarted', async () => {
    const toolsFile = join(folder, 'tools.yaml');
    writeFileSync(toolsFile, 'version: 1\ntools: []\n');
    const readLaw = createReadLaw({
      policyFile: join(folder, 'policy.yaml'),
      approversFile: join(folder, 'approvers.yaml'),
      tools: createBell().tools,
      toolsFile,
      acceptDemoApprovers: false,
    });
    writeFileSync(join(folder, 'policy.yaml'), BELL_POLICY.replace('tool: hear_bell', 'tool: open_ticket2'));
    const mistyped = await readLaw();
    expect(mistyped).toMatchObject({ problems: [expect.stringContaining('there is no tool "open_ticket2"')] });
    expect(mistyped).not.toMatchObject({ problems: [expect.stringContaining('restart')] });
    writeFileSync(toolsFile, '# now another\nversion: 1\ntools: []\n');
    expect(await readLaw()).toMatchObject({
      kind: 'broken',
      problems: [
        expect.stringMatching(/open_ticket2.*tools\.yaml has changed since this worker read .*: restart it\.$/),
      ],
    });
  });

  test('is read anew each time, and its hash is that of the bytes', async () => {
    const readLaw = reader();
    const before = await readLaw();
    writeFileSync(join(folder, 'policy.yaml'), `${BELL_POLICY}# changed\n`);
    const after = await readLaw();
    if (before.kind === 'broken' || after.kind === 'broken') throw new Error('it should be good');
    expect(after.law.policySha).not.toBe(before.law.policySha);
  });

  test('S5: the demo’s approver, whose key lies in the checkout, counts only for a worker that the demo started', async () => {
    writeFileSync(join(folder, 'approvers.yaml'), `demo: true\n${approversYaml([alice])}`);
    expect(await reader()()).toMatchObject({
      kind: 'broken',
      problems: [expect.stringContaining('belongs to the demo')],
    });
    expect(await reader(true)()).toMatchObject({ kind: 'law' });
  });
});

/** What is written there is no text of a few KB, and never ends for some. */
const strange: readonly (readonly [string, string, (file: string) => void])[] = [
  ['a named pipe that nobody writes to', 'is no regular file', (file) => execFileSync('mkfifo', [file])],
  ['a device without end', 'is no regular file', (file) => symlinkSync('/dev/zero', file)],
  ['a folder', 'is a folder', (file) => mkdirSync(file)],
  ['a huge file', 'is larger than 256 KB', (file) => writeFileSync(file, Buffer.alloc(300 * 1024, '#'))],
  ['bytes that are no UTF-8', 'is not UTF-8 text', (file) => writeFileSync(file, Buffer.from([0x23, 0xff]))],
];

describe('a file that is none', () => {
  describe.each(['policy.yaml', 'approvers.yaml'] as const)('S2: as %s it denies, at once', (name) => {
    test.each(strange)('%s', async (_, why, make) => {
      const file = join(folder, name);
      rmSync(file);
      make(file);
      const problems = [`The ${WHAT[name]} "${file}" ${why}.`];
      expect(await within(1000, reader()())).toEqual({ kind: 'broken', problems });
    });
  });
});

describe('a candidate stops and delays nothing', () => {
  const candidateFile = (): string => join(folder, 'candidate.yaml');

  async function settled(readLaw: ReadLaw): Promise<Candidate | null> {
    for (;;) {
      const found = await candidateOf(readLaw);
      if (found?.kind !== 'broken' || !found.why.includes('still being read')) return found;
      await pause(20);
    }
  }

  test.each(strange)('%s is recorded as broken', async (_, why, make) => {
    make(candidateFile());
    const readLaw = reader(false, candidateFile());
    expect(await within(1000, settled(readLaw))).toEqual({
      kind: 'broken',
      why: `"${candidateFile()}" ${why}.`,
      policySha: null,
    });
  });

  test('what was not parsed yet is recorded as that, and is never waited for', async () => {
    writeFileSync(candidateFile(), `${BELL_POLICY}# ${'x'.repeat(200_000)}\n`);
    const readLaw = reader(false, candidateFile());
    const why = `"${candidateFile()}" is still being read.`;
    expect(await candidateOf(readLaw)).toEqual({ kind: 'broken', why, policySha: null });
    expect(await settled(readLaw)).toMatchObject({ kind: 'policy' });
    writeFileSync(candidateFile(), `[${','.repeat(250_000)}`);
    // Not what parsing it will tell: nobody has waited for that.
    expect(JSON.stringify(await candidateOf(readLaw))).not.toContain('is broken');
    await pause(150);
    expect(await settled(readLaw)).toMatchObject({ kind: 'broken', why: expect.stringContaining('is broken: line 1') });
    rmSync(candidateFile());
    await readLaw();
    await pause(50);
    expect(await candidateOf(readLaw)).toMatchObject({ why: `"${candidateFile()}" is not there.` });
  });
});

async function candidateOf(readLaw: ReadLaw): Promise<Candidate | null> {
  const reading = await readLaw();
  if (reading.kind === 'broken') throw new Error(reading.problems.join(' '));
  return reading.law.candidate;
}

async function within<Value>(ms: number, work: Promise<Value>): Promise<Value> {
  const late = new AbortController();
  const never = pause(ms, undefined, { signal: late.signal }).then(() => {
    throw new Error(`it took longer than ${ms} ms`);
  });
  try {
    return await Promise.race([work, never]);
  } finally {
    late.abort();
    never.catch(() => undefined);
  }
}
