/** The file on the page about declared tools is one that loads, and so is the rule beside it. */
import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsePolicy } from '../../src/policy/load-policy.ts';
import { loaded } from '../declared/support.ts';

const PAGE = readFileSync(join(__dirname, '../../docs/tools/declared.md'), 'utf8');

test('the example loads, and a policy with its rule', () => {
  const example = /```yaml\n(.*?)```/s.exec(PAGE)?.[1] ?? '';
  const rule = /`(\{ id: buys, .*? \})`/.exec(PAGE)?.[1] ?? '';
  const policy = `version: 1\nprofiles: { buyer: { grant: [purchase] } }\napproval: { by: [owner] }\nrules: [${rule}]\n`;
  expect(parsePolicy(policy, loaded(example))).toMatchObject({ kind: 'policy' });
});
