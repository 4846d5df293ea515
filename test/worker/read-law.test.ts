import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ReadLaw } from '../../src/activities/law.ts';
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

const reader = (acceptDemoApprovers = false): ReadLaw =>
  createReadLaw({
    policyFile: join(folder, 'policy.yaml'),
    approversFile: join(folder, 'approvers.yaml'),
    tools: createBell().tools,
    acceptDemoApprovers,
  });

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
      expect(await readLaw()).toMatchObject({ kind: 'broken', why: expect.stringContaining(file) });
      writeFileSync(join(folder, file), good);
      expect(await readLaw()).toMatchObject({ kind: 'law' });
    }
    rmSync(join(folder, 'approvers.yaml'));
    expect(await readLaw()).toMatchObject({ kind: 'broken' });
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
    expect(await reader()()).toMatchObject({ kind: 'broken', why: expect.stringContaining('demo') });
    expect(await reader(true)()).toMatchObject({ kind: 'law' });
  });
});
