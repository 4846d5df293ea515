/**
 * The whole job on real parts and without our client: worker processes, a mail server, the `temporal` command line.
 * Planted secrets stand where real ones would, and are looked for in every history.
 */
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { SessionState } from '../../src/domain/session-state.ts';
import { obtainServer } from '../../src/server/obtain-server.ts';
import type { ScriptedServer } from '../adapters/smtp/scripted-server.ts';
import { startScriptedServer } from '../adapters/smtp/scripted-server.ts';
import type { Deployment } from '../support/deployment.ts';
import { BIN, startDeployment } from '../support/deployment.ts';
import { testAddress, until } from '../support/harness.ts';

const run = promisify(execFile);

const SECRETS = {
  smtp: 'planted-smtp-password-91c4',
  model: 'sk-ant-planted-model-key-5be0',
  header: 'planted-cookie-of-the-server-77aa',
};

const POLICY = `version: 1
profiles: { worker: { grant: [read_files, send_email, make_api_calls], startable: true } }
rules:
  - { id: notes, tool: [read_file, list_files], allow: { path: { under: notes } } }
  - id: mail
    tool: send_email
    ask: { to: { every: { domain: [example.com] } }, bcc: { every: { domain: [example.com] } } }
    approval: { by: [owner], expires: 1h }
    why: Mail leaves the house under your name.
  - { id: status, tool: http_request, allow: { url: { origin: ORIGIN, path: [/status] }, method: [GET] } }
defaultProfile: worker
`;

let binary: string;
let mail: ScriptedServer;
let lockedOut: ScriptedServer;
let deployment: Deployment;
const web = createServer((request, response) => {
  response.setHeader('set-cookie', SECRETS.header).setHeader('content-type', 'text/plain');
  response.end(`fine: ${request.method} ${request.url}`);
});
const started: string[] = [];

beforeAll(async () => {
  binary = await obtainServer({ report: () => undefined, env: process.env });
  mail = await startScriptedServer({ auth: true });
  lockedOut = await startScriptedServer({ auth: true, stage: 'AUTH', deed: `535 not with ${SECRETS.smtp}` });
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
  deployment = await startDeployment(POLICY.replace('ORIGIN', origin), {
    workflow: {},
    model: { ANTHROPIC_API_KEY: SECRETS.model, ANTHROPIC_BASE_URL: 'http://127.0.0.1:1' },
    'files,web': { COUNTERSIGN_PRIVATE_ORIGINS: origin },
    mail: {
      COUNTERSIGN_SMTP_HOST: '127.0.0.1',
      COUNTERSIGN_SMTP_PORT: String(mail.port),
      COUNTERSIGN_SMTP_USER: 'assistant',
      COUNTERSIGN_SMTP_PASSWORD: SECRETS.smtp,
      COUNTERSIGN_MAIL_FROM: 'assistant@house.example',
    },
  });
}, 120_000);
afterAll(async () => {
  await deployment.stop();
  mail.close();
  lockedOut.close();
  web.close();
});

/** Standard output of the plain `temporal` command line. */
async function temporal(...argv: readonly string[]): Promise<string> {
  const { stdout } = await run(binary, [...argv, '--address', testAddress()], { env: { HOME: deployment.directory } });
  return stdout;
}

async function start(name: string, input: Readonly<Record<string, unknown>>): Promise<string> {
  const id = `${deployment.taskQueue}-${name}`;
  const what = ['--type', 'agentSession', '--task-queue', deployment.taskQueue, '--workflow-id', id];
  await temporal('workflow', 'start', ...what, '--input', JSON.stringify(input));
  started.push(id);
  return id;
}

async function state(id: string): Promise<SessionState> {
  const said = await temporal('workflow', 'query', '--workflow-id', id, '--name', 'state', '--output', 'json');
  return (JSON.parse(said) as { queryResult: [SessionState] }).queryResult[0];
}

const waiting = (id: string): Promise<SessionState['waiting'][number]> =>
  until(async () => (await state(id)).waiting[0]);

/** The output of `countersign sign`: all that an approver has to have of ours. */
async function sign(id: string, decision: 'approve' | 'deny'): Promise<string> {
  const { digest } = await waiting(id);
  const argv = ['sign', `${id}/c1`, decision, '--digest', digest, '--key', deployment.keyFile, '--as', 'alice'];
  const { stdout } = await run(process.execPath, [BIN, '--address', testAddress(), ...argv], {
    env: { PATH: process.env['PATH'], HOME: deployment.directory },
  });
  return stdout;
}

const MAIL = { to: ['bob@example.com'], bcc: ['carol@example.com'], subject: 'Notes', body: 'Dear Bob,\n.\n..\nbye' };

describe('without our client', () => {
  test('S4, S7: a mail is shown, signed, sent once byte for byte as shown, and its history tells who allowed what', async () => {
    const id = await start('mail', { goal: 'mail Bob', actions: [{ tool: 'send_email', input: MAIL }] });
    const request = await waiting(id);
    expect(mail.stored).toEqual([]);
    const verdict = await sign(id, 'approve');
    const update = ['--workflow-id', id, '--name', 'decideApproval', '--input', verdict];
    expect(await temporal('workflow', 'update', 'execute', ...update)).toContain('done');
    const shown = request.preview.find(({ label }) => label.startsWith('Message exactly as it will be sent'))?.text;
    expect(mail.stored).toHaveLength(1);
    expect(mail.stored[0]).toMatchObject({ from: 'assistant@house.example', to: [...MAIL.to, ...MAIL.bcc] });
    expect(mail.stored[0]?.bytes.toString('utf8')).toBe(shown?.replaceAll('\n', '\r\n'));
    expect(mail.stored[0]?.bytes.toString('utf8')).not.toContain('carol');
    const history = await temporal('workflow', 'show', '--detailed', '--workflow-id', id);
    for (const word of [
      'send_email',
      request.id,
      request.digest,
      'bob@example.com',
      'decision.verdict.approver: alice',
      'policySha',
    ])
      expect(history).toContain(word);
    // The same verdict again changes nothing.
    await expect(temporal('workflow', 'update', 'execute', ...update)).rejects.toThrow();
    expect(mail.stored).toHaveLength(1);
  });

  test('a denial by signal is carried out as one', async () => {
    const id = await start('denied', { goal: 'mail Bob', actions: [{ tool: 'send_email', input: MAIL }] });
    const verdict = await sign(id, 'deny');
    await temporal('workflow', 'signal', '--workflow-id', id, '--name', 'decideApproval', '--input', verdict);
    const result = await temporal('workflow', 'result', '--workflow-id', id);
    expect(result).toContain('denied');
    expect(mail.stored).toHaveLength(1);
  });

  test('read_file and http_request need nobody, and what the policy does not name is denied', async () => {
    const origin = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
    const get = (path: string): object => ({ tool: 'http_request', input: { url: `${origin}${path}`, method: 'GET' } });
    const read = (path: string): object => ({ tool: 'read_file', input: { path } });
    const actions = [read('notes/meeting.md'), read('../policy.yaml'), get('/status'), get('/admin')];
    const id = await start('reads', { goal: 'look', actions });
    const result = await temporal('workflow', 'result', '--workflow-id', id, '--output', 'json');
    const outcomes = (JSON.parse(result) as { result: { actions: { outcome: string }[] } }).result.actions;
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['done', 'denied', 'done', 'denied']);
    expect(await temporal('workflow', 'show', '--detailed', '--workflow-id', id)).toContain('fine: GET /status');
  });

  test('a waiting session is found by its search attributes', async () => {
    const id = await start('found', { goal: 'mail Bob', actions: [{ tool: 'send_email', input: MAIL }] });
    await waiting(id);
    const query = `CountersignWaiting > 0 AND WorkflowId = "${id}"`;
    const list = (): Promise<string> => temporal('workflow', 'list', '--query', query);
    await until(async () => ((await list()).includes(id) ? true : undefined));
    await temporal('workflow', 'cancel', '--workflow-id', id);
    await temporal('workflow', 'result', '--workflow-id', id);
    expect(await until(async () => ((await list()).includes(id) ? undefined : true))).toBe(true);
  });
});

describe('S10: secrets', () => {
  test('each worker process has the credentials of its own roles only', () => {
    const holders = (secret: string): readonly string[] =>
      [...deployment.environments].filter(([, env]) => Object.values(env).includes(secret)).map(([roles]) => roles);
    expect(holders(SECRETS.smtp)).toEqual(['mail']);
    expect(holders(SECRETS.model)).toEqual(['model']);
  });

  test('planted ones stand in no history, not even where the mail server repeats the password in its refusal', async () => {
    const other = await startDeployment(POLICY.replace('ORIGIN', 'http://127.0.0.1:1'), {
      'workflow,mail': {
        COUNTERSIGN_SMTP_HOST: '127.0.0.1',
        COUNTERSIGN_SMTP_PORT: String(lockedOut.port),
        COUNTERSIGN_SMTP_USER: 'assistant',
        COUNTERSIGN_SMTP_PASSWORD: SECRETS.smtp,
        COUNTERSIGN_MAIL_FROM: 'assistant@house.example',
      },
    });
    const honest = deployment;
    try {
      deployment = other;
      const id = await start('locked-out', { goal: 'mail Bob', actions: [{ tool: 'send_email', input: MAIL }] });
      const verdict = await sign(id, 'approve');
      const update = ['--workflow-id', id, '--name', 'decideApproval', '--input', verdict];
      await temporal('workflow', 'update', 'execute', ...update);
      expect(lockedOut.lines.some((line) => line.startsWith('AUTH'))).toBe(true);
    } finally {
      deployment = honest;
      await other.stop();
    }
    const thinking = await start('thinking', { goal: 'nobody answers', limits: { wallTimeMs: 1500 } });
    await temporal('workflow', 'result', '--workflow-id', thinking);
    for (const id of started) {
      const json = await temporal('workflow', 'show', '--workflow-id', id, '--output', 'json');
      const decoded = json.replaceAll(/[A-Za-z0-9+/=]{16,}/g, (text) => Buffer.from(text, 'base64').toString('latin1'));
      for (const secret of Object.values(SECRETS)) expect(json + decoded).not.toContain(secret);
    }
    expect(started.length).toBeGreaterThanOrEqual(6);
  });
});

test('the policy, the keys and the directory lie outside of what the agent may reach (S12)', async () => {
  const paths = [
    '../alice.pem',
    '../approvers.yaml',
    join(deployment.directory, 'policy.yaml'),
    'notes/../../alice.pem',
  ];
  const actions = paths.map((path) => ({ tool: 'read_file', input: { path } }));
  const id = await start('leash', { goal: 'read the leash', actions });
  const result = await temporal('workflow', 'result', '--workflow-id', id, '--output', 'json');
  const outcomes = (JSON.parse(result) as { result: { actions: { outcome: string }[] } }).result.actions;
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(paths.map(() => 'denied'));
});
