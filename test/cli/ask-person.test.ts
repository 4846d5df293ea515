import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Said } from '../../src/cli/ask-person.ts';
import { askPerson } from '../../src/cli/ask-person.ts';
import { request } from '../client/history-steps.ts';

let shown = '';
let spy: jest.Spied<typeof process.stdout.write>;
beforeEach(() => {
  shown = '';
  spy = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    shown += String(text);
    return true;
  });
});
afterEach(() => spy.mockRestore());

async function answering(keys: readonly string[], reason = '', asked = request('c1')): Promise<Said> {
  const left = [...keys];
  return askPerson(asked, {
    readKey: () => Promise.resolve(left.shift() ?? 'l'),
    readLine: () => Promise.resolve(reason),
  });
}

describe('two keystrokes', () => {
  test.each<[string, readonly string[], Said]>([
    ['a then y approves', ['a', 'y'], { kind: 'approve' }],
    ['a alone does not', ['a', 'n'], { kind: 'later' }],
    ['a, then a again, does not', ['a', 'a'], { kind: 'later' }],
    ['enter does not', ['\r', '\r'], { kind: 'later' }],
    ['y alone does not', ['y', 'y'], { kind: 'later' }],
    ['d then y denies', ['d', 'y'], { kind: 'deny' }],
    ['d alone does not', ['d', 'x'], { kind: 'later' }],
    ['Ctrl-C leaves it waiting', ['\u0003'], { kind: 'later' }],
    ['Ctrl-D leaves it waiting', ['\u0004'], { kind: 'later' }],
    ['Ctrl-C in place of yes decides nothing', ['a', '\u0003', 'l'], { kind: 'later' }],
    ['l leaves it waiting', ['l'], { kind: 'later' }],
  ])('%s', async (_, keys, expected) => {
    expect(await answering(keys)).toEqual(expected);
  });

  test('the whole preview is shown before anything is asked, and again with v', async () => {
    await answering(['v', 'l']);
    expect(shown.split('  │ Hello')).toHaveLength(3);
    expect(shown).toContain(request('c1').digest);
  });

  test('the reason of a denial, or of the word that it happened, is trimmed and at most 1000 characters', async () => {
    expect(await answering(['d', 'y'], ' people sleep ')).toEqual({ kind: 'deny', reason: 'people sleep' });
    const asked = { ...request('c1-2'), question: { kind: 'unknown', callId: 'c1' } } as const;
    expect(await answering(['h', 'y'], ' seen it ', asked)).toEqual({ kind: 'happened', reason: 'seen it' });
    expect(await answering(['h', 'y'], '', asked)).toEqual({ kind: 'happened' });
    expect(await answering(['d', 'y'], 'z'.repeat(2000))).toEqual({ kind: 'deny', reason: 'z'.repeat(1000) });
  });
});
