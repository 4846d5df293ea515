/** The JSON Schema for editors: strict where it can be. */
import { describe, expect, test } from '@jest/globals';
import { file, isValid, loads, valueOf } from './schema-files.ts';

describe('what an editor can tell to be wrong is invalid, and does not load', () => {
  test.each<[string, string]>([
    ['no version', '{ profiles: {}, rules: [] }'],
    ['another version', '{ version: 2, profiles: {}, rules: [] }'],
    ['a key that files have not', file([], 'grants: {}')],
    ['a rule without parts', file(['{ id: r, tool: read_file }'])],
    ['a tool that there is not', file(['{ id: r, tool: reed_file, allow: {} }'])],
    ['one such tool among others', file(['{ id: r, tool: [read_file, reed_file], allow: {} }'])],
    ['no tools', file(['{ id: r, tool: [], allow: {} }'])],
    ['an argument that the tool has not', file(['{ id: r, tool: read_file, allow: { paths: { is: a } } }'])],
    [
      'an argument that not all of the tools have',
      file(['{ id: r, tool: [read_file, delete_files], allow: { path: { is: a } } }']),
    ],
    ['such an argument in an exception', file(['{ id: r, tool: read_file, allow: {}, except: { paths: { is: a } } }'])],
    [
      'such an argument in one of several exceptions',
      file(['{ id: r, tool: read_file, allow: {}, except: [{ path: { is: a } }, { paths: { is: a } }] }']),
    ],
    ['an empty exception', file(['{ id: r, tool: read_file, allow: {}, except: {} }'])],
    ['a matcher of another kind', file(['{ id: r, tool: read_file, allow: { path: { domain: a.example } } }'])],
    [
      'a matcher of another kind among alternatives',
      file(['{ id: r, tool: read_file, allow: { path: { anyOf: [{ domain: a.example }] } } }']),
    ],
    ['an empty matcher', file(['{ id: r, tool: read_file, allow: { path: {} } }'])],
    ['a text for a matcher', file(['{ id: r, tool: read_file, allow: { path: notes } }'])],
    ['a number for a text', file(['{ id: r, tool: read_file, allow: { path: { is: 1 } } }'])],
    ['an empty list', file(['{ id: r, tool: read_file, allow: { path: { is: [] } } }'])],
    ['any beside other keys', file(['{ id: r, tool: read_file, allow: { path: { any: true, is: a } } }'])],
    ['any that is not true', file(['{ id: r, tool: read_file, allow: { path: { any: false } } }'])],
    ['a list without every or some', file(['{ id: r, tool: send_email, ask: { to: { domain: a.example } } }'])],
    ['a list that opens by some', file(['{ id: r, tool: send_email, ask: { to: { some: { domain: a.example } } } }'])],
    ['a list that opens by max', file(['{ id: r, tool: send_email, ask: { to: { max: 3 } } }'])],
    ['every where there is no list', file(['{ id: r, tool: read_file, allow: { path: { every: { is: a } } } }'])],
    ['to allow every tool', file(['{ id: r, tool: "*", allow: {} }'])],
    ['to ask for every tool, in a list', file(['{ id: r, tool: [read_file, "*"], ask: {} }'])],
    ['arguments of every tool', file(['{ id: r, tool: "*", deny: { path: { is: a } } }'])],
    ['an exception for every tool', file(['{ id: r, tool: "*", deny: {}, except: { path: { is: a } } }'])],
    ['a method that there is not', file(['{ id: r, tool: http_request, ask: { method: [get] } }'])],
    [
      'an open URL without its path',
      file(['{ id: r, tool: http_request, allow: { url: { origin: "https://h.example" } } }']),
    ],
    [
      'an open query that says only what it has',
      file([
        '{ id: r, tool: http_request, allow: { url: { origin: "https://h.example", path: /, query: { has: q } } } }',
      ]),
    ],
    ['a header that calls may not set', file(['{ id: r, tool: http_request, ask: { headers: { only: [cookie] } } }'])],
    ['values of such a header', file(['{ id: r, tool: http_request, deny: { headers: { values: { cookie: a } } } }'])],
    ['an amount without currency', file(['{ id: r, tool: everything, ask: { money: { max: "50" } } }'])],
    ['a number for an amount', file(['{ id: r, tool: everything, ask: { money: { max: 50 } } }'])],
    ['a text for a number', file(['{ id: r, tool: everything, ask: { number: { max: "50" } } }'])],
    ['a text for a flag', file(['{ id: r, tool: everything, ask: { flag: { is: "true" } } }'])],
    ['an approval without an ask', file(['{ id: r, tool: read_file, allow: {}, approval: { by: [owner] } }'])],
    ['one approver without a list', file([], 'approval: { by: owner }').replace('approval: { by: [owner] }\n', '')],
    ['a duration without its unit', file(['{ id: r, tool: bell, ask: {}, approval: { by: [owner], expires: 30 } }'])],
    ['a permission that there is not', '{ version: 1, profiles: { a: { grant: [fly] } }, rules: [] }'],
    ['a profile that says nothing', '{ version: 1, profiles: { a: { startable: true } }, rules: [] }'],
    ['a name in upper case', '{ version: 1, profiles: { A: { grant: [] } }, rules: [] }'],
    ['a limit of a tool that there is not', file([], 'limits: { actions: { bel: 1 } }')],
    ['a limit below nothing', file([], 'limits: { turns: -1 }')],
    ['more asks than there may be', file([], 'limits: { asks: 21 }')],
    ['a cost in another currency', file([], 'limits: { cost: 5 EUR }')],
    [
      'a sum of what cannot be added up',
      file([], 'limits: { sums: [{ id: s, tool: mover, argument: text, max: 1 }] }'),
    ],
    ['a sum of lists', file([], 'limits: { sums: [{ id: s, tool: mover, argument: moneys, max: 5 EUR }] }')],
    [
      'a sum of a tool with nothing to add up',
      file([], 'limits: { sums: [{ id: s, tool: bell, argument: money, max: 5 EUR }] }'),
    ],
    [
      'a number as the limit of amounts',
      file([], 'limits: { sums: [{ id: s, tool: mover, argument: money, max: 5 }] }'),
    ],
    [
      'an amount as the limit of numbers',
      file([], 'limits: { sums: [{ id: s, tool: mover, argument: number, max: 5 EUR }] }'),
    ],
    [
      'a sum that one of two tools has not',
      file([], 'limits: { sums: [{ id: s, tool: [mover, lender], argument: number, max: 5 }] }'),
    ],
    [
      'a flow to a tool that there is not',
      file([], 'flows: { rules: [{ id: f, when: [untrusted], tool: bel, then: deny }] }'),
    ],
    ['a flow that allows', file([], 'flows: { rules: [{ id: f, when: [untrusted], tool: bell, then: allow }] }')],
    ['a label for a tool that there is not', file([], 'flows: { labels: { x: [bel] }, rules: [] }')],
    [
      'a test of a tool that there is not',
      file([], 'tests: [{ name: t, profile: all, call: { tool: bel, input: {} }, expect: deny }]'),
    ],
    [
      'a test that expects what is no decision',
      file([], 'tests: [{ name: t, profile: all, call: { tool: bell, input: {} }, expect: { denied: r } }]'),
    ],
    [
      'a test with two decisions',
      file([], 'tests: [{ name: t, profile: all, call: { tool: bell, input: {} }, expect: { ask: r, deny: r } }]'),
    ],
    [
      'a day that there is not',
      file([], 'prices: { m: { asOf: "2026-02-29", input: 0, cacheWrite: 0, cacheRead: 1, output: 1 } }'),
    ],
    ['an example that is no map', file(['{ id: r, tool: bell, deny: {}, examples: { noMatch: [a] } }'])],
  ])('%s', (_, text) => {
    expect(loads(text)).toBe(false);
    expect(isValid(valueOf(text))).toBe(false);
  });

  test('the loader alone knows what needs more than one look', () => {
    for (const text of [
      file(['{ id: r, tool: bell, deny: {}, profiles: [nobody] }']),
      file(['{ id: r, tool: read_file, allow: { path: { under: ../a } } }']),
      file(['{ id: r, tool: bell, deny: {} }', '{ id: r, tool: bell, deny: {} }']),
      file([], 'flows: { rules: [{ id: f, when: [nothing], tool: bell, then: deny }] }'),
    ]) {
      expect(loads(text)).toBe(false);
      expect(isValid(valueOf(text))).toBe(true);
    }
  });
});
