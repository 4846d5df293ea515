/** The file on the page about declared tools is one that loads, and so is the rule beside it; editors are told the same. */
import { expect, test } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { TOOLS_SCHEMA } from '../../src/declared/file-words.ts';
import { schemaText } from '../../src/policy/json-schema/schema-text.ts';
import { parsePolicy } from '../../src/policy/load-policy.ts';
import { loaded } from '../declared/support.ts';

const DOCS = join(__dirname, '../../docs');
const PAGE = readFileSync(join(DOCS, 'tools', 'declared.md'), 'utf8');
const EXAMPLE = /```yaml\n(.*?)```/s.exec(PAGE)?.[1] ?? '';

test('the example loads, and a policy with its rule', () => {
  const rule = /`(\{ id: buys, .*? \})`/.exec(PAGE)?.[1] ?? '';
  const policy = `version: 1\nprofiles: { buyer: { grant: [purchase] } }\napproval: { by: [owner] }\nrules: [${rule}]\n`;
  expect(parsePolicy(policy, loaded(EXAMPLE))).toMatchObject({ kind: 'policy' });
});

test('docs/tools.schema.json is that of the loader; it takes the example, and no slip in a key', () => {
  const file = join(DOCS, 'tools.schema.json');
  const made = `${schemaText(TOOLS_SCHEMA)}\n`;
  if ((process.env['UPDATE_GUIDE'] ?? '') !== '') writeFileSync(file, made);
  expect(readFileSync(file, 'utf8')).toBe(made);
  const takes = new Ajv2020({ strict: false }).compile(JSON.parse(made) as object);
  expect(takes(parse(EXAMPLE))).toBe(true);
  expect(takes(parse(EXAMPLE.replace('permission:', 'permision:')))).toBe(false);
});
