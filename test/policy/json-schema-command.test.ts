import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { runCli } from '../cli/run-cli.ts';

test('"countersign policy schema" writes docs/policy.schema.json, and nothing else', async () => {
  const published = readFileSync(join(__dirname, '../../docs/policy.schema.json'), 'utf8');
  expect(await runCli(['policy', 'schema'])).toEqual({ code: 0, out: published, err: '' });
});
