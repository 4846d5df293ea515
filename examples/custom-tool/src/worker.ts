/** The worker: all built-in tools and this one, behind the same guard. Settings: see docs/settings.md of countersign. */
import { startWorker } from 'countersign';
import { createTicketIn } from './create-ticket.js';

const worker = await startWorker({
  tools: [createTicketIn(process.env['TICKETS'] ?? 'tickets.jsonl')],
  policy: 'policy.yaml',
  approvers: 'approvers.yaml',
  settings: process.env,
});
process.once('SIGINT', () => void worker.stop());
process.once('SIGTERM', () => void worker.stop());
// It runs, and denies everything until these are mended.
for (const problem of worker.problems) console.error(problem);
console.log(`worker ready: ${worker.roles.join(', ')}`);
await worker.done;
