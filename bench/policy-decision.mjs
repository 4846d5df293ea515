/** What a decision costs with 200 rules, all of them for the tool that is called: the worst a file of that size can do. */
import { decideAction } from '../dist/policy/decide-action.js';
import { parsePolicy } from '../dist/policy/load-policy.js';
import { actionKey } from '../dist/proof/digest.js';
import { tools } from '../dist/tools/index.js';

const RULES = 200;
const NOTHING = { actions: {}, sums: {}, same: {}, labels: [], unknownTools: [] };

/** A policy with RULES rules, made by `rule` of their number. JSON is YAML. */
export function policyText(rule) {
  return JSON.stringify({
    version: 1,
    profiles: { all: { grant: ['read_files', 'send_email', 'make_api_calls'], startable: true } },
    defaultProfile: 'all',
    approval: { by: ['owner'] },
    rules: Array.from({ length: RULES }, (_, number) => ({ id: `r${number}`, ...rule(number) })),
  });
}

export const webRule = (n) => ({
  tool: 'http_request',
  allow: { url: { origin: `https://h${n}.example`, path: ['/v1/items/*', `/v${n}/**`] }, method: ['GET', 'POST'] },
});
const mailRule = (n) => ({
  tool: 'send_email',
  ask: {
    to: { every: { anyOf: [{ domain: [`d${n}.example`] }, { oneOf: [`a@x${n}.example`] }] } },
    cc: { every: { domain: [`d${n}.example`] } },
  },
});
const fileRule = (n) => ({
  tool: 'read_file',
  allow: { path: { under: `folder${n}` } },
  except: { path: { glob: ['**/.env*', `folder${n}/**/*.key`] } },
});

const mail = (to) => ({ to: [to, 'b@d7.example'], cc: ['c@d7.example'], subject: 's', body: 'b' });
const CASES = [
  [
    'web, the last of 200 rules allows',
    webRule,
    'http_request',
    { url: 'https://h199.example/v1/items/3', method: 'GET' },
  ],
  ['web, no rule speaks', webRule, 'http_request', { url: 'https://other.example/v1/items/3', method: 'GET' }],
  ['mail, a rule asks', mailRule, 'send_email', mail('a@d7.example')],
  ['mail, no rule speaks', mailRule, 'send_email', mail('m@evil.example')],
  ['files, a rule allows', fileRule, 'read_file', { path: 'folder150/a/b.md' }],
  ['files, no rule speaks', fileRule, 'read_file', { path: 'elsewhere/a/b.md' }],
];

function caseOf([name, rule, toolName, input]) {
  const reading = parsePolicy(policyText(rule), tools);
  if (reading.kind === 'broken') throw new Error(JSON.stringify(reading.problems.slice(0, 3)));
  const tool = tools.find((candidate) => candidate.name === toolName);
  const parsed = tool.parse(input);
  if (parsed.kind === 'invalid') throw new Error(parsed.why);
  const { args } = parsed;
  const facts = { tool, profile: 'all', args, actionKey: actionKey(toolName, args), standing: NOTHING };
  return { name, run: () => decideAction(reading.policy, facts) };
}

export const title = 'decideAction with 200 rules (goal: median under 100 µs)';

/** What the others are compared with: reading one call as JSON, which every decision needs as well. */
export const baseline = {
  name: 'JSON.parse of one call',
  run: () =>
    JSON.parse('{"tool":"send_email","input":{"to":["a@d7.example"],"subject":"s","body":"b"},"profile":"all"}'),
};

export const cases = () => CASES.map(caseOf);
