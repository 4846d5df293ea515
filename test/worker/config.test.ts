import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ROLES } from '../../src/domain/role.ts';
import { readConfig } from '../../src/worker/config.ts';

const LAW = {
  COUNTERSIGN_POLICY: '/etc/countersign/policy.yaml',
  COUNTERSIGN_APPROVERS: '/etc/countersign/approvers.yaml',
};
const MAIL = { COUNTERSIGN_SMTP_HOST: 'smtp.example.com', COUNTERSIGN_MAIL_FROM: 'a@example.com' };
const SECRETS = { ANTHROPIC_API_KEY: 'planted-model-key', COUNTERSIGN_SMTP_PASSWORD: 'planted-smtp-password' };

describe('S10: a worker reads the settings of its own roles only', () => {
  test.each([
    ['workflow', []],
    ['model', ['planted-model-key']],
    ['files', []],
    ['mail', ['planted-smtp-password']],
    ['web', []],
  ] as const)('%s', (role, held) => {
    const env = { ...LAW, ...MAIL, ...SECRETS, COUNTERSIGN_SMTP_USER: 'a', COUNTERSIGN_WORKSPACE: '/srv/workspace' };
    const config = JSON.stringify(readConfig([role], env));
    expect(Object.values(SECRETS).filter((secret) => config.includes(secret))).toEqual(held);
  });

  test('the model worker needs no policy, everybody else does', () => {
    expect(readConfig(['model'], SECRETS).law).toBeUndefined();
    for (const role of ROLES.filter((one) => one !== 'model'))
      expect(() => readConfig([role], { ...MAIL, COUNTERSIGN_WORKSPACE: '/srv' })).toThrow('COUNTERSIGN_POLICY');
  });

  test('a login that is half there is an error, not a mail server that is used without one', () => {
    const half = { ...LAW, ...MAIL, COUNTERSIGN_SMTP_PASSWORD: 'planted' };
    expect(() => readConfig(['mail'], half)).toThrow('give both or none');
  });

  test('what is missing or wrong is named, all at once, and no value is repeated', () => {
    const env = {
      ...LAW,
      COUNTERSIGN_SMTP_PORT: 'planted-port',
      COUNTERSIGN_DEMO: 'planted-flag',
      ANTHROPIC_API_KEY: '',
    };
    const told = (): string => {
      try {
        readConfig(ROLES, env);
      } catch (error) {
        return (error as Error).message;
      }
      throw new Error('it was accepted');
    };
    for (const name of [
      'ANTHROPIC_API_KEY',
      'COUNTERSIGN_WORKSPACE',
      'COUNTERSIGN_SMTP_HOST',
      'COUNTERSIGN_SMTP_PORT',
      'COUNTERSIGN_DEMO',
    ])
      expect(told()).toContain(name);
    expect(told()).toMatch(/COUNTERSIGN_WORKSPACE \(for the role files\): is missing$/m);
    expect(told()).toMatch(/COUNTERSIGN_SMTP_HOST \(for the role mail\): is missing$/m);
    expect(told()).toMatch(/COUNTERSIGN_SMTP_PORT \(for the role mail\): give a number$/m);
    expect(told()).toMatch(/ANTHROPIC_API_KEY \(for the role model\): is empty$/m);
    expect(told()).not.toContain('planted');
  });
});

describe('the mail worker', () => {
  const mail = (more: Record<string, string>) => readConfig(['mail'], { ...LAW, ...MAIL, ...more }).mail;

  test('who is inside is a list of domains; none given, or an empty one, is left to the sender’s', () => {
    expect(mail({ COUNTERSIGN_MAIL_INSIDE: ' Example.com, mail.example.com ,' })?.COUNTERSIGN_MAIL_INSIDE).toEqual([
      'example.com',
      'mail.example.com',
    ]);
    for (const none of [{}, { COUNTERSIGN_MAIL_INSIDE: '' }, { COUNTERSIGN_MAIL_INSIDE: ' , ' }])
      expect(mail(none)?.COUNTERSIGN_MAIL_INSIDE).toEqual([]);
  });

  test('a workspace and a record of recipients are optional; an empty value is none', () => {
    const none = mail({ COUNTERSIGN_WORKSPACE: '', COUNTERSIGN_MAIL_KNOWN: '' });
    expect(none).toMatchObject({ COUNTERSIGN_WORKSPACE: undefined, COUNTERSIGN_MAIL_KNOWN: undefined });
    expect(mail({ COUNTERSIGN_WORKSPACE: '/srv/w' })).toMatchObject({ COUNTERSIGN_WORKSPACE: '/srv/w' });
  });

  test.each([
    ['COUNTERSIGN_MAIL_FROM', 'Planted <a@example.com>'],
    ['COUNTERSIGN_MAIL_FROM', 'planted'],
    ['COUNTERSIGN_MAIL_FROM', 'a@planted.example, b@example.com'],
    ['COUNTERSIGN_MAIL_INSIDE', 'example.com,*.planted.example'],
    ['COUNTERSIGN_MAIL_INSIDE', 'pläntéd.example'],
    ['COUNTERSIGN_MAIL_INSIDE', 'a@planted.example'],
  ])('%s: %s is refused by name, and not repeated', (name, value) => {
    expect(() => mail({ [name]: value })).toThrow(name);
    expect(() => mail({ [name]: value })).not.toThrow(/planted|pläntéd/i);
  });
});

describe('S12: a worker that could let the agent at its own leash does not start', () => {
  let folder: string;
  let workspace: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'countersign-config-'));
    workspace = join(folder, 'workspace');
    for (const inside of ['', 'law', '..law']) mkdirSync(join(workspace, inside), { recursive: true });
    mkdirSync(join(folder, 'workspace-law'));
    for (const place of [join(workspace, 'law'), join(workspace, '..law'), join(folder, 'workspace-law'), folder])
      writeFileSync(join(place, 'policy.yaml'), 'version: 1\n');
    symlinkSync(join(workspace, 'law'), join(folder, 'linked-law'));
    symlinkSync(workspace, join(folder, 'linked-workspace'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const start = (root: string, policy: string): unknown =>
    readConfig(['files'], {
      COUNTERSIGN_WORKSPACE: join(folder, root),
      COUNTERSIGN_POLICY: join(folder, policy),
      COUNTERSIGN_APPROVERS: join(folder, 'approvers.yaml'),
    });

  test.each([
    ['in the workspace', 'workspace', 'workspace/law/policy.yaml'],
    ['in a folder whose name begins with dots', 'workspace', 'workspace/..law/policy.yaml'],
    ['reached by a link that leads into the workspace', 'workspace', 'linked-law/policy.yaml'],
    ['in a workspace that is given by a link', 'linked-workspace', 'workspace/law/policy.yaml'],
    ['not there yet, behind a link into the workspace', 'workspace', 'linked-law/new/policy.yaml'],
    ['above, with the whole folder as workspace', '.', 'policy.yaml'],
  ])('a policy %s is refused', (_, root, policy) => {
    expect(() => start(root, policy)).toThrow('could change its own rules');
  });

  test('the mail worker’s workspace keeps policy, approvers, declared tools and record of recipients out as well', () => {
    const start = (more: Record<string, string>): unknown =>
      readConfig(['mail'], { ...LAW, ...MAIL, COUNTERSIGN_WORKSPACE: workspace, ...more });
    const inside = {
      ...LAW,
      COUNTERSIGN_MAIL_KNOWN: join(folder, 'known'),
      COUNTERSIGN_TOOLS: join(folder, 'tools.yaml'),
    };
    expect(start(inside)).toMatchObject({ roles: ['mail'] });
    for (const name of Object.keys(inside))
      expect(() => start({ ...inside, [name]: join(workspace, 'law', 'x') })).toThrow('could change its own rules');
    expect(() => start({ COUNTERSIGN_MAIL_KNOWN: join(folder, 'linked-law', 'x') })).toThrow(
      'could change its own rules',
    );
  });

  test.each(ROLES.filter((role) => role !== 'model'))('a worker of the role %s alone looks as well', (role) => {
    const env = { ...LAW, ...MAIL, COUNTERSIGN_WORKSPACE: workspace };
    expect(readConfig([role], env)).toMatchObject({ roles: [role] });
    for (const name of [
      'COUNTERSIGN_POLICY',
      'COUNTERSIGN_APPROVERS',
      'COUNTERSIGN_CANDIDATE_POLICY',
      'COUNTERSIGN_TOOLS',
    ])
      expect(() => readConfig([role], { ...env, [name]: join(folder, 'linked-law', 'x') })).toThrow(
        'could change its own rules',
      );
  });

  test('and of the role web alone at its secrets', () => {
    const env = { ...LAW, COUNTERSIGN_WORKSPACE: workspace, COUNTERSIGN_SECRETS_DIR: join(workspace, 'law') };
    expect(() => readConfig(['web'], env)).toThrow('could read its secrets');
    expect(readConfig(['web'], { ...env, COUNTERSIGN_WORKSPACE: '' })).toMatchObject({ roles: ['web'] });
  });

  test.each([
    ['beside the workspace', 'policy.yaml'],
    ['in a folder whose name begins like the workspace’s', 'workspace-law/policy.yaml'],
  ])('a policy %s is accepted', (_, policy) => {
    expect(start('workspace', policy)).toMatchObject({ roles: ['files'] });
  });

  test.each([
    ['workspace/law', 'in the workspace'],
    ['linked-law', 'behind a link into the workspace'],
    ['.', 'around the workspace'],
  ])('secrets in %s (%s) are refused', (directory) => {
    const env = {
      ...LAW,
      COUNTERSIGN_WORKSPACE: join(folder, 'workspace'),
      COUNTERSIGN_SECRETS_DIR: join(folder, directory),
    };
    expect(() => readConfig(['files', 'web'], env)).toThrow('could read its secrets');
  });

  test('secrets beside the workspace are accepted, and an empty setting is none', () => {
    const env = { ...LAW, COUNTERSIGN_WORKSPACE: join(folder, 'workspace') };
    const beside = { ...env, COUNTERSIGN_SECRETS_DIR: join(folder, 'secrets') };
    expect(readConfig(['files', 'web'], beside).web?.COUNTERSIGN_SECRETS_DIR).toBe(join(folder, 'secrets'));
    const empty = { ...env, COUNTERSIGN_SECRETS_DIR: '', COUNTERSIGN_WEB_PROXY: '' };
    expect(readConfig(['web'], empty).web).toEqual({ COUNTERSIGN_PRIVATE_ORIGINS: [] });
  });

  test('S10: a proxy that is not understood is named, and its login is not repeated', () => {
    const env = { ...LAW, COUNTERSIGN_WEB_PROXY: 'socks5://user:planted@proxy.example' };
    const told = (): string => {
      try {
        readConfig(['web'], env);
      } catch (error) {
        return String(error);
      }
      throw new Error('it was accepted');
    };
    expect(told()).toContain('COUNTERSIGN_WEB_PROXY');
    expect(told()).not.toContain('planted');
  });
});

describe('COUNTERSIGN_TRASH_DAYS', () => {
  const env = { ...LAW, COUNTERSIGN_WORKSPACE: '/srv/workspace' };

  test.each([
    [undefined, 30],
    ['1', 1],
    ['0.5', 0.5],
  ])('%s is %d days', (value, days) => {
    const read = readConfig(['files'], { ...env, COUNTERSIGN_TRASH_DAYS: value });
    expect(read.files?.COUNTERSIGN_TRASH_DAYS).toBe(days);
  });

  test.each(['', '0', '-1', '1e9', 'Infinity', '30 days', '0x10', '999999'])('%j is refused by name', (value) => {
    expect(() => readConfig(['files'], { ...env, COUNTERSIGN_TRASH_DAYS: value })).toThrow('COUNTERSIGN_TRASH_DAYS');
  });
});
