import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { appendFileSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MAX_KNOWN_BYTES, createKnownRecipients } from '../../../src/adapters/smtp/known-recipients.ts';
import { temporaryFolder } from '../../tools/act.ts';

let folder: ReturnType<typeof temporaryFolder>;
let file: string;
beforeEach(() => {
  folder = temporaryFolder();
  file = join(folder.path, 'known');
});
afterEach(() => folder.remove());

const known = async (...addresses: string[]): Promise<unknown> => {
  const found = await createKnownRecipients(file).look(addresses);
  return found.kind === 'recorded' ? [...found.known] : found.kind;
};

describe('the record of recipients', () => {
  test('keeps addresses as hashes, each once, for its owner alone, and is read afresh', async () => {
    expect(await known('a@a.example')).toEqual([]);
    await createKnownRecipients(file).remember(['a@a.example', 'b@b.example', 'a@a.example']);
    await createKnownRecipients(file).remember(['a@a.example']);
    expect(await known('a@a.example', 'c@c.example', 'b@b.example')).toEqual(['a@a.example', 'b@b.example']);
    expect(readFileSync(file, 'utf8')).toMatch(/^([0-9a-f]{64}\n){2}$/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    writeFileSync(file, '');
    expect(await known('a@a.example')).toEqual([]);
  });

  test('a line that was cut off makes nobody known, and does not swallow the next', async () => {
    await createKnownRecipients(file).remember(['a@a.example']);
    const whole = readFileSync(file, 'utf8');
    for (let cut = 1; cut < 65; cut += 1) {
      writeFileSync(file, whole.slice(0, cut));
      expect(await known('a@a.example')).toEqual([]);
      await createKnownRecipients(file).remember(['b@b.example']);
      expect(await known('b@b.example')).toEqual(['b@b.example']);
    }
  });

  test.each<[string, () => void]>([
    ['a folder', () => mkdirSync(file)],
    ['a pipe, which would wait for ever', () => void execFileSync('mkfifo', [file])],
    ['a link', () => symlinkSync('/dev/zero', file)],
    ['too large', () => writeFileSync(file, Buffer.alloc(MAX_KNOWN_BYTES + 1))],
  ])('%s is not believed, and nothing is thrown', async (_what, make) => {
    make();
    expect(await known('a@a.example')).toBe('unreadable');
    expect(await createKnownRecipients(file).remember(['a@a.example'])).toBeUndefined();
  });

  test('a full one keeps nobody more and is still read', async () => {
    await createKnownRecipients(file).remember(['a@a.example']);
    appendFileSync(file, 'x'.repeat(MAX_KNOWN_BYTES - 66).concat('\n'));
    await createKnownRecipients(file).remember(['b@b.example']);
    expect(await known('a@a.example', 'b@b.example')).toEqual(['a@a.example']);
  });
});
