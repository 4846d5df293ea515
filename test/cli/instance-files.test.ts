/** What an instance lays out on first use beside tools of one's own, and what "up" says of files that do not fit. */
import { describe, expect, test } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { layOutFiles } from '../../src/cli/instance-files.ts';
import { toolsWith } from '../../src/cli/known-tools.ts';
import { fitOf } from '../../src/cli/policy-fit.ts';
import { parsePolicy } from '../../src/policy/load-policy.ts';
import { EXAMPLE_TOOLS_FILE } from '../support/example.ts';
import { purchaseYaml } from '../declared/support.ts';
import { EXAMPLE, cli, state, useStateFolder } from './state-folder.ts';

useStateFolder();

function written(name: string, text: string): string {
  const file = join(state, name);
  writeFileSync(file, text);
  return file;
}

describe('a new state folder', () => {
  test.each<[string, string]>([
    ['another tool', purchaseYaml('https://shop.example').replace('name: purchase', 'name: buy')],
    ['a tool of the same name and other arguments', purchaseYaml('https://shop.example')],
    ['no tool', 'version: 1\ntools: []\n'],
  ])('with a file that declares %s gets a policy that fits: the example’s for the tools of countersign', (_, text) => {
    const mine = written('mine.yaml', text);
    const { policyFile, toolsFile } = layOutFiles(join(state, 'new'), false, { COUNTERSIGN_TOOLS: mine });
    expect(toolsFile).toBe(mine);
    // As it was laid out before: everything would be denied.
    expect(fitOf(EXAMPLE, mine)).toMatchObject({ kind: 'broken', why: expect.stringMatching(/^line \d+/) });
    const unopened = [...text.matchAll(/- name: (\w+)/g)].map(([, name]) => name);
    expect(fitOf(policyFile, mine)).toEqual({ kind: 'fits', unopened });
    const [whole, kept] = [idsOf(EXAMPLE, EXAMPLE_TOOLS_FILE), idsOf(policyFile, mine)];
    expect(kept).toEqual(whole.filter((id) => !['shopping', 'posts', 'contacts'].includes(id)));
  });

  test('with the example’s own tools gets the example’s policy, byte for byte', () => {
    const { policyFile } = layOutFiles(join(state, 'new'), false, { COUNTERSIGN_TOOLS: EXAMPLE_TOOLS_FILE });
    expect(readFileSync(policyFile, 'utf8')).toBe(readFileSync(EXAMPLE, 'utf8'));
    expect(fitOf(policyFile, EXAMPLE_TOOLS_FILE)).toEqual({ kind: 'fits', unopened: [] });
  });
});

test('"up" starts nothing with a file of tools that is broken or not there', async () => {
  const broken = written('broken.yaml', 'version: 1\ntools: [{ name: buy }]\n');
  expect(await cli('--tools', broken, 'up')).toMatchObject({ code: 2, err: expect.stringContaining('is broken:') });
  const nowhere = join(state, 'nowhere.yaml');
  const missing = await cli('--tools', nowhere, 'up');
  expect(missing).toMatchObject({
    code: 3,
    err: expect.stringContaining(`--tools names ${nowhere}, which is not there`),
  });
});

function idsOf(policyFile: string, toolsFile: string): readonly string[] {
  const reading = parsePolicy(readFileSync(policyFile, 'utf8'), toolsWith(toolsFile));
  return reading.kind === 'policy' ? [...reading.policy.documents.keys()] : [];
}
