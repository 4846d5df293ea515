/** Advice: what loads but may not be meant. Each piece with a file that gets it, and one that does not. */
import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { adviseOnPolicy } from '../../../src/policy/advice/advise-on-policy.ts';
import { describeProblem, parsePolicy } from '../../../src/policy/load-policy.ts';
import { tools } from '../../../src/tools/index.ts';
import { fileWith } from '../support.ts';
import { shapes } from '../shapes.ts';

/** All but that no example shows anything, which is true of nearly all of these files. */
function adviceOf(text: string): readonly string[] {
  expect(parsePolicy(text, shapes)).toMatchObject({ kind: 'policy' });
  return adviseOnPolicy(text, shapes)
    .map(describeProblem)
    .filter((words) => !words.includes('no example and no test'));
}

const DENY_TO = '{ id: rival, tool: send_email, deny: { to: { some: { domain: rival.example } } } }';
const DENY_CC = DENY_TO.replace('id: rival', 'id: rival-cc').replace('to:', 'cc:');
const MAIL = '{ id: mail, tool: send_email, ask: { to: { every: { any: true } } } }';
const MAIL_WITH_CC = MAIL.replace('any: true } }', 'any: true } }, cc: { optional: true, every: { any: true } }');
const WEB = '{ id: web, tool: http_request, allow: { url: { origin: https://a.example, path: /x }, method: [GET] } }';
const POST = WEB.replace('GET', 'POST');
const READ = '{ id: read, tool: read_file, allow: { path: { under: notes } } }';
const LOAD = 'approval: { by: [owner] }';
const flow = (tool: string): string =>
  `${LOAD}\nflows: { rules: [{ id: stay, when: [private], tool: ${tool}, then: deny }] }`;

describe('advice', () => {
  test.each<[string, string, string, string]>([
    [
      'a denial of one list of addresses, where another is opened',
      fileWith([DENY_TO, MAIL_WITH_CC]),
      fileWith([DENY_TO, DENY_CC, MAIL_WITH_CC]),
      'line 7, column 44: the denial of "rival" speaks of to, and not of cc, which other rules let through (make a denial of cc, too)',
    ],
    [
      'a denial that needs two lists at once',
      fileWith([DENY_TO.replace(/ } }$/, ', cc: { some: { domain: rival.example } } } }')]),
      fileWith([DENY_TO, DENY_CC]),
      'line 7, column 36: the denial of "rival" holds only where to and cc all match: an action in which one of them does is not denied (make one denial of each)',
    ],
    [
      'any URL, unasked',
      fileWith([WEB.replace(/url: \{.*?\}/, 'url: { any: true }')]),
      fileWith([WEB.replace(/url: \{.*?\}/, 'url: { any: true }').replace('allow', 'ask')]),
      '"web" allows any URL: whatever the agent has read can be sent to anybody in one',
    ],
    [
      'a web call that anybody on the way can read',
      fileWith([WEB.replace('https://a.example', 'http://a.example')]),
      fileWith([WEB.replace('https://a.example', '["http://localhost:8080", "http://127.0.0.1"]')]),
      '"web" goes to http://a.example without encryption',
    ],
    [
      'a method that is made for a body, and no body',
      fileWith([POST]),
      fileWith([POST.replace('method:', 'body: { optional: true, maxLength: 10 }, method:')]),
      'the allow of "web" names POST and does not mention body: every call with a body is denied',
    ],
    [
      'no profile to start',
      fileWith([READ]).replaceAll(', startable: true', ''),
      fileWith([READ]),
      'no profile is startable: no session can be started',
    ],
    [
      'no asks, where rules ask',
      fileWith([MAIL], `${LOAD}\nlimits: { asks: 0 }`),
      fileWith([READ], `${LOAD}\nlimits: { asks: 0 }`),
      'line 6, column 11: "asks: 0" denies whatever must be asked: mail',
    ],
    [
      'requests that outlive the session',
      fileWith([MAIL], 'approval: { by: [owner], expires: 2d }\nlimits: { wallTime: 1d }'),
      fileWith([MAIL], 'approval: { by: [owner], expires: 1d }\nlimits: { wallTime: 1d }'),
      'line 5, column 26: a request of mail waits 2d, and the session ends after 1d (wallTime)',
    ],
    [
      'a flow about what no rule opens',
      fileWith([READ], flow('[send_email, read_file]')),
      fileWith([READ, MAIL], flow('[send_email, read_file]')),
      'no rule opens send_email, so the flow "stay" changes nothing there',
    ],
  ])('%s', (_, bad, good, words) => {
    expect(adviceOf(bad)).toEqual([expect.stringContaining(words)]);
    expect(adviceOf(good)).toEqual([]);
  });

  test('a denial of one list is enough where nothing opens the others', () => {
    expect(adviceOf(fileWith([DENY_TO, MAIL]))).toEqual([]);
  });

  test('a body that another rule speaks of is not missing', () => {
    const more = POST.replace('id: web', 'id: more').replace('method:', 'body: { maxLength: 10 }, method:');
    expect(adviceOf(fileWith([POST, more]))).toEqual([]);
  });

  test('what several asks take from the approval of the file is said once', () => {
    const asks = [MAIL, READ.replace('allow', 'ask')];
    const late = 'approval: { by: [owner], expires: 2d }\nlimits: { wallTime: 1d }';
    expect(adviceOf(fileWith(asks, late))).toEqual([expect.stringContaining('a request of mail, read waits 2d')]);
  });
});

describe('rules of which nothing shows what they do', () => {
  const proofsOf = (text: string): readonly string[] => adviseOnPolicy(text, shapes).map(({ message }) => message);
  const TEST = 'tests: [{ name: t, profile: all, call: { tool: read_file, input: { path: notes/a } }, expect: allow }]';

  test('are named together, at the first of them', () => {
    const [advice] = adviseOnPolicy(fileWith([READ, MAIL]), shapes);
    expect(advice).toMatchObject({ line: 7, message: 'no example and no test shows what these rules do: read, mail' });
  });

  test('a test that is decided by the rule shows it, and so does an example', () => {
    expect(proofsOf(fileWith([READ], `${LOAD}\n${TEST}`))).toEqual([]);
    expect(proofsOf(fileWith([READ.replace(/ }$/, ', examples: { noMatch: [{ path: a }] } }')]))).toEqual([]);
  });
});

test('a file that does not load gets none', () => {
  expect(adviseOnPolicy('rules: 1', shapes)).toEqual([]);
});

test('the example policy gets none', () => {
  const file = join(__dirname, '..', '..', '..', 'examples', 'personal-assistant', 'policy.yaml');
  expect(adviseOnPolicy(readFileSync(file, 'utf8'), tools).map(describeProblem)).toEqual([]);
});
