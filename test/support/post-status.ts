import { free, one } from '../../src/policy/kinds/argument.ts';
import { text } from '../../src/policy/kinds/text.ts';
import { defineTool } from '../../src/tools/define-tool.ts';

export const postStatus = defineTool({
  name: 'post_status',
  description: 'Posts one line to the public status page.',
  permission: 'publish',
  role: 'web',
  // Each argument has a kind: it makes the value canonical, and gives the policy its matchers. A rule must mention
  // every argument that is given, unless the tool marks it as free.
  arguments: { line: free(one(text({ maxLength: 200, multiline: false }), 'what to say')) },
  needs: ['http'],
  labels: [],
  timeoutMs: 30_000,
  // "read" only if a stale late repeat would be harmless. "once" gets the durable mark.
  effect: 'once',
  summary: ({ line }) => line,
  // Gathers facts and shows exactly what will happen. Changes nothing in the world.
  prepare: async ({ line }) => {
    const call = { method: 'POST', url: 'https://status.example/lines', headers: {}, body: line };
    return { kind: 'ready', facts: {}, preview: [{ label: `POST ${call.url}`, text: line }], material: call };
  },
  // Gets what prepare returned, never the arguments. Says what is certain, and "unknown" for everything that is not.
  perform: async (call, { http }, signal) => {
    const exchange = await http.exchange(call, signal);
    switch (exchange.kind) {
      case 'answered':
        return exchange.answer.status < 300
          ? { kind: 'done', text: 'It was posted.', evidence: { status: exchange.answer.status } }
          : { kind: 'failed', text: `The page answered ${exchange.answer.status}.` };
      case 'refused':
        return { kind: 'failed', text: `The request was not made: ${exchange.why}.` };
      case 'notSent':
        return { kind: 'notPerformed', why: exchange.why };
      case 'unknown':
        return { kind: 'unknown', why: exchange.why };
    }
  },
});
