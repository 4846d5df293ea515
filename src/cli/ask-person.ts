/** Two keystrokes at the terminal, after the whole preview: what, and yes. Nothing is preselected. */
import { createInterface } from 'node:readline/promises';
import type { ApprovalRequest } from '../domain/request.ts';
import { describeRequest } from './show-request.ts';
import { print, styled } from './terminal.ts';

export type Said =
  | { readonly kind: 'approve'; readonly reason?: string }
  | { readonly kind: 'deny'; readonly reason?: string }
  | { readonly kind: 'later' };

export async function askPerson(request: ApprovalRequest): Promise<Said> {
  print('');
  print(styled('bold', 'A person is asked:'));
  print(describeRequest(request));
  for (;;) {
    const choice = await readKey('[a]pprove  [d]eny  [l]ater ');
    if (choice === 'l' || choice === '\u0003' || choice === '\u0004') return { kind: 'later' };
    if (choice === 'a' && (await readKey(`Approve exactly this? [y]es `)) === 'y') return { kind: 'approve' };
    if (choice === 'd') {
      const reason = await readReason();
      return reason === '' ? { kind: 'deny' } : { kind: 'deny', reason };
    }
    print('Nothing was decided.');
  }
}

function readKey(prompt: string): Promise<string> {
  process.stdout.write(prompt);
  const { stdin } = process;
  stdin.setRawMode(true);
  stdin.resume();
  return new Promise((resolve) => {
    stdin.once('data', (data: Buffer) => {
      stdin.setRawMode(false);
      stdin.pause();
      const key = data.toString('utf8').slice(0, 1).toLowerCase();
      process.stdout.write(`${/[a-z]/.test(key) ? key : ''}\n`);
      resolve(key);
    });
  });
}

async function readReason(): Promise<string> {
  const reader = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return (await reader.question('Reason, for the agent (enter for none): ')).trim().slice(0, 1000);
  } finally {
    reader.close();
  }
}
