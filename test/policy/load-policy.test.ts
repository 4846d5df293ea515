import { describe, expect, test } from '@jest/globals';
import { parsePolicy } from '../../src/policy/load-policy.ts';
import { ruleDocument } from '../../src/policy/policy.ts';
import { didYouMean } from '../../src/policy/problem.ts';
import { decide, fileWith, load, problemsOf } from './support.ts';
import { httpRequest, readFile, sendEmail, shapes } from './shapes.ts';

const RULE = '{ id: a, tool: read_file, allow: { path: { any: true } } }';

describe('unknown keys (S2): line, column and what was meant', () => {
  test.each<[string, string]>([
    [
      fileWith([RULE], 'aproval: { by: [owner] }'),
      'line 5, column 1: unknown key "aproval" (did you mean "approval"?)',
    ],
    [
      fileWith([RULE], 'approval: { by: [owner], expire: 4h }'),
      'line 5, column 26: unknown key "expire" (did you mean "expires"?)',
    ],
    [
      fileWith(['{ id: a, tool: read_file, alow: {} }']),
      'line 7, column 31: unknown key "alow" (did you mean "allow"?)',
    ],
    [fileWith([RULE], 'limits: { turn: 5 }'), 'line 5, column 11: unknown key "turn" (did you mean "turns"?)'],
    [
      fileWith([RULE], 'zebra: 1'),
      'line 5, column 1: unknown key "zebra" (known here: version, profiles, rules, approval, defaultProfile, limits, prices, flows, tests)',
    ],
    [
      fileWith(['{ id: a, tool: read_fil, deny: {} }']),
      'line 7, column 14: there is no tool "read_fil" (did you mean "read_file"?)',
    ],
    [
      fileWith(['{ id: a, tool: read_file, deny: { pth: { any: true } } }']),
      'line 7, column 39: read_file has no argument "pth" (did you mean "path"?)',
    ],
    [
      fileWith(['{ id: a, tool: read_file, deny: { path: { undr: notes } } }']),
      'line 7, column 47: a path has no matcher "undr" (did you mean "under"?)',
    ],
    [
      fileWith(['{ id: a, tool: read_file, profiles: [al], deny: {} }']),
      'line 7, column 31: there is no profile "al" (did you mean "all"?)',
    ],
    [fileWith([RULE], 'defaultProfile: al'), 'line 5, column 1: "al" is not a startable profile (did you mean "all"?)'],
    [
      fileWith([RULE], 'limits: { actions: { send_mail: 3 } }'),
      'line 5, column 22: there is no tool "send_mail" (did you mean "send_email"?)',
    ],
    [
      fileWith(['{ id: a, tool: send_email, deny: { to: { som: { any: true } } } }']),
      'line 7, column 46: a list has no matcher "som" (did you mean "some"?)',
    ],
  ])('%#', (text, problem) => {
    expect(problemsOf(text)).toContain(problem);
  });

  test('several mistakes are told at once, each at its place', () => {
    const problems = problemsOf(
      fileWith(['{ id: a, tool: read_fil, deny: {} }', '{ id: b, tool: list_file, deny: {} }']),
    );
    expect(problems.map((problem) => problem.split(':')[0])).toEqual(['line 7, column 14', 'line 8, column 14']);
  });

  test('a suggestion is never far-fetched', () => {
    expect(didYouMean('x', ['by', 'id'])).toBeUndefined();
    expect(didYouMean('q'.repeat(100_000), ['allow'])).toBeUndefined();
  });
});

describe('what is not built yet is refused with that reason, not ignored (S2, S3)', () => {
  test.each<[string, string]>([
    ['grants', fileWith([RULE], 'grants: {}')],
    ['remind', fileWith([RULE], 'approval: { by: [owner], remind: [1h] }')],
    ['escalate', fileWith([RULE], 'approval: { by: [owner], escalate: {} }')],
    ['editable', fileWith([RULE], 'approval: { by: [owner], editable: [body] }')],
    ['quorum', fileWith([RULE], 'approval: { by: [owner], quorum: 2 }')],
    ['atLimit: ask', fileWith([RULE], 'limits: { actions: { read_file: { max: 2, atLimit: ask } } }')],
    ['per day', fileWith([RULE], 'limits: { actions: { read_file: { max: 2, per: day } } }')],
  ])('%s', (key, text) => {
    const problems = problemsOf(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain('not built yet');
    expect(problems[0]).toContain(key);
  });

  test('a quorum of 1 may be said', () => {
    expect(problemsOf(fileWith([RULE], 'approval: { by: [owner], quorum: 1 }'))).toEqual([]);
  });
});

describe('rules that could not be meant so do not load (S2)', () => {
  test.each<[string, string, string]>([
    ['allow for every tool', '{ id: a, tool: "*", allow: {} }', 'only a denial may be for every tool'],
    ['ask for every tool', '{ id: a, tool: ["*"], ask: {} }', 'only a denial may be for every tool'],
    ['arguments of every tool', '{ id: a, tool: "*", deny: { path: { any: true } } }', 'cannot speak of arguments'],
    ['neither allow, ask nor deny', '{ id: a, tool: read_file }', 'neither allow, ask nor deny'],
    ['an approval without an ask', '{ id: a, tool: read_file, deny: {}, approval: { by: [x] } }', 'belongs to an ask'],
    ['nobody to approve', '{ id: a, tool: read_file, ask: {}, approval: { by: [] } }', '"by" is an empty list'],
    ['an empty exception', '{ id: a, tool: read_file, allow: {}, except: {} }', 'would take everything out'],
    ['no tool', '{ id: a, tool: [], deny: {} }', 'line 7, column 14'],
    ['an id that is no name', '{ id: "A b", tool: read_file, deny: {} }', 'lower-case letters'],
    ['an empty matcher', '{ id: a, tool: read_file, allow: { path: {} } }', 'matches nothing'],
    ['a bare value', '{ id: a, tool: read_file, allow: { path: notes } }', 'is a map with some of'],
    [
      'a list without every or some',
      '{ id: a, tool: send_email, ask: { to: { domain: [e.example] } } }',
      'say { every: { domain',
    ],
    ['a list as a list', '{ id: a, tool: send_email, ask: { to: [a@e.example] } }', 'say { every: … }'],
    [
      'a list that opens by some',
      '{ id: a, tool: delete_files, allow: { paths: { some: { under: drafts } } } }',
      'what opens must speak of every element, and "some" leaves the others unsaid (say { every: { under: drafts } })',
    ],
    [
      'a list that opens by max',
      '{ id: a, tool: send_email, ask: { to: { max: 3 } } }',
      'what opens must speak of every element (say { every: { any: true }, max: 3 })',
    ],
    [
      'a list that an exception of a denial opens by some',
      '{ id: a, tool: delete_files, deny: {}, except: { paths: { some: { under: drafts }, max: 2 } } }',
      'say { every: { under: drafts }, max: 2 }',
    ],
    [
      'an optional list that opens by some',
      '{ id: a, tool: send_email, ask: { to: { every: { any: true } }, cc: { optional: true, some: { domain: e.example } } } }',
      'say { every: { domain: e.example } }',
    ],
    [
      'a denial of every element',
      '{ id: a, tool: delete_files, deny: { paths: { every: { under: taxes } } } }',
      'a denial with "every" is evaded by adding an element (say { some: { under: taxes } })',
    ],
    [
      'a denial of every element beside some',
      '{ id: a, tool: delete_files, deny: { paths: { every: { under: taxes }, some: { is: taxes/a } } } }',
      'a denial with "every" is evaded by adding an element',
    ],
    [
      'a denial of few elements',
      '{ id: a, tool: send_email, deny: { to: { max: 3 } } }',
      'a denial with "max" is evaded by adding an element (bound the number where it is allowed or asked)',
    ],
    [
      'a list in a denial without some',
      '{ id: a, tool: send_email, deny: { to: { domain: e.example } } }',
      'say { some: { domain: … } }',
    ],
    ['no alternatives', '{ id: a, tool: read_file, allow: { path: { anyOf: [] } } }', '"anyOf" is a list'],
    ['any beside something', '{ id: a, tool: read_file, allow: { path: { any: true, under: a } } }', 'stands alone'],
    ['any: false', '{ id: a, tool: read_file, allow: { path: { any: false } } }', '"any" can only be true'],
    ['a folder outside', '{ id: a, tool: read_file, allow: { path: { under: ../x } } }', '".."'],
    ['an absolute folder', '{ id: a, tool: read_file, allow: { path: { under: /etc } } }', 'absolute'],
    ['a glob that can never match', '{ id: a, tool: read_file, allow: { path: { glob: /notes/** } } }', 'absolute'],
    ['a glob that climbs', '{ id: a, tool: read_file, allow: { path: { glob: ../** } } }', '".."'],
    ['"**" inside a name', '{ id: a, tool: read_file, allow: { path: { glob: src/**.ts } } }', 'whole segments'],
    [
      'a huge glob',
      `{ id: a, tool: read_file, allow: { path: { glob: "${'*a'.repeat(3000)}" } } }`,
      'longer than 1024',
    ],
    [
      'an extension that is a path',
      '{ id: a, tool: read_file, allow: { path: { extension: a/b } } }',
      'end of a file name',
    ],
    ['no text in contains', '{ id: a, tool: send_email, deny: { body: { contains: "" } } }', 'contains the empty one'],
    [
      'an address that is none',
      '{ id: a, tool: send_email, ask: { to: { every: { oneOf: [bob] } } } }',
      'cannot stand in a rule',
    ],
    [
      'a domain with "@"',
      '{ id: a, tool: send_email, ask: { to: { every: { domain: "@e.example" } } } }',
      'write it without "@": e.example',
    ],
    [
      'a domain with a star',
      '{ id: a, tool: send_email, ask: { to: { every: { domain: "*.e.example" } } } }',
      'a domain has no wild cards: say subdomainOf: e.example',
    ],
    [
      'a subdomain with a star',
      '{ id: a, tool: send_email, ask: { to: { every: { subdomainOf: "*.e.example" } } } }',
      'write it without "*.": e.example',
    ],
    [
      'an address with a star',
      '{ id: a, tool: send_email, ask: { to: { every: { oneOf: "*@e.example" } } } }',
      'an address has no wild cards: say domain: e.example',
    ],
    [
      'an origin with a star',
      '{ id: a, tool: http_request, deny: { url: { origin: "https://*.h.example" } } }',
      'an origin has no wild cards: list the origins',
    ],
    [
      'a query as a list',
      '{ id: a, tool: http_request, deny: { url: { query: [q, limit] } } }',
      '"query" is "none", "any" or a map with "only" or "has" (say { only: [q, limit] })',
    ],
    [
      'a domain of one label',
      '{ id: a, tool: send_email, ask: { to: { every: { subdomainOf: com } } } }',
      'not a domain name',
    ],
    ['a method in lower case', '{ id: a, tool: http_request, deny: { method: [get] } }', 'known: GET'],
    ['one method in lower case', '{ id: a, tool: http_request, deny: { method: get } }', 'known: GET'],
    [
      'no path for an URL',
      '{ id: a, tool: http_request, allow: { url: { origin: "https://h.example" } } }',
      'needs "path"',
    ],
    ['no origin', '{ id: a, tool: http_request, allow: { url: { path: [/a] } } }', 'needs "origin"'],
    [
      'an origin with a path',
      '{ id: a, tool: http_request, allow: { url: { origin: "https://h.example/a", path: [/] } } }',
      'scheme, host and port only',
    ],
    [
      'an origin with a user',
      '{ id: a, tool: http_request, allow: { url: { origin: "https://u@h.example", path: [/] } } }',
      'user name',
    ],
    [
      'a pattern with a query',
      '{ id: a, tool: http_request, allow: { url: { origin: "https://h.example", path: ["/a?b"] } } }',
      'a path pattern has no query: name what follows "?" under "query", beside "path"',
    ],
    [
      'a pattern without its slash',
      '{ id: a, tool: http_request, allow: { url: { origin: "https://h.example", path: ["a/*"] } } }',
      'begins with "/": write /a/*',
    ],
    [
      'a pattern no URL has',
      '{ id: a, tool: http_request, allow: { url: { origin: "https://h.example", path: ["/%61"] } } }',
      'plain characters',
    ],
    [
      'a pattern in another spelling',
      '{ id: a, tool: http_request, allow: { url: { origin: "https://h.example", path: ["/é"] } } }',
      'visible ASCII',
    ],
    [
      'a pattern with a place-holder',
      '{ id: a, tool: http_request, allow: { url: { origin: "https://h.example", path: ["/v1/{id}/x"] } } }',
      '"{" has no meaning in a pattern: for one segment write *, like /v1/*/x',
    ],
    [
      'a pattern with brackets',
      '{ id: a, tool: http_request, allow: { url: { origin: "https://h.example", path: ["/v[12]/x"] } } }',
      '"[" has no meaning in a pattern: list the patterns',
    ],
    [
      'braces under a folder',
      '{ id: a, tool: read_file, allow: { path: { under: "team/{hr,legal}" } } }',
      'braces mean nothing here: list the paths',
    ],
    [
      'a folder by a glob',
      "{ id: a, tool: read_file, deny: { path: { under: 'team/hr/**' } } }",
      `"*" means nothing under "under": say under: 'team/hr', or glob: 'team/hr/**'`,
    ],
    [
      'a folder by a glob at its beginning',
      "{ id: a, tool: read_file, deny: { path: { under: '**/hr' } } }",
      `"*" means nothing under "under": say glob: '**/hr/**'`,
    ],
    [
      'a folder by a glob, in an exception',
      "{ id: a, tool: read_file, allow: { path: { under: team } }, except: { path: { under: 'team/h?' } } }",
      `"?" means nothing under "under": say under: 'team', or glob: 'team/h?/**'`,
    ],
    [
      'a path by a glob',
      "{ id: a, tool: read_file, deny: { path: { is: 'keys/*.pem' } } }",
      `"*" means nothing under "is": say glob: 'keys/*.pem'`,
    ],
    [
      'braces in a glob',
      "{ id: a, tool: read_file, deny: { path: { glob: '**/*.{pem,key}' } } }",
      '"{" has no meaning in a pattern: list the patterns',
    ],
    [
      'brackets in a glob',
      "{ id: a, tool: read_file, deny: { path: { glob: 'keys/[ab].pem' } } }",
      '"[" has no meaning in a pattern: list the patterns',
    ],
    [
      'a header that may not be set',
      '{ id: a, tool: http_request, deny: { headers: { only: [cookie] } } }',
      'known: accept',
    ],
    [
      'a query that is neither',
      '{ id: a, tool: http_request, deny: { url: { query: some } } }',
      '"none", "any" or a map',
    ],
  ])('%s', (_, rule, words) => {
    expect(problemsOf(fileWith([rule])).join('\n')).toContain(words);
  });

  test.each([
    ['a denial of a list, whatever it holds', '{ id: a, tool: send_email, deny: { bcc: { every: { any: true } } } }'],
    ['a denial of some', '{ id: a, tool: send_email, deny: { bcc: { some: { domain: e.example } } } }'],
    [
      'an exception of an ask by every or some',
      '{ id: a, tool: send_email, ask: { to: { every: { any: true } } }, except: [{ to: { every: { domain: e.example } } }, { to: { some: { domain: f.example } } }] }',
    ],
    [
      'some beside every in an ask',
      '{ id: a, tool: send_email, ask: { to: { every: { domain: e.example }, some: { oneOf: b@e.example } } } }',
    ],
  ])('%s loads', (_, rule) => {
    expect(problemsOf(fileWith([rule]))).toEqual([]);
  });

  test('two rules with one id', () => {
    expect(problemsOf(fileWith([RULE, RULE]))).toEqual(['line 8, column 7: two rules have the id "a"']);
  });

  test('an ask that nobody may approve', () => {
    const problems = problemsOf(
      fileWith(['{ id: a, tool: read_file, ask: { path: { any: true } } }'], '# no approval'),
    );
    expect(problems).toEqual([
      'line 7, column 31: nobody may approve this (give the rule or the file an "approval: { by: […] }")',
    ]);
  });

  test('a permission that does not exist', () => {
    expect(problemsOf(fileWith([RULE]).replace('grant: []', 'grant: [root]'))[0]).toContain('line 4, column 19');
  });

  test('asks may be lowered, never raised', () => {
    expect(problemsOf(fileWith([RULE], 'limits: { asks: 3, asksPending: 1 }'))).toEqual([]);
    expect(problemsOf(fileWith([RULE], 'limits: { asks: 21 }'))[0]).toContain('lowered from 20');
    expect(problemsOf(fileWith([RULE], 'limits: { asksPending: 6 }'))[0]).toContain('lowered from 5');
  });
});

describe('examples are tried at load', () => {
  const mail = (examples: string): string =>
    fileWith([`{ id: a, tool: send_email, ask: { to: { every: { domain: [e.example] } } }, examples: ${examples} }`]);

  test.each([
    [
      'match',
      '{ match: [{ to: [bob@evil.example] }] }',
      'this example does not match: to[0]: "bob@evil.example" is not at e.example',
    ],
    ['noMatch', '{ noMatch: [{ to: [bob@e.example] }] }', 'this example matches, and should not'],
    [
      'an argument not mentioned',
      '{ match: [{ to: [bob@e.example], cc: [bob@e.example] }] }',
      'cc: the rule does not mention it',
    ],
    ['no map', '{ match: [bob@e.example] }', 'an example is a map of arguments'],
  ])('%s: one that fails is an error of the file', (_, examples, words) => {
    expect(problemsOf(mail(examples)).join('\n')).toContain(words);
  });

  test('a noMatch that only holds because of a misspelt argument proves nothing, and is refused', () => {
    expect(problemsOf(mail('{ noMatch: [{ too: [bob@evil.example] }] }'))).toEqual([
      'line 7, column 105: no tool of this rule has an argument "too" (did you mean "to"?)',
    ]);
  });

  test.each([
    ['a text where a list is needed', '{ to: m@evil.example }', 'to: '],
    ['an address that is none', '{ to: [m@evil] }', 'to: '],
    ['a value of another type', '{ to: [bob@e.example], subject: 5 }', 'subject: '],
  ])('S2: a noMatch that only holds because the tool refuses it proves nothing, and is refused: %s', (_, one, at) => {
    const before = 'this example proves nothing of the rule: the tool refuses it before any rule';
    expect(problemsOf(mail(`{ noMatch: [${one}] }`)).join('\n')).toContain(`${before}: ${at}`);
    expect(problemsOf(mail(`{ noMatch: [${one}] }`)).join('\n')).toContain('put it under "invalid"');
    expect(problemsOf(mail(`{ invalid: [${one}] }`))).toEqual([]);
  });

  test('an "invalid" that the tool would take is an error, whether the rule matches it or not', () => {
    for (const one of ['{ to: [m@evil.example] }', '{ to: [bob@e.example] }'])
      expect(problemsOf(mail(`{ invalid: [${one}] }`)).join('\n')).toContain('this example is valid');
    expect(problemsOf(mail('{ invalid: [{ too: [m] }] }')).join('\n')).toContain('(did you mean "to"?)');
  });

  test('what one tool of a rule takes is valid, though another would refuse it', () => {
    const rule = '{ id: a, tool: [read_file, delete_files], allow: { path: { under: a } }, examples: ';
    const problems = problemsOf(fileWith([`${rule} { noMatch: [{ path: b }] } }`]));
    expect(problems.join('\n')).not.toContain('proves nothing');
  });

  test('examples are made canonical first, as arguments are', () => {
    expect(problemsOf(mail('{ match: [{ to: [BOB@E.Example] }], invalid: [{ to: ["bob@e.example (x)"] }] }'))).toEqual(
      [],
    );
  });
});

describe('a policy that loaded', () => {
  const text = fileWith(
    [
      '{ id: a, tool: read_file, ask: { path: { any: true } }, approval: { by: [cfo], expires: 30m } }',
      '{ id: b, tool: list_files, ask: { path: { any: true } } }',
    ],
    'approval: { by: [owner], expires: 2d }\nlimits: { turns: 3, wallTime: 1h, actions: { read_file: 2 } }\ndefaultProfile: all',
  );

  test('S4: the document of a rule is the rule as written with the terms in force', () => {
    expect(ruleDocument(load(text), 'a')).toEqual({
      written: { id: 'a', tool: 'read_file', ask: { path: { any: true } }, approval: { by: ['cfo'], expires: '30m' } },
      approval: { by: ['cfo'], quorum: 1, expiresMs: 1_800_000 },
    });
    expect(ruleDocument(load(text), 'b')).toMatchObject({ approval: { by: ['owner'], expiresMs: 172_800_000 } });
  });

  test('S4: it changes with the default terms it relies on', () => {
    expect(ruleDocument(load(text.replace('2d', '3d')), 'b')).not.toEqual(ruleDocument(load(text), 'b'));
  });

  test.each(['__proto__', 'constructor', 'toString', ''])('no rule, profile or limit answers to %j', (name) => {
    const policy = load(text);
    expect(ruleDocument(policy, name)).toBeNull();
    expect(policy.profiles.get(name)).toBeUndefined();
    expect(decide(policy, readFile, { path: 'a' }, name)).toMatchObject({ kind: 'deny', rule: null });
    expect(decide(policy, { ...readFile, name }, { path: 'a' })).toMatchObject({ kind: 'deny', rule: null });
  });

  test('limits are those of the file, else the product’s', () => {
    expect(load(text).limits).toEqual({
      turns: 3,
      tokens: 500_000,
      wallTimeMs: 3_600_000,
      asks: 20,
      asksPending: 5,
      actions: { read_file: 2 },
    });
    expect(load(text).defaultProfile).toBe('all');
    expect(load(fileWith([])).defaultProfile).toBeNull();
  });

  test('it has no rule for tools that no rule names', () => {
    const reading = parsePolicy(text, shapes);
    expect(reading.kind).toBe('policy');
    for (const tool of [sendEmail, httpRequest]) expect(decide(load(text), tool, {}).kind).toBe('deny');
  });
});
