/** Policy files for the tests of `countersign policy`, in a folder of their own. */
import { afterAll, beforeAll } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ran } from './run-cli.ts';
import { runCli } from './run-cli.ts';

export interface PolicyFolder {
  readonly folder: string;
  write(name: string, text: string): string;
  /** `countersign policy …` with the folder as its state. */
  policy(...argv: readonly string[]): Promise<Ran>;
  remove(): void;
}

export function policyFolder(): PolicyFolder {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-policy-'));
  return {
    folder,
    write: (name, text) => {
      const path = join(folder, name);
      writeFileSync(path, text);
      return path;
    },
    policy: (...argv) => runCli(['--state', folder, 'policy', ...argv]),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A folder for the tests of a file, without settings from outside; removed after them. */
export function sharedPolicyFolder(): PolicyFolder {
  let own: PolicyFolder;
  let restore: () => void;
  beforeAll(() => {
    restore = withoutSettings();
    own = policyFolder();
  });
  afterAll(() => {
    own.remove();
    restore();
  });
  return {
    get folder() {
      return own.folder;
    },
    write: (name, text) => own.write(name, text),
    policy: (...argv) => own.policy(...argv),
    remove: () => own.remove(),
  };
}

export const RULES = [
  '{ id: notes, tool: read_file, allow: { path: { under: notes } } }',
  '{ id: mail-known, tool: send_email, ask: { to: { every: { domain: [example.com] } } }, why: Mail leaves the house. }',
];

export function policyText(rules: readonly string[] = RULES, more = ''): string {
  return [
    'version: 1',
    'profiles:',
    '  assistant: { grant: [read_files, send_email, make_api_calls], startable: true }',
    '  reader: { grant: [read_files], startable: true }',
    'defaultProfile: assistant',
    'approval: { by: [owner], expires: 4h }',
    ...(rules.length === 0 ? ['rules: []'] : ['rules:', ...rules.map((rule) => `  - ${rule}`)]),
    ...(more === '' ? [] : [more]),
    '',
  ].join('\n');
}

export const FLOWS = `flows:
  labels: { private: [read_file] }
  rules:
    - { id: leak, when: [private], tool: send_email, then: deny, why: nothing leaks }`;

/** No command ever prints a stack. */
export const STACK = /\n\s+at .*:\d+:\d+/;

export function withoutSettings(): () => void {
  const earlier = { ...process.env };
  for (const name of Object.keys(process.env)) if (/^(TEMPORAL|COUNTERSIGN)_/.test(name)) delete process.env[name];
  return () => {
    process.env = earlier;
  };
}
