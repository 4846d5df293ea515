/** Sessions on a real server, decided again under a candidate: by the client, and from an exported file. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import Long from 'long';
import { obtainServer } from '../../src/server/obtain-server.ts';
import { tools } from '../../src/tools/index.ts';
import type { WorldPorts } from '../../src/tools/ports.ts';
import type { Ran } from '../cli/run-cli.ts';
import { runCli } from '../cli/run-cli.ts';
import type { Harness, Session } from '../support/harness.ts';
import { sessionOf, startHarness, testAddress, until, verdict } from '../support/harness.ts';

const ORIGIN = 'https://api.example';
const policyWith = (rules: readonly string[], more = ''): string =>
  [
    'version: 1',
    'profiles:',
    '  web: { grant: [make_api_calls], startable: true }',
    'defaultProfile: web',
    'approval: { by: [owner], expires: 1h }',
    ...(more === '' ? [] : [more]),
    'rules:',
    ...rules.map((rule) => `  - ${rule}`),
  ].join('\n');
const rule = (id: string, kind: string, path: string, methods: string, more = ''): string =>
  `{ id: ${id}, tool: http_request, ${kind}: { url: { origin: '${ORIGIN}', path: [${path}] }, method: [${methods}] }${more} }`;

const POLICY = policyWith([rule('reads', 'allow', '/open', 'GET'), rule('writes', 'ask', '/order, /cancel', 'POST')]);

let harness: Harness;
let sessions: Record<'allowed' | 'approved' | 'denied' | 'unmatched', Session>;

const call = (method: string, path: string): Record<string, unknown> => ({
  goal: `${method} ${path}`,
  actions: [{ tool: 'http_request', input: { method, url: `${ORIGIN}${path}` } }],
});

beforeAll(async () => {
  const http: WorldPorts['http'] = {
    exchange: () => Promise.resolve({ kind: 'answered', answer: { status: 200, headers: {}, body: 'ok', bytes: 2 } }),
  };
  harness = await startHarness({ policy: POLICY, tools, world: { http } });
  sessions = {
    allowed: await harness.start(call('GET', '/open')),
    approved: await harness.start(call('POST', '/order')),
    denied: await harness.start(call('POST', '/cancel')),
    unmatched: await harness.start(call('GET', '/hidden')),
  };
  await sessions.approved.update(verdict(await sessions.approved.request(), 'approve', harness.alice));
  await sessions.denied.update(verdict(await sessions.denied.request(), 'deny', harness.bob, { reason: 'not now' }));
  await Promise.all(Object.values(sessions).map((session) => session.result()));
  await until(async () => ((await ours('all.yaml', POLICY)).out.startsWith('4 actions of 4') ? true : undefined));
});
afterAll(() => harness.stop());

const file = (name: string, text: string): string => {
  const path = join(harness.directory, name);
  writeFileSync(path, text);
  return path;
};
const cli = (...argv: readonly string[]): Promise<Ran> =>
  runCli(['--address', testAddress(), '--state', harness.directory, ...argv]);
const ours = (name: string, text: string, ...more: readonly string[]): Promise<Ran> =>
  cli('policy', 'backtest', file(name, text), '--sessions', `TaskQueue = '${harness.taskQueue}'`, ...more);

/** Every decision becomes another one. */
const OTHER = policyWith([
  rule('reads', 'ask', '/open, /hidden', 'GET'),
  rule('orders', 'allow', '/cancel', 'POST'),
  rule('no-orders', 'deny', '/order', 'POST', ', why: orders are over'),
]);

/** As a person exports them, with the plain command line of Temporal. */
async function exportedFiles(): Promise<readonly string[]> {
  const names: string[] = [];
  for (const [name, { workflowId }] of Object.entries(sessions)) names.push(await exported(`${name}.json`, workflowId));
  return names;
}

async function exported(name: string, workflowId: string): Promise<string> {
  const binary = await obtainServer({ report: () => undefined, env: process.env });
  const argv = ['workflow', 'show', '--workflow-id', workflowId, '--output', 'json', '--address', testAddress()];
  const { stdout } = await promisify(execFile)(binary, argv, { env: { HOME: harness.directory } });
  return file(name, stdout);
}

describe('policy backtest', () => {
  test('the policy of the time changes nothing', async () => {
    const ended = await Promise.all(Object.values(sessions).map((session) => session.result()));
    expect(ended.map(({ actions }) => actions[0]?.outcome)).toEqual(['done', 'done', 'denied', 'denied']);
    expect(await ours('same.yaml', POLICY)).toMatchObject({
      code: 0,
      out: '4 actions of 4 sessions decided again: 4 the same, 0 change, 0 cannot be decided\n',
    });
  });

  test('a candidate that decides otherwise: every change with what people had said', async () => {
    const { code, out } = await ours('other.yaml', OTHER);
    expect(code).toBe(1);
    const lines = out.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^ +SESSION +CALL +TOOL +PARTICULARS +WAS +WOULD BE +WHY$/);
    const row = (session: Session): string => lines.find((each) => each.includes(` ${session.workflowId} `)) ?? '';
    expect(row(sessions.allowed)).toMatch(
      / c1 +http_request +GET https:\/\/api\.example\/open +allow \(reads\) +ask \(reads\) +/,
    );
    expect(row(sessions.approved)).toMatch(
      / POST https:\/\/api\.example\/order +ask \(writes\); approved by alice +deny \(no-orders\) +orders are over/,
    );
    expect(row(sessions.denied)).toMatch(
      / POST https:\/\/api\.example\/cancel +ask \(writes\); denied by bob +allow \(orders\) +/,
    );
    expect(row(sessions.unmatched)).toMatch(/ GET https:\/\/api\.example\/hidden +deny \(no rule\) +ask \(reads\) +/);
    expect(lines.slice(1, 5).map((each) => each.split(' ')[0])).toEqual(['LOOSER', 'LOOSER', 'TIGHTER', 'TIGHTER']);
    expect(lines.slice(-2)).toEqual([
      '4 actions of 4 sessions decided again: 0 the same, 4 change, 0 cannot be decided',
      'of the changes: 2 looser, 2 tighter; 1 had been approved by a person, 1 denied',
    ]);
  });

  test('the same from exported files, and as JSON', async () => {
    const files = await exportedFiles();
    const fromFiles = await cli('--json', 'policy', 'backtest', file('other.yaml', OTHER), '--history', ...files);
    const fromServer = await ours('other.yaml', OTHER, '--json');
    expect(fromFiles.code).toBe(1);
    const sorted = (out: string): readonly unknown[] =>
      (JSON.parse(out) as { readonly changes: readonly { readonly session: string }[] }).changes.toSorted((a, b) =>
        a.session < b.session ? -1 : 1,
      );
    expect(sorted(fromFiles.out)).toEqual(sorted(fromServer.out));
    expect(JSON.parse(fromFiles.out)).toMatchObject({
      actions: 4,
      sessions: 4,
      same: 0,
      approvedByPerson: 1,
      deniedByPerson: 1,
    });
    expect(sorted(fromFiles.out)).toContainEqual(
      expect.objectContaining({
        session: sessions.denied.workflowId,
        callId: 'c1',
        was: expect.objectContaining({ kind: 'ask', rule: 'writes' }),
        person: { kind: 'denied', approver: 'bob' },
        wouldBe: expect.objectContaining({ kind: 'allow', rule: 'orders' }),
      }),
    );
  });

  test('a file and the same file twice are one session', async () => {
    const [first = ''] = await exportedFiles();
    const { out } = await cli('policy', 'backtest', file('same.yaml', POLICY), '--history', first, first);
    expect(out).toContain('1 actions of 1 sessions');
  });

  test('what the session had spent counts: a lower limit denies what came later', async () => {
    const two = await harness.start({
      goal: 'two',
      actions: [1, 2].map(() => ({ tool: 'http_request', input: { method: 'GET', url: `${ORIGIN}/open` } })),
    });
    await two.result();
    const path = await exported('two.json', two.workflowId);
    const limited = policyWith([rule('reads', 'allow', '/open', 'GET')], 'limits: { actions: { http_request: 1 } }');
    const { out, code } = await cli('policy', 'backtest', file('limited.yaml', limited), '--history', path);
    expect(code).toBe(1);
    expect(out).toMatch(
      / c2 +http_request .* allow \(reads\) +deny \(no rule\) +A session may use http_request at most 1/,
    );
    expect(out).toContain('2 actions of 1 sessions decided again: 1 the same, 1 change');
  });

  test('queries that the server does not take, sessions that are not there, limits', async () => {
    const candidate = file('same.yaml', POLICY);
    const bad = await cli('policy', 'backtest', candidate, '--sessions', 'Nonsense ==');
    expect(bad).toMatchObject({ code: 2, err: expect.stringContaining('does not take this query') });
    const none = await cli('policy', 'backtest', candidate, '--sessions', "TaskQueue = 'no-such-queue'");
    expect(none).toMatchObject({ code: 0, out: expect.stringContaining('0 actions of 0 sessions') });
    const some = await ours('same.yaml', POLICY, '--limit', '2');
    expect(some).toMatchObject({ code: 0, err: expect.stringContaining('the newest 2') });
    expect(some.out).toContain(' of 2 sessions decided again');
  });
});

describe('policy explain of a recorded action', () => {
  const explain = (session: Session, ...more: readonly string[]): Promise<Ran> =>
    cli('policy', 'explain', ...more, '--session', session.workflowId, '--call', 'c1');

  test('what was recorded needs no file', async () => {
    const { code, out } = await explain(sessions.approved);
    expect(code).toBe(0);
    expect(out).toMatch(/recorded: ask by rule writes\n/);
    expect(out).toMatch(/policy: [0-9a-f]{64}\n/);
    expect(out).toContain('verdict: approved by alice');
    expect(out).toContain('outcome: done');
  });

  test('with a file: what it says now, and whether it is the one that decided', async () => {
    const same = await explain(sessions.denied, file('same.yaml', POLICY));
    expect(same.out).toContain('the very file that decided');
    expect(same.out).toContain('ask by rule writes');
    const other = await explain(sessions.denied, file('other.yaml', OTHER));
    expect(other.out).toContain('another file than the one that decided');
    expect(other.out).toMatch(/says now:\nhttp_request under profile web: allow by rule orders/);
    const json = JSON.parse((await explain(sessions.denied, file('other.yaml', OTHER), '--json')).out) as unknown;
    expect(json).toMatchObject({
      recorded: { decided: { kind: 'ask', rule: 'writes' }, answer: { kind: 'denied', approver: 'bob' } },
      now: { samePolicy: false, decision: { kind: 'allow', rule: 'orders' } },
    });
  });

  test('a session or a call that is not there', async () => {
    expect(await cli('policy', 'explain', '--session', 'no-such-session', '--call', 'c1')).toMatchObject({ code: 3 });
    expect(await cli('policy', 'explain', '--session', sessions.allowed.workflowId, '--call', 'c9')).toMatchObject({
      code: 3,
      err: expect.stringContaining('it has c1'),
    });
  });
});

test('what a session did before it was reset still makes a candidate ask', async () => {
  const { handle, workflowId } = sessions.denied;
  const { runId } = await handle.describe();
  await harness.client.workflowService.resetWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId, runId },
    workflowTaskFinishEventId: Long.fromNumber(4),
    requestId: workflowId,
    reason: 'test',
  });
  const again = sessionOf(harness.client.workflow.getHandle(workflowId));
  await again.request();
  const path = await exported('reset.json', workflowId);
  await again.handle.terminate();
  const ran = await cli('policy', 'backtest', file('other.yaml', OTHER), '--history', path);
  expect(ran).toMatchObject({
    code: 0,
    out: expect.stringContaining('1 actions of 1 sessions decided again: 1 the same'),
  });
});
