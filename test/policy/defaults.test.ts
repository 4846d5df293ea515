/** S3: an argument that is left out is the same action as one that says what leaving it out means, for every rule. */
import { describe, expect, test } from '@jest/globals';
import { explainAction } from '../../src/policy/explain.ts';
import type { ParsedArguments } from '../../src/policy/kinds/parse-arguments.ts';
import { argumentsSchema, parseArguments } from '../../src/policy/kinds/parse-arguments.ts';
import type { ToolShape } from '../../src/policy/tool-shape.ts';
import { editFile, productShapes, searchFiles, sendEmail } from './shapes.ts';
import { NOTHING, decide, fileWith, load, problemsOf } from './support.ts';

const readFile = productShapes.find(({ name }) => name === 'read_file') ?? searchFiles;
const FILE = { path: 'fin/x' };
const EDIT = { path: 'a', old_text: 'x', new_text: 'y' };
const MAIL = { to: ['a@example.com'], subject: '', body: '' };
const parsed = (tool: ToolShape, input: object): ParsedArguments =>
  parseArguments(argumentsSchema(tool.arguments), input);

const at = (tool: ToolShape, argument: string, value: number | boolean, said: string, args: object): Case => ({
  tool,
  argument,
  value,
  said,
  args,
});
interface Case {
  readonly tool: ToolShape;
  readonly argument: string;
  readonly value: number | boolean;
  readonly said: string;
  readonly args: object;
}

describe.each([
  at(readFile, 'page', 1, '{ max: 3 }', FILE),
  at(searchFiles, 'ignore_case', false, '{ is: false }', { path: '.', text: 'x' }),
  at(editFile, 'replace_all', false, '{ is: false }', EDIT),
  at(sendEmail, 'html', false, '{ is: false }', MAIL),
])('$tool.name: $argument', ({ tool, argument, value, said, args }) => {
  const first = 'path' in args ? 'path: { under: . }' : 'to: { every: { any: true } }';
  const whole = 'path' in args ? first : 'to: { some: { any: true } }';
  const rule = (id: string, kind: string, more = ''): string =>
    `{ id: ${id}, tool: ${tool.name}, ${kind}: { ${kind === 'deny' ? whole : first}${more} } }`;
  const given = { ...args, [argument]: value } as never;
  const kindsOf = (rules: readonly string[]): readonly string[] => {
    const policy = load(fileWith(rules).replace('[read_files,', '[read_files, write_files,'), productShapes);
    return [given, args as never].map((each) => decide(policy, tool, each).kind);
  };

  test('has one canonical form', () => {
    expect(parsed(tool, given)).toEqual({ kind: 'parsed', args });
    expect(parsed(tool, args)).toEqual({ kind: 'parsed', args });
  });

  test('leaving it out passes no denial, no ask and no exception by', () => {
    const all = rule('all', 'allow');
    const more = `, ${argument}: ${said}`;
    expect(kindsOf([all])).toEqual(['allow', 'allow']);
    expect(kindsOf([all, rule('no', 'deny', more)])).toEqual(['deny', 'deny']);
    expect(kindsOf([all, rule('ask', 'ask', more)])).toEqual(['ask', 'ask']);
    expect(kindsOf([rule('some', 'allow', more)])).toEqual(['allow', 'allow']);
    const but = all.replace(/ }$/, `, except: { ${argument}: ${said} } }`);
    expect(kindsOf([but])).toEqual(['deny', 'deny']);
  });
});

test('a rule that means another value does not speak of it', () => {
  const rules = [
    '{ id: all, tool: send_email, allow: { to: { every: { any: true } } } }',
    '{ id: html, tool: send_email, deny: { html: { is: true } } }',
  ];
  const policy = load(fileWith(rules));
  expect(decide(policy, sendEmail, MAIL).kind).toBe('allow');
  expect(decide(policy, sendEmail, { ...MAIL, html: true }).kind).toBe('deny');
  const facts = { tool: sendEmail, profile: 'all', args: MAIL, actionKey: 'key', standing: NOTHING };
  expect(explainAction(policy, facts).findings).toContainEqual(expect.objectContaining({ rule: 'html', at: 'html' }));
});

test('"optional" says nothing of it, and the file does not load', () => {
  const rule = '{ id: a, tool: send_email, ask: { to: { every: { any: true } }, html: { optional: true, is: true } } }';
  expect(problemsOf(fileWith([rule])).join()).toContain('"html" left out means false');
});
