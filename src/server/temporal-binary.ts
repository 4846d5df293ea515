/** What a `temporal` binary is worth: asked, with a limit, and without anything secret in its environment (S10). */
import { tmpdir } from 'node:os';
import { askCommand } from './ask-command.ts';
import { messageOf } from './error-words.ts';

/** Why `binary` cannot serve, in words; undefined if it runs and is of version 1.8 or newer. */
export async function whyUnusable(
  binary: string,
  env: Readonly<Record<string, string | undefined>>,
  limitMs: number,
): Promise<string | undefined> {
  let said: string;
  try {
    said = await askCommand(binary, ['--version'], { limitMs, env: serverEnv(env) });
  } catch (error) {
    return messageOf(error);
  }
  const version = /^temporal version ((\d+)\.(\d+)\S*)/m.exec(said);
  if (version === null) return 'it does not tell a version of the Temporal CLI';
  const [, text, major, minor] = version;
  const isNew = Number(major) > 1 || (Number(major) === 1 && Number(minor) >= 8);
  return isNew ? undefined : `it is ${text}, and 1.8 or newer is needed`;
}

/** The server gets no keys and no settings of a Temporal client (S10). */
export function serverEnv({
  PATH,
  HOME,
  TMPDIR,
}: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string | undefined>> {
  return { PATH, HOME: (HOME ?? '') === '' ? tmpdir() : HOME, TMPDIR };
}
