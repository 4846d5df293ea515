import { describe, expect, test } from '@jest/globals';
import { deletionsOf } from '../../src/client/deletions.ts';
import { tellStory } from '../../src/client/session-log.ts';
import { deletionIdOf } from '../../src/contract/deletion-id.ts';
import type { ActionRow } from '../../src/client/log-row.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { sha256 } from '../../src/proof/digest.ts';
import { deleteFiles } from '../../src/tools/delete-files.ts';
import { Story, asks, outcome } from './history-steps.ts';

const EVIDENCE = {
  deleted: ['drafts/a.md', 'drafts/b.md'],
  kept: [],
  trash: '0123456789abcdef',
  until: '2026-12-25T00:00:00.000Z',
};

const INPUT = { paths: ['drafts/a.md', 'drafts/b.md'] };

function row(evidence: JsonObject | null, more: Partial<ActionRow> = {}): ActionRow {
  return {
    kind: 'action',
    at: '2026-11-25T00:00:00.000Z',
    callId: 'c1',
    tool: 'delete_files',
    input: {},
    outcome: 'done',
    text: '',
    decision: null,
    candidate: null,
    question: null,
    requests: [],
    evidence,
    actionKey: null,
    passes: 1,
    runId: 'run-1',
    attempts: 1,
    endedAt: null,
    ...more,
  };
}

describe('what can be put back', () => {
  test('a deletion that was done, with the files that went', () => {
    const { trash, until, deleted } = EVIDENCE;
    expect(deletionsOf([row(EVIDENCE)], 'w')).toEqual([{ kind: 'done', callId: 'c1', trash, until, paths: deleted }]);
  });

  test.each<[string, ActionRow]>([
    ['another tool that claims the same', row(EVIDENCE, { tool: 'http_request' })],
    ['one that failed', row(EVIDENCE, { outcome: 'failed', input: INPUT })],
    ['one that was denied', row(null, { outcome: 'denied', input: INPUT })],
    ['one that waits for a person', row(null, { outcome: 'waiting', input: INPUT })],
    ['one that no worker was given', row(null, { outcome: 'unknown', input: INPUT, runId: null })],
    ['an input that the tool refuses', row(null, { outcome: 'unknown', input: { paths: 'a' } })],
    ['one that deleted nothing', row({ ...EVIDENCE, deleted: [] })],
  ])('%s is left out', (_name, found) => {
    expect(deletionsOf([found], 'w')).toEqual([]);
  });
});

describe('S7: what ended unclear may lie in the trash, and is never passed over', () => {
  const idIn = (runId: string, callId = 'c1'): string => deletionIdOf({ workflowId: 'w', runId, callId }, sha256);
  const begun = (): Story =>
    new Story()
      .started({ goal: 'g', actions: [{ tool: 'delete_files', input: INPUT }] })
      .opened()
      .scheduled(10, 'delete_files', 'c1', { input: INPUT })
      .begun(10);
  const unclear = (trash: string) => [{ kind: 'unclear', callId: 'c1', trash, paths: INPUT.paths, until: null }];
  const found = ({ events }: Story) => deletionsOf(tellStory(events), 'w');

  test.each<[string, Story, string]>([
    ['the tool could not tell', begun().completed(10, outcome('unknown', 'EIO')), 'run-1'],
    ['its worker was killed after the mark', begun().failed(10, { how: 'timedOut', marked: true }), 'run-1'],
    ['no result was recorded when the session was ended', begun().ended('terminated'), 'run-1'],
    ['the session was reset while it was done', begun().reset('run-1').failed(10, {}), 'run-1'],
    ['a reset session did it', begun().reset('run-1').scheduled(20, 'delete_files', 'c1.2').ended('failed'), 'run-2'],
    ['a person had been asked', begun().completed(10, asks('c1')).scheduled(20, 'x', 'c1.2').ended('failed'), 'run-1'],
    ['the result cannot be read', begun().completed(10, { kind: 'done' }), 'run-1'],
    ['its evidence cannot be read', begun().completed(10, outcome('done', 'gone')), 'run-1'],
  ])('when %s', (_when, story, runId) => {
    expect(found(story)).toEqual(unclear(idIn(runId)));
  });

  test('while it is being done it is running; a session that may not have begun it deleted nothing', () => {
    expect(found(begun())).toMatchObject([{ kind: 'running', trash: idIn('run-1') }]);
    expect(found(begun().failed(10, { how: 'timedOut', marked: false }))).toEqual([]);
  });

  test('an input that is left out is one that the tool takes for none', () => {
    expect(deleteFiles.parse({ paths: 'a' }).kind).toBe('invalid');
    expect(deleteFiles.parse({ paths: [7] }).kind).toBe('invalid');
  });
});
