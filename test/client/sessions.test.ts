import { describe, expect, test } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { ClientError } from '../../src/client/client-error.ts';
import { sessionId, startSession } from '../../src/client/sessions.ts';
import { MAX_GOAL_LENGTH } from '../../src/domain/start-input.ts';

describe('the id of a session', () => {
  test.each([
    ['Mail the notes', /^session-mail-the-notes-[a-z0-9]{4}$/],
    ['Résumé für Zoë', /^session-resume-fur-zoe-[a-z0-9]{4}$/],
    ['日本語', /^session-[a-z0-9]{4}$/],
    ['', /^session-[a-z0-9]{4}$/],
    ['../../etc/passwd', /^session-etc-passwd-[a-z0-9]{4}$/],
    ['\u001b[2J\u202Egpj.exe', /^session-2j-gpj-exe-[a-z0-9]{4}$/],
    ["x' OR WorkflowType='other", /^session-x-or-workflowtype-other-[a-z0-9]{4}$/],
  ])('%j is readable ASCII', (goal, form) => {
    expect(sessionId(goal)).toMatch(form);
  });

  test('it is at most 53 characters, and does not end its words with a hyphen', () => {
    const id = sessionId(`${'a'.repeat(39)} b`);
    expect(id).toMatch(/^session-a{39}-[a-z0-9]{4}$/);
    expect(sessionId('word '.repeat(100)).length).toBeLessThanOrEqual(53);
  });
});

describe('a session that cannot be started', () => {
  // Whoever reaches for the server fails the test.
  const nobody = {} as Client;

  test.each([
    ['a goal over the limit', { goal: 'x'.repeat(MAX_GOAL_LENGTH + 1) }, 'longer than'],
    ['an empty goal', { goal: '  ' }, 'no goal'],
    ['no actions', { goal: 'x', actions: [] }, 'not a list'],
  ])('%s is refused before anything is started', async (_, input, words) => {
    await expect(startSession(nobody, 'q', input)).rejects.toThrow(ClientError);
    await expect(startSession(nobody, 'q', input)).rejects.toThrow(words);
  });
});
