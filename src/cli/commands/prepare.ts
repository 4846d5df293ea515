import type { Command } from 'commander';
import { obtainServer } from '../../server/obtain-server.ts';
import { complain } from '../terminal.ts';

export function addPrepare(program: Command, done: (code: number) => void): void {
  program
    .command('prepare')
    .description('obtain the Temporal server and end: what "npm test" does first')
    .action(async () => {
      await obtainServer({ report: complain, env: process.env });
      done(0);
    });
}
