import { describe, expect, test } from '@jest/globals';
import { describeStory } from '../../src/cli/show-log.ts';
import type { ActionRow, LogRow } from '../../src/client/log-row.ts';
import { tellStory } from '../../src/client/session-log.ts';
import { Story, asks, decision, outcome } from './history-steps.ts';

const candidate = { kind: 'deny', rule: 'no-mail', why: 'mail is over', policySha: 'cd'.repeat(32) } as const;
const begin = (): Story => new Story().started().opened();
const told = (rows: readonly LogRow[]): ActionRow['candidate'][] =>
  rows.flatMap((row) => (row.kind === 'action' ? [row.candidate] : []));

describe('shadow mode in the log: what a candidate policy would have decided otherwise', () => {
  test('of an action that was decided at once', () => {
    const rows = tellStory(
      begin().pass(10, 'read_file', 'c1', outcome('done', 'x', { decision: { ...decision, candidate } })).events,
    );
    expect(told(rows)).toEqual([candidate]);
    const text = describeStory(rows);
    expect(text).toMatch(
      /decided: allow by rule notes of policy abababababab\n +candidate would: deny by rule no-mail of policy cdcdcdcdcdcd: mail is over\n/,
    );
  });

  test('of one that waits for a person, before there is a decision', () => {
    const rows = tellStory(begin().pass(10, 'send_email', 'c1', { ...(asks('c1') as object), candidate }).events);
    expect(told(rows)).toEqual([candidate]);
    expect(describeStory(rows)).toContain('candidate would: deny by rule no-mail');
  });

  test('of one that nobody answered', () => {
    const rows = tellStory(
      begin()
        .pass(10, 'send_email', 'c1', { ...(asks('c1') as object), candidate })
        .ended('terminated').events,
    );
    expect(told(rows)).toEqual([candidate]);
  });

  test('a pass that judged anew is heard last; one that only waited says nothing', () => {
    const waiting = { kind: 'waiting', have: [], refused: [] };
    const story = begin()
      .pass(10, 'send_email', 'c1', { ...(asks('c1') as object), candidate })
      .pass(20, 'send_email', 'c1.2', waiting);
    expect(told(tellStory(story.events))).toEqual([candidate]);
    expect(told(tellStory(story.pass(30, 'send_email', 'c1.3', outcome('done', 'x')).events))).toEqual([null]);
  });

  test('a candidate that is broken is told as such', () => {
    const broken = { kind: 'broken', rule: null, why: 'c.yaml is broken: line 1\u202E', policySha: null };
    const text = describeStory(
      tellStory(
        begin().pass(10, 'read_file', 'c1', outcome('done', 'x', { decision: { ...decision, candidate: broken } }))
          .events,
      ),
    );
    expect(text).toContain('candidate would: nothing, it is broken: c.yaml is broken: line 1⟨U+202E⟩');
  });

  test('S13: garbage in its place is no candidate', () => {
    for (const garbage of [7, null, [], {}, { kind: 'maybe' }, { kind: 'deny', rule: 7, why: {}, policySha: [] }]) {
      const rows = tellStory(
        begin().pass(10, 'read_file', 'c1', outcome('done', 'x', { decision: { ...decision, candidate: garbage } }))
          .events,
      );
      expect([null, { kind: 'deny', rule: null, why: '', policySha: null }]).toContainEqual(told(rows)[0]);
      expect(() => describeStory(rows)).not.toThrow();
    }
  });
});
