import type { Command } from 'commander';
import { ClientError } from '../../client/client-error.ts';
import { exportedEvents } from '../../client/exported-history.ts';
import type { RecordedAction } from '../../client/recorded-actions.ts';
import { distinctActions, recordedActions, sessionOf } from '../../client/recorded-actions.ts';
import { recordedSessions } from '../../client/recorded-sessions.ts';
import { knownTools } from '../known-tools.ts';
import type { GlobalOptions } from '../surroundings.ts';
import { readInput, withClient } from '../surroundings.ts';
import { complain, line, print, printJson } from '../terminal.ts';
import type { Material } from './decide-history.ts';
import { decideHistory } from './decide-history.ts';
import { describeBacktest } from './describe-backtest.ts';
import { readUntestedFile } from './policy-file.ts';

interface BacktestOptions extends GlobalOptions {
  readonly sessions?: string;
  readonly history?: readonly string[];
  readonly limit: string;
}

const LIMIT = 1000;

export function addBacktest(policy: Command, done: (code: number) => void): void {
  policy
    .command('backtest')
    .argument('<candidate>', 'policy file')
    .option('--sessions <query>', 'visibility query: which sessions of the namespace (else all of them)')
    .option('--history <file...>', 'exported histories instead (temporal workflow show --output json)')
    .option('--limit <number>', 'at most so many sessions, the newest', String(LIMIT))
    .description('decide every recorded action again under a candidate: what would change, and what people had said')
    .addHelpText('after', HELP)
    .action(async (file: string, _own: unknown, command: Command) => {
      done(await backtest(file, command.optsWithGlobals<BacktestOptions>()));
    });
}

async function backtest(file: string, options: BacktestOptions): Promise<number> {
  if (options.sessions !== undefined && options.history !== undefined)
    throw new ClientError('usage', 'Say --sessions or --history, one of the two.');
  const limit = Number(options.limit);
  if (!Number.isSafeInteger(limit) || limit < 1) throw new ClientError('usage', '--limit is a number of sessions.');
  const candidate = readUntestedFile(file, knownTools(options));
  const material = options.history === undefined ? await ofSessions(options, limit) : await ofFiles(options.history);
  const result = decideHistory(candidate.policy, material, candidate.tools);
  if (options.json === true) printJson({ candidate: { file, policySha: candidate.policySha }, ...result });
  else print(describeBacktest(result));
  return result.changes.length === 0 ? 0 : 1;
}

function ofSessions(options: BacktestOptions, limit: number): Promise<Material> {
  return withClient(options, async (client) => {
    const { sessions, more } = await recordedSessions(client, options.sessions, limit);
    if (more) complain(`There are more sessions: the newest ${limit} are looked at; --limit NUMBER takes more.`);
    const gone = sessions.filter(({ actions }) => actions === null).length;
    if (gone > 0) complain(`${gone} sessions have no history any more (retention), and are left out.`);
    const all = sessions.flatMap(({ actions }) => actions ?? []);
    return { sessions: new Set(sessions.map(({ workflowId }) => workflowId)).size, actions: distinctActions(all) };
  });
}

async function ofFiles(files: readonly string[]): Promise<Material> {
  const actions: RecordedAction[] = [];
  const sessions = new Set<string>();
  for (const file of files) {
    const events = await exportedEvents(readInput(file, 'the exported history'));
    if (events === undefined)
      throw new ClientError(
        'usage',
        `${line(file)} is not an exported history: make one with "temporal workflow show -w SESSION --output json > FILE".`,
      );
    sessions.add(sessionOf(events, file));
    actions.push(...recordedActions(events, file));
  }
  return { sessions: sessions.size, actions: distinctActions(actions) };
}

const HELP = `
Example:
  countersign policy backtest policy-new.yaml
  countersign policy backtest policy-new.yaml --sessions "StartTime > '2026-11-01T00:00:00Z'"
  countersign policy backtest policy-new.yaml --history exported.json --json

Each action is decided from what the guard was given at the time: arguments, profile, what the session had spent and
seen. A change is another kind of decision (allow, ask, deny); an ask stays an ask, whoever may answer it. What an
earlier action would have left behind had it been decided otherwise is not played through, and labels are those that
the policy of the time gave. Exit code 0 if no decision changes, 1 if one does.`;
