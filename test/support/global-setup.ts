/** One embedded server for the whole run, in memory, on free loopback ports, whatever TEMPORAL_ADDRESS says. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { obtainServer } from '../../src/server/obtain-server.ts';
import { startServer } from '../../src/server/start-server.ts';

export default async function setUp(): Promise<void> {
  for (const name of Object.keys(process.env)) {
    if (name.startsWith('TEMPORAL_') || name.startsWith('COUNTERSIGN_') || name.startsWith('ANTHROPIC_'))
      delete process.env[name];
  }
  const binary = await obtainServer({ report: (line) => process.stderr.write(`${line}\n`), env: process.env });
  const folder = mkdtempSync(join(tmpdir(), 'countersign-server-'));
  const server = await startServer({ binary, logFile: join(folder, 'temporal.log') });
  process.env['COUNTERSIGN_TEST_ADDRESS'] = server.address;
  process.env['COUNTERSIGN_TEST_SERVER'] = JSON.stringify(server.process);
  process.env['COUNTERSIGN_TEST_FOLDER'] = folder;
  const end = (): void => {
    try {
      process.kill(-server.process.pid, 'SIGKILL');
    } catch {
      // Ended already.
    }
  };
  process.once('exit', end);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));
}
