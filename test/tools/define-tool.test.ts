/** Tools made without the types that would have stopped them: JavaScript, or a cast. */
import { describe, expect, test } from '@jest/globals';
import type { ArgumentMap } from '../../src/policy/kinds/argument.ts';
import { one } from '../../src/policy/kinds/argument.ts';
import { text } from '../../src/policy/kinds/text.ts';
import type { ToolDefinition } from '../../src/tools/define-tool.ts';
import { defineTool } from '../../src/tools/define-tool.ts';
import type { WorldPorts } from '../../src/tools/ports.ts';

type Definition = ToolDefinition<ArgumentMap, never, number>;

const GOOD: Definition = {
  name: 'ring_bell',
  description: 'Rings.',
  permission: 'publish',
  role: 'web',
  arguments: {},
  needs: [],
  labels: [],
  timeoutMs: 1000,
  effect: 'once',
  summary: () => 'a bell',
  prepare: async () => ({ kind: 'ready', facts: {}, preview: [], material: 0 }),
  perform: async () => ({ kind: 'done', text: 'rang', evidence: {} }),
};

/** As JavaScript would write it. */
const made = (more: object) => defineTool({ ...GOOD, ...more } as Definition);
const NO_PORTS = {} as WorldPorts;

describe('S2: a definition that the types would have refused is refused in words', () => {
  test('and a good one is not', () => {
    expect(made({ arguments: { words: one(text({ maxLength: 9, multiline: false }), 'what') } }).name).toBe(
      'ring_bell',
    );
  });

  test.each<[field: string, values: readonly unknown[], why: string]>([
    ['name', [undefined, null, 7, ['ring_bell'], 'Ring', 'think'], 'cannot name a tool'],
    ['permission', [undefined, 'publsh', 'Publish', ['publish']], 'its permission is none of read_files, '],
    ['role', [undefined, 'webb', 'model', 'workflow'], 'its role is none of files, mail, web'],
    ['effect', [undefined, null, 'Once', 'READ', 'reads', true, ['read']], 'its effect is neither "read" nor "once"'],
    ['timeoutMs', [undefined, Number.NaN, 0, -1, 1.5, Infinity, '1000'], 'its timeoutMs is no positive whole number'],
    ['needs', [undefined, 'http', { http: true }, [7]], 'its needs is no list of texts'],
    ['labels', [undefined, 'untrusted', [null]], 'its labels is no list of texts'],
    ['arguments', [undefined, null, [], 'text', { words: 'text' }, { words: {} }], 'its arguments are no map'],
    ['summary', [undefined, 'a bell'], 'its summary is no function'],
    ['prepare', [undefined], 'its prepare is no function'],
    ['perform', [undefined], 'its perform is no function'],
  ])('%s', (field, values, why) => {
    for (const value of values) expect(() => made({ [field]: value })).toThrow(why);
  });
});

describe('S7: what is not exactly a read is marked before it is performed', () => {
  /** What stood there: the guard marks "once" alone, and repeats the rest. */
  const naive = (effect: () => unknown): unknown => effect();
  const cases = ['Read', 'reads', 'Once', undefined, null, true, Promise.resolve('read'), ['read']];

  test.each(cases.map((said) => [said]))('an effect that says %p', (said) => {
    expect(naive(() => said)).not.toBe('once');
    const tool = made({ effect: () => said });
    expect([tool.open({}, NO_PORTS).effect, tool.onlyReads]).toEqual(['once', false]);
  });

  test('and a read stays one', () => {
    expect(made({ effect: 'read' })).toMatchObject({ onlyReads: true });
    expect(made({ effect: () => 'read' }).open({}, NO_PORTS).effect).toBe('read');
    expect(made({ effect: () => 'read' }).onlyReads).toBe(false);
  });
});
