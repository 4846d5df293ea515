import { describe, expect, test } from '@jest/globals';
import { deletionsOf } from '../../src/client/deletions.ts';
import type { ActionRow } from '../../src/client/log-row.ts';
import type { JsonObject } from '../../src/domain/json.ts';

const EVIDENCE = {
  deleted: ['drafts/a.md', 'drafts/b.md'],
  kept: [],
  trash: '0123456789abcdef',
  until: '2026-12-25T00:00:00.000Z',
};

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
    requests: [],
    evidence,
    actionKey: null,
    passes: 1,
    attempts: 1,
    endedAt: null,
    ...more,
  };
}

describe('what can be put back', () => {
  test('a deletion that was done, with the files that went', () => {
    const { trash, until, deleted } = EVIDENCE;
    expect(deletionsOf([row(EVIDENCE)])).toEqual([{ callId: 'c1', trash, until, paths: deleted }]);
  });

  test.each<[string, ActionRow]>([
    ['another tool that claims the same', row(EVIDENCE, { tool: 'http_request' })],
    ['one whose end is not known', row(EVIDENCE, { outcome: 'unknown' })],
    ['one without evidence, as an earlier version recorded it', row(null)],
    ['one without a trash', row({ deleted: ['a'], until: EVIDENCE.until })],
    ['one that deleted nothing', row({ ...EVIDENCE, deleted: [] })],
    ['a list with something other than paths', row({ ...EVIDENCE, deleted: ['a', 7] })],
    ['a trash that is no text', row({ ...EVIDENCE, trash: ['x'] })],
  ])('%s is left out', (_name, found) => {
    expect(deletionsOf([found])).toEqual([]);
  });
});
