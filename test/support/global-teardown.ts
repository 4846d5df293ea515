import { rmSync } from 'node:fs';
import { stopProcess } from '../../src/server/children.ts';
import type { OwnProcess } from '../../src/server/run-file.ts';

export default async function tearDown(): Promise<void> {
  const server = JSON.parse(process.env['COUNTERSIGN_TEST_SERVER'] ?? '{}') as Partial<OwnProcess>;
  if (server.pid !== undefined)
    await stopProcess({ name: 'temporal-server', pid: server.pid, start: server.start ?? '' }, 3000);
  rmSync(process.env['COUNTERSIGN_TEST_FOLDER'] ?? '/nonexistent', { recursive: true, force: true });
}
