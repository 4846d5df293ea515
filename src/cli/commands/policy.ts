import type { Command } from 'commander';
import { addBacktest } from '../policy/backtest.ts';
import { addCheck } from '../policy/check.ts';
import { addDiff } from '../policy/diff.ts';
import { addExplain } from '../policy/explain.ts';
import { addInstall } from '../policy/install.ts';
import { addSchema } from '../policy/schema.ts';
import { addShow } from '../policy/show.ts';
import { addTest } from '../policy/test.ts';

const SUBCOMMANDS = [addCheck, addExplain, addTest, addShow, addDiff, addInstall, addBacktest, addSchema];

export function addPolicy(program: Command, done: (code: number) => void): void {
  const policy = program.command('policy').description('check, test, explain, compare and install policy files');
  for (const add of SUBCOMMANDS) add(policy, done);
}
