/** A profile within another: what is proven of it, and what is said where it is not. */
import { describe, expect, test } from '@jest/globals';
import { lintsOf } from './lints-support.ts';

/** `child` stands in line 4, its `within` in column 12. */
function within(rules: readonly string[], child = 'grant: [read_files, send_email]', more = ''): readonly string[] {
  return lintsOf(
    [
      'version: 1',
      'profiles:',
      '  parent: { grant: [read_files, send_email, make_api_calls] }',
      `  child: { within: parent, ${child} }`,
      'approval: { by: [owner] }',
      more,
      'rules:',
      '  - { id: base, tool: read_file, allow: { path: { under: notes } } }',
      ...rules.map((rule) => `  - ${rule}`),
    ].join('\n'),
  );
}

type Row = readonly [what: string, rules: readonly string[], child?: string | undefined, more?: string];

function rows(all: readonly Row[]) {
  return all.map(([what, rules, child, more]) => ({ what, rules, child, more }));
}

const NOT = 'line 4, column 12: "child" is not proven to be within "parent": ';

describe('within: a profile does not load unless it is proven to be decided as strictly as another', () => {
  test.each(
    rows([
      ['the same rules', []],
      ['fewer permissions', [], 'grant: []'],
      ['what it extends', [], 'extends: parent, grant: []'],
      [
        'an allow within one of the other',
        ['{ id: x, profiles: [child], tool: read_file, allow: { path: { under: notes/a } } }'],
      ],
      [
        'an ask within an allow of the other',
        ['{ id: x, profiles: [child], tool: read_file, ask: { path: { is: notes/a } } }'],
      ],
      ['a denial of its own', ['{ id: x, profiles: [child], tool: "*", deny: {} }']],
      [
        'a rule of the other that opens',
        ['{ id: x, profiles: [parent], tool: list_files, allow: { path: { any: true } } }'],
      ],
      [
        'a denial of the other that one of its own covers',
        [
          '{ id: x, profiles: [parent], tool: read_file, deny: { path: { is: notes/a } } }',
          '{ id: y, profiles: [child], tool: read_file, deny: { path: { under: notes } }, except: { path: { extension: md } } }',
        ],
      ],
      [
        'a denial of the other where it opens nothing',
        [
          '{ id: x, profiles: [parent], tool: send_email, deny: {} }',
          '{ id: y, profiles: [parent], tool: read_file, deny: { path: { under: drafts } } }',
        ],
      ],
      [
        'a denial of the other for what it extends',
        ['{ id: x, profiles: [parent], tool: read_file, deny: { path: { is: notes/a } } }'],
        'extends: parent',
      ],
      [
        'an ask that fewer may approve',
        [
          '{ id: x, profiles: [parent], tool: send_email, ask: { to: { every: { any: true } } }, approval: { by: [owner, boss] } }',
          '{ id: y, profiles: [child], tool: send_email, ask: { to: { every: { any: true } } } }',
        ],
      ],
      [
        'a flow rule that comes as early',
        [],
        undefined,
        'flows: { rules: [{ id: f, when: [untrusted], tool: send_email, then: ask }], labels: { untrusted: [http_request] } }',
      ],
    ]),
  )('proven: $what', ({ rules, child, more }) => {
    expect(within(rules, child, more)).toEqual([]);
  });

  test.each(
    rows([
      [
        'it is granted delete_data (take it away, or grant delete_data to "parent" too)',
        [],
        'grant: [read_files, delete_data]',
      ],
      [
        'no rule that applies to "parent" is seen to allow all that the allow of "x" does for read_file (name "parent" in the profiles of "x", or narrow it to what one rule of "parent" says)',
        ['{ id: x, profiles: [child], tool: read_file, allow: { path: { under: [notes, drafts] } } }'],
      ],
      [
        'no rule that applies to "parent" is seen to allow all that the allow of "x" does for send_email (name "parent" in the profiles of "x", or narrow it to what one rule of "parent" says)',
        [
          '{ id: x, profiles: [child], tool: send_email, allow: { to: { every: { domain: x.example } } } }',
          '{ id: y, profiles: [parent], tool: send_email, ask: { to: { every: { domain: y.example } } } }',
        ],
      ],
      [
        'the deny of "x" for read_file applies to "parent" alone (name "child" in the profiles of "x" too)',
        ['{ id: x, profiles: [parent], tool: read_file, deny: { path: { is: notes/a } } }'],
      ],
      [
        'the ask of "x" for read_file applies to "parent" alone (name "child" in the profiles of "x" too)',
        ['{ id: x, profiles: [parent], tool: read_file, ask: { path: { is: notes/a } } }'],
      ],
      [
        'others may approve a send_email by "y", or for longer, than by "x" for "parent" (let the approval of "y" name nobody but those of "x", as many of them, and expire no later)',
        [
          '{ id: x, profiles: [parent], tool: send_email, ask: { to: { every: { any: true } } } }',
          '{ id: y, profiles: [child], tool: send_email, ask: { to: { every: { any: true } } }, approval: { by: [owner, guest] } }',
        ],
      ],
      [
        'the flow rule "f" for read_file applies to "parent" alone (name "child" in the profiles of "f" too)',
        [],
        undefined,
        'flows: { rules: [{ id: f, profiles: [parent], when: [private], tool: read_file, then: deny }], labels: { private: [read_file] } }',
      ],
      [
        'others may approve a read_file by "x", or for longer, than by "f" for "parent" (let the approval of "x" name nobody but those of "f", as many of them, and expire no later)',
        ['{ id: x, profiles: [child], tool: read_file, ask: { path: { under: notes } }, approval: { by: [guest] } }'],
        undefined,
        'flows: { rules: [{ id: f, when: [private], tool: read_file, then: ask }], labels: { private: [read_file] } }',
      ],
    ]),
  )('refused: $what', ({ what: message, rules, child, more }) => {
    expect(within(rules, child, more)).toContain(NOT + message);
    expect(within(rules, child, more).filter((one) => one.startsWith(NOT))).toHaveLength(1);
  });
});

describe('within', () => {
  test('an approval may not be given for longer', () => {
    const ask = (id: string, profile: string, expires: string): string =>
      `{ id: ${id}, profiles: [${profile}], tool: send_email, ask: { to: { every: { any: true } } }, approval: { by: [owner], expires: ${expires} } }`;
    expect(within([ask('x', 'parent', '5m'), ask('y', 'child', '5m')])).toEqual([]);
    expect(within([ask('x', 'parent', '5m'), ask('y', 'child', '300d')]).join()).toContain('or for longer');
  });
});

describe('an ask stops also what an exception of it names that cannot be read strictly', () => {
  const PUBLIC = 'origin: https://h.example, path: /public/**';
  const ask = (more: string): string =>
    `{ id: ask, tool: http_request${more}, ask: { url: { any: true }, method: { any: true } }, except: { url: { path: /public/** } } }`;
  const open = '{ id: open, tool: http_request, allow: { url: { any: true }, method: { any: true } } }';
  const some = `{ id: some, tool: http_request, profiles: [child], allow: { url: { ${PUBLIC} }, method: [GET] } }`;

  test('the child that is not asked about it is not within the parent that is', () => {
    const ofParent = open.replace('allow', 'profiles: [parent], allow');
    const rules = [ofParent, ask(', profiles: [parent]'), some];
    expect(within(rules, 'grant: [make_api_calls]')).toContain(
      `${NOT}the ask of "ask" for http_request applies to "parent" alone (name "child" in the profiles of "ask" too)`,
    );
  });

  test('a denial of all else does not leave it without effect', () => {
    const deny = `{ id: deny, tool: http_request, deny: {}, except: { url: { ${PUBLIC} } } }`;
    expect(within([open, ask(''), deny]).join()).not.toContain('"ask" never takes effect');
  });
});

describe('within is handed on', () => {
  test('to profiles that extend the one that is bound: what they add must be within, too', () => {
    const file = (third: string): string =>
      [
        'version: 1',
        'profiles:',
        '  parent: { grant: [read_files, send_email] }',
        '  child: { within: parent, grant: [read_files] }',
        `  third: { extends: child, ${third} }`,
        'approval: { by: [owner] }',
        'rules:',
        '  - { id: asked, tool: send_email, profiles: [parent], ask: { to: { every: { any: true } } } }',
        '  - { id: free, tool: send_email, profiles: [third], allow: { to: { every: { any: true } } } }',
        '  - { id: base, tool: read_file, allow: { path: { under: notes } } }',
      ].join('\n');
    expect(lintsOf(file('grant: [send_email]')).join('\n')).toContain('"third" is not proven to be within "parent"');
    expect(lintsOf(file('grant: [make_api_calls]')).join('\n')).toContain('it is granted make_api_calls');
  });
});
