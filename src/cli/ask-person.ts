/** Two keystrokes at the terminal, after the whole preview: what, and yes. Nothing is preselected. */
import { createInterface } from 'node:readline/promises';
import type { ApprovalRequest } from '../domain/request.ts';
import { describeRequest } from './show-request.ts';
import { print, styled } from './terminal.ts';

export type Said =
  | { readonly kind: 'approve'; readonly reason?: string }
  | { readonly kind: 'deny'; readonly reason?: string }
  | { readonly kind: 'happened'; readonly reason?: string }
  | { readonly kind: 'later' };

/** How a question is put; a test answers it without a terminal. */
export interface Terminal {
  /** The next key that is pressed, lower case; empty for one that means nothing here. */
  readKey(prompt: string): Promise<string>;
  readLine(prompt: string): Promise<string>;
}

const INTERRUPTS: ReadonlySet<string> = new Set(['\u0003', '\u0004']);

export async function askPerson(request: ApprovalRequest, terminal: Terminal = keyboard): Promise<Said> {
  print('');
  print(styled('bold', 'A person is asked:'));
  print(describeRequest(request));
  for (;;) {
    const choice = await terminal.readKey(promptFor(request));
    if (choice === 'l' || INTERRUPTS.has(choice)) return { kind: 'later' };
    if (choice === 'v') {
      print(describeRequest(request));
      continue;
    }
    if (choice === 'h' && asksWhatBecame(request) && (await confirm('Say that it did happen?', terminal)))
      return withReason('happened', terminal);
    if (choice === 'a' && (await confirm('Approve exactly this?', terminal))) return { kind: 'approve' };
    if (choice === 'd' && (await confirm('Deny this?', terminal))) return withReason('deny', terminal);
    print('Nothing was decided.');
  }
}

async function withReason(kind: 'deny' | 'happened', terminal: Terminal): Promise<Said> {
  const reason = (await terminal.readLine('Reason, for the agent (enter for none): ')).trim().slice(0, 1000);
  return reason === '' ? { kind } : { kind, reason };
}

const asksWhatBecame = ({ question }: ApprovalRequest): boolean => question?.kind === 'unknown';

function promptFor(request: ApprovalRequest): string {
  return asksWhatBecame(request)
    ? 'It did not happen, [a]pprove doing it  It [h]appened  [d]eny: leave it  [v]iew again  [l]ater '
    : '[a]pprove  [d]eny  [v]iew again  [l]ater ';
}

/** True for `y` alone. */
export async function confirm(question: string, terminal: Terminal = keyboard): Promise<boolean> {
  return (await terminal.readKey(`${question} [y]es, any other key for no `)) === 'y';
}

const keyboard: Terminal = { readKey: (prompt) => readKey(prompt, process.stdout), readLine };

/** As `keyboard`, for a command whose standard output is its product and may be redirected. */
export const keyboardAside: Terminal = { ...keyboard, readKey: (prompt) => readKey(prompt, process.stderr) };

/** One key; of keys that came together only the first counts, so that nothing typed ahead answers a later question. */
function readKey(prompt: string, screen: NodeJS.WriteStream): Promise<string> {
  screen.write(prompt);
  const { stdin } = process;
  stdin.setRawMode(true);
  stdin.resume();
  return new Promise((resolve) => {
    const done = (key: string): void => {
      stdin.off('data', take);
      stdin.off('end', end);
      stdin.setRawMode(false);
      stdin.pause();
      screen.write(`${/[a-z]/.test(key) ? key : ''}\n`);
      resolve(key);
    };
    const take = (data: Buffer): void => done(data.toString('utf8').slice(0, 1).toLowerCase());
    // A terminal that is gone answers nothing.
    const end = (): void => done('\u0004');
    stdin.once('data', take);
    stdin.once('end', end);
  });
}

async function readLine(prompt: string): Promise<string> {
  const reader = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return await reader.question(prompt);
  } finally {
    reader.close();
  }
}
