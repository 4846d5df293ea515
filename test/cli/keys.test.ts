import { describe, expect, test } from '@jest/globals';
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { signingKey } from '../../src/cli/surroundings.ts';
import { cli, state, useStateFolder } from './state-folder.ts';

useStateFolder();

/** Runs `work`; whatever it throws. */
function refusalOf(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('keys', () => {
  const make = async (name = 'alice'): Promise<string> => {
    const file = join(state, 'keys', `${name}.pem`);
    const { code, out } = await cli('keys', 'new', '--name', name);
    expect(code).toBe(0);
    writeFileSync(join(state, `${name}.line`), out);
    return file;
  };
  const directory = (name: string): void =>
    writeFileSync(
      join(state, 'approvers.yaml'),
      `version: 1\npeople:\n${readFileSync(join(state, `${name}.line`), 'utf8')}`,
    );

  test('a new private key is for its owner’s eyes, and is never overwritten or printed', async () => {
    const file = await make();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const before = readFileSync(file, 'utf8');
    const again = await cli('keys', 'new', '--name', 'alice');
    expect(again.code).toBe(5);
    expect(readFileSync(file, 'utf8')).toBe(before);
    expect(readFileSync(join(state, 'alice.line'), 'utf8')).not.toContain('PRIVATE');
  });

  test('the line that is printed makes the key findable in the directory', async () => {
    const file = await make();
    directory('alice');
    expect(signingKey({ state, key: file })).toMatchObject({ approver: 'alice' });
  });

  test.each([0o640, 0o604, 0o660, 0o620, 0o777])('S10: a key file of mode %s is refused', async (mode) => {
    const file = await make();
    directory('alice');
    chmodSync(file, mode);
    expect(refusalOf(() => signingKey({ state, key: file }))).toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('chmod 600'),
    });
  });

  test('S5: a key of one person does not sign under the name of another', async () => {
    const file = await make();
    directory('alice');
    expect(refusalOf(() => signingKey({ state, key: file, as: 'bob' }))).toMatchObject({ kind: 'refused' });
  });

  test('an approver at another machine signs without a directory, by name', async () => {
    const file = await make();
    const line = readFileSync(join(state, 'alice.line'), 'utf8');
    const { approver, keyId } = signingKey({ state, key: file, as: 'alice' });
    expect(approver).toBe('alice');
    expect(line).toContain(keyId);
    process.env['COUNTERSIGN_APPROVER'] = 'alice';
    process.env['COUNTERSIGN_KEY'] = file;
    expect(signingKey({ state })).toMatchObject({ approver: 'alice', keyId });
  });

  test('without a directory and without a name nothing is signed', async () => {
    const file = await make();
    expect(refusalOf(() => signingKey({ state, key: file }))).toMatchObject({
      kind: 'refused',
      message: expect.stringMatching(/approvers\.yaml is not there.*COUNTERSIGN_APPROVERS.*--as NAME/),
    });
    await make('bob');
    directory('bob');
    expect(refusalOf(() => signingKey({ state, key: file }))).toMatchObject({
      message: expect.stringMatching(/belongs to nobody in .*approvers\.yaml.*--as NAME/),
    });
  });

  test('a file that is no key is refused in words, and its content is not repeated', () => {
    const file = join(state, 'not-a-key.pem');
    writeFileSync(file, 'hunter2', { mode: 0o600 });
    const error = refusalOf(() => signingKey({ state, key: file, as: 'alice' }));
    expect(error).toMatchObject({ kind: 'refused', message: expect.stringContaining('Ed25519') });
    expect(String(error)).not.toContain('hunter2');
  });

  test('S2: a directory that is named but missing or broken is no directory to sign by', async () => {
    const file = await make();
    process.env['COUNTERSIGN_APPROVERS'] = join(state, 'none.yaml');
    expect(refusalOf(() => signingKey({ state, key: file, as: 'alice' }))).toMatchObject({ kind: 'notFound' });
    writeFileSync(join(state, 'none.yaml'), 'version: 1\npeople: [');
    expect(refusalOf(() => signingKey({ state, key: file, as: 'alice' }))).toMatchObject({ kind: 'refused' });
  });
});
