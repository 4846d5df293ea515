import { describe, expect, test } from '@jest/globals';
import { fileWith, problemsOf } from './support.ts';

const RULE = '{ id: a, tool: read_file, allow: { path: { any: true } } }';

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
