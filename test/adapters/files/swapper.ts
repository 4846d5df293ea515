/** A process of its own that swaps two names, again and again, as fast as the kernel can. */
import type { ChildProcess } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';

/** renameat2(RENAME_EXCHANGE): at no moment is a name missing. */
const EXCHANGING = `
import ctypes, os, sys
libc = ctypes.CDLL(None, use_errno=True)
one, other = (os.fsencode(name) for name in sys.argv[1:3])
parent, swaps = os.getppid(), 0
while os.getppid() == parent:
    for _ in range(512):
        if libc.renameat2(-100, one, -100, other, 2) == 0:
            swaps += 1
    os.write(1, b'%d\\n' % swaps)
`;

/** Without python3: three renames, and now and then a name is missing. */
const RENAMING = `
const { renameSync } = require('node:fs');
const [one, other] = process.argv.slice(1);
const parent = process.ppid;
let swaps = 0;
while (process.ppid === parent) {
  for (let n = 0; n < 512; n += 1) {
    try {
      renameSync(one, one + '.x'); renameSync(other, one); renameSync(one + '.x', other);
      swaps += 1;
    } catch {}
  }
  require('node:fs').writeSync(1, swaps + '\\n');
}
`;

export interface Swapper {
  swaps(): number;
  stop(): Promise<void>;
}

export function startSwapper(one: string, other: string): Swapper {
  const hasPython = spawnSync('python3', ['-c', 'import ctypes']).status === 0;
  const [command, args] = hasPython ? ['python3', ['-c', EXCHANGING]] : [process.execPath, ['-e', RENAMING]];
  const child: ChildProcess = spawn(command, [...args, one, other], { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let swaps = 0;
  child.stdout?.on('data', (chunk: Buffer) => (swaps = Number(chunk.toString().trim().split('\n').at(-1))));
  return {
    swaps: () => swaps,
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
