/** What is written as YAML is read back as the same. */
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { parse } from 'yaml';
import { visibleLine } from '../../src/domain/visible-text.ts';
import { definePolicy } from '../../src/policy/define-policy.ts';
import type { PolicyDocument } from '../../src/policy/policy-schema.ts';
import { policyYaml } from '../../src/policy/policy-yaml.ts';
import { readYaml } from '../../src/policy/yaml-source.ts';
import { tools } from '../../src/tools/index.ts';
import { treeOf } from './policy-texts.ts';

describe('S2: policyYaml writes what is read back as the same', () => {
  const withTexts = (...texts: readonly string[]): PolicyDocument => ({
    version: 1,
    profiles: { all: { grant: [] } },
    rules: texts.map((why, index) => ({ id: `r${index}`, tool: ['a'], deny: {}, why })),
    tests: [
      { name: 't', call: { tool: 'a', input: Object.fromEntries(texts.map((text) => [text, text])) }, expect: 'deny' },
    ],
  });

  test.each([
    ...['no', 'No', 'y', 'off', 'null', '~', 'true', '1e3', '1', '0x1F', '0o7', '1_000', '.5', '.inf', '.nan', '-1'],
    ...[
      '2026-11-01',
      '12:30',
      '12:30:45',
      '4h',
      '5.00 EUR',
      '*',
      '*a',
      '&a',
      '!a',
      '!!str',
      '#x',
      'a #x',
      'a: b',
      'a:',
    ],
    ...[
      '- a',
      '-',
      '?',
      '? a',
      '|',
      '>',
      '%YAML',
      '@a',
      '`a',
      '[a]',
      '{a}',
      'a, b',
      "it's",
      "'",
      '"',
      '\\',
      '\\n',
      '=',
    ],
    ...['', ' ', 'a ', ' a', 'a\nb', 'a\n\n  b\n', '\n', '\r', '\r\n', '\t', 'a\tb', '---', '...', '--- a', '# a\n%b'],
    ...[
      '\u{1F600}',
      '\u{1F468}\u200d\u{1F469}',
      'é',
      'e\u0301',
      '\u202egnp',
      '\ufeff',
      '\u2028',
      '\u0085',
      '\u00a0',
      '\0',
      '\x7f',
    ],
    ...[...'\u3164\u2800\u115f\u034f\ufe0f\u2003\u180e\u3000\uffa0'].map((blank) => `a${blank}b`),
    ...['e1', 'E1', 'e+1', 'e-01', 'e1_0', '1e1', '1e+1', '1.5e3', '.1', '+.5', '1_0.5'],
    ...['\ud800', '\u{E0041}', '\u{10FFFF}', '\ufffe', 'x'.repeat(5000), 'word '.repeat(1000)],
  ])('%j', (text) => {
    const document = withTexts(text);
    const yaml = policyYaml(document);
    expect(treeOf(yaml)).toEqual(document);
    // What nobody sees is escaped, and a text is one line: what is reviewed is what is loaded.
    expect(visibleLine(yaml.replaceAll('\n', ' '))).toBe(yaml.replaceAll('\n', ' '));
    expect(yaml.split('\n').every((line) => line === '' || /^ *(- )?['"\w$?]|^ *: |^ *(- )?\{/.test(line))).toBe(true);
  });

  test('the key that merges maps in other YAML is refused when it is read; as a text it stays', () => {
    const [, rule] = withTexts('', '<<').rules;
    expect(treeOf(policyYaml({ version: 1, profiles: {}, rules: rule === undefined ? [] : [rule] }))).toMatchObject({
      rules: [{ why: '<<' }],
    });
    expect(readYaml(policyYaml(withTexts('<<')))).toMatchObject({ kind: 'broken' });
  });

  test('a version of YAML in which "no" is a boolean reads the same texts', () => {
    const texts = ['no', 'on', 'y', '1_000', '12:30:45', '2026-11-01', '=', '0777', 'null', 'Yes', 'e1', 'E+1', '1e1'];
    const yaml = policyYaml(withTexts(...texts));
    const rules = parse(yaml, { version: '1.1' }) as PolicyDocument;
    expect(rules.rules.map(({ why }) => why)).toEqual(texts);
    for (const line of yaml.split('\n').filter((one) => one.includes('why: '))) expect(line).toMatch(/why: '.*'$/);
  });

  test('any text and any JSON', () => {
    const texts = fc.array(fc.string({ unit: 'binary', maxLength: 40 }), { maxLength: 5 });
    fc.assert(
      fc.property(texts, fc.jsonValue({ maxDepth: 5, noUnicodeString: false }), (some, value) => {
        const text = JSON.stringify(value);
        fc.pre(!/"(__proto__|constructor|prototype|<<)":/.test(text) && !some.includes('__proto__'));
        const { tests = [], ...rest } = withTexts(...some.filter((one) => !/^(constructor|prototype|<<)$/.test(one)));
        const call = { tool: 'a', input: { value: JSON.parse(text) as never } };
        const document: PolicyDocument = { ...rest, tests: [...tests, { name: 'json', call, expect: 'deny' }] };
        expect(treeOf(policyYaml(document))).toEqual(document);
      }),
      { numRuns: 500, seed: 1 },
    );
  });

  test('values that are the same object are written twice, not as an anchor', () => {
    const approval = { by: ['owner'] };
    const { yaml } = definePolicy(tools, {
      version: 1,
      profiles: { all: { grant: [] } },
      approval,
      rules: [{ id: 'r', tool: 'read_file', ask: { path: { any: true } }, approval }],
    });
    expect(yaml).not.toContain('&');
    expect(policyYaml({ version: 1, profiles: {}, rules: [], approval, tests: [], limits: {} })).toContain(
      'by: [ owner ]',
    );
  });
});
