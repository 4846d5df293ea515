import { describe, expect, test } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXAMPLE, cli, state, useExampleTools, useStateFolder } from './state-folder.ts';

useStateFolder();
useExampleTools();

describe('policy explain', () => {
  async function explain(lines: string): Promise<readonly Record<string, unknown>[]> {
    const calls = join(state, 'calls.jsonl');
    writeFileSync(calls, lines);
    const { code, out } = await cli('--json', 'policy', 'explain', EXAMPLE, '--calls', calls);
    expect(code).toBe(0);
    return out
      .split('\n')
      .filter((each) => each !== '')
      .map((each) => JSON.parse(each) as Record<string, unknown>);
  }

  test('one line out for each line in, in order, whatever the line is (S2)', async () => {
    const hostile = [
      '{"tool":"read_file","input":{"path":"notes/meeting.md"}}',
      '{',
      '',
      'null',
      '[]',
      '"read_file"',
      '{"tool":7,"input":{}}',
      '{"tool":"__proto__","input":{}}',
      '{"tool":"read_file"}',
      '{"tool":"read_file","input":{"path":["a"]}}',
      '{"tool":"read_file","profile":"no-such","input":{"path":"notes/meeting.md"}}',
      '{"tool":"read_file","profile":7,"input":{"path":"notes/meeting.md"}}',
      '{"tool":"read_file","profile":null,"input":{"path":"notes/meeting.md"}}',
      '{"tool":"read_file","input":{"path":"../../etc/passwd"}}',
      '['.repeat(20_000),
      '{"tool":"read_file","input":{"path":"notes/meeting.md"}}\r',
      '{"tool":"send_email","profile":"read-only","input":{"to":["alice@partner.example"],"subject":"x","body":"y"}}',
    ];
    const answers = await explain(`${hostile.join('\n')}\n`);
    expect(answers).toHaveLength(hostile.length);
    expect(answers.map(({ kind }) => kind)).toEqual(
      hostile.map((_, position) => (position === 0 || position === 15 ? 'allow' : 'deny')),
    );
    for (const answer of answers) expect(Object.keys(answer)).toEqual(['tool', 'kind', 'rule', 'why']);
  });

  test('no lines in, no lines out', async () => {
    expect(await explain('')).toEqual([]);
  });

  test('a broken policy explains nothing', async () => {
    const file = join(state, 'policy.yaml');
    writeFileSync(file, 'version: 1\nruless: []\n');
    writeFileSync(join(state, 'calls.jsonl'), '{}\n');
    const ran = await cli('policy', 'explain', file, '--calls', join(state, 'calls.jsonl'));
    expect(ran).toMatchObject({ code: 5, out: '' });
    expect(await cli('policy', 'check', file)).toMatchObject({ code: 1, err: expect.stringContaining('rules') });
    expect(await cli('policy', 'check', EXAMPLE)).toMatchObject({ code: 0 });
  });
});
