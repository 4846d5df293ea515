import { definePolicy } from '../../src/policy/define-policy.ts';
import { tools } from '../../src/tools/index.ts';

const COLLEAGUES = ['example.com', 'example.org'] as const;

export const assistant = definePolicy(tools, {
  version: 1,
  profiles: { assistant: { grant: ['read_files', 'send_email'], startable: true } },
  defaultProfile: 'assistant',
  approval: { by: ['owner'], expires: '4h' },
  rules: [
    { id: 'notes', tool: ['read_file', 'list_files'], allow: { path: { under: 'notes' } } },
    { id: 'mail', tool: 'send_email', ask: { to: { every: { domain: COLLEAGUES } } } },
  ],
  tests: COLLEAGUES.map((domain) => ({
    name: `mail to ${domain} asks`,
    call: { tool: 'send_email', input: { to: [`bob@${domain}`], subject: 'Hi', body: 'x' } },
    expect: { ask: 'mail' },
  })),
});

/** None of these compiles. */
export const mistakes = (): unknown => [
  definePolicy(tools, {
    version: 1,
    profiles: { reader: { grant: ['read_files'] } },
    // @ts-expect-error There is no such profile.
    defaultProfile: 'raeder',
    rules: [
      // @ts-expect-error read_file has a path, and no folder.
      { id: 'notes', tool: 'read_file', allow: { folder: { under: 'notes' } } },
      // @ts-expect-error A rule that opens names origin and path.
      { id: 'web', tool: 'http_request', allow: { url: { origin: 'https://api.example' }, method: ['GET'] } },
    ],
  }),
];
