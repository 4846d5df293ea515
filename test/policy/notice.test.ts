import { describe, expect, test } from '@jest/globals';
import { offeredTools, restrictionNotice } from '../../src/policy/notice.ts';
import { fileWith, load } from './support.ts';
import { shapes } from './shapes.ts';

const policy = load(
  fileWith(
    [
      '{ id: notes, tool: [read_file, list_files], allow: { path: { under: notes } }, except: { path: { glob: "**/.env" } }, why: For work. }',
      '{ id: mail, tool: send_email, ask: { to: { every: { domain: [example.com] } } } }',
      '{ id: shut, tool: delete_files, deny: {} }',
      '{ id: special, tool: http_request, profiles: [none], allow: { url: { any: true }, method: [GET] } }',
      '{ id: stop, tool: send_email, deny: { body: { contains: secret } }, why: Secrets stay. }',
    ],
    'approval: { by: [owner] }\nlimits: { actions: { send_email: 3 } }',
  ),
);

describe('offered tools (S2)', () => {
  test('granted, and allowed or asked by some rule for this profile', () => {
    expect(offeredTools(policy, 'all', shapes).map(({ name }) => name)).toEqual([
      'list_files',
      'read_file',
      'send_email',
    ]);
  });

  test.each(['none', 'ghost', '__proto__', 'constructor'])('profile %j is offered nothing', (profile) => {
    expect(offeredTools(policy, profile, shapes)).toEqual([]);
  });
});

describe('the notice in the system prompt', () => {
  test('says rule by rule what is allowed, asked and denied, and what is not there', () => {
    expect(restrictionNotice(policy, 'all', shapes)).toBe(
      [
        'Your profile is "all". Denied is stronger than asked, asked is stronger than allowed, and everything else is denied. What must be approved is asked also where something is added to it or it is spelled otherwise, even if another rule allows that. A call with an argument that the rule does not name fails; only subject, body and html need no naming.',
        'list_files and read_file:\n- Allowed where path is in or under notes, except where path matches **/.env. (rule "notes": For work.)',
        'send_email:\n- Denied where body contains secret. (rule "stop": Secrets stay.)\n- Only after a person has approved it where each of to is at example.com exactly. (rule "mail")',
        'Not available to you: delete_files, http_request.',
        'In one session: send_email at most 3 times.',
      ].join('\n\n'),
    );
  });

  test('does not promise what an empty matcher does not give', () => {
    const empty = load(fileWith(['{ id: a, tool: send_email, allow: {} }', '{ id: b, tool: read_file, allow: {} }']));
    const notice = restrictionNotice(empty, 'all', shapes);
    expect(notice).toContain('Allowed where only subject, body and html is given.');
    expect(notice).toContain('Allowed where nothing is given.');
  });

  test('says that no query means none, and sets apart what could be misread', () => {
    const web = load(
      fileWith([
        '{ id: w, tool: http_request, allow: { url: { origin: https://a.example, path: /x }, method: [GET] } }',
        '{ id: r, tool: read_file, allow: { path: { under: "a or b" } } }',
      ]),
    );
    const notice = restrictionNotice(web, 'all', shapes);
    expect(notice).toContain('url goes to https://a.example and has the path /x and has no query, and method is GET.');
    expect(notice).toContain('path is in or under "a or b".');
  });

  test('limits of tools that the profile does not have are not its business', () => {
    const more = 'approval: { by: [owner] }\nlimits: { actions: { send_email: 3, read_file: 4, delete_files: 5 } }';
    const limited = load(fileWith(['{ id: r, tool: read_file, allow: { path: { under: a } } }'], more));
    expect(restrictionNotice(limited, 'all', shapes)).toContain('In one session: read_file at most 4 times.');
  });

  test('a profile without anything is told so', () => {
    expect(restrictionNotice(policy, 'none', shapes)).toContain(
      'Not available to you: list_files, read_file, delete_files, send_email, http_request.',
    );
  });
});
