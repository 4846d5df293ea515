/** Search for a literal in the text files beneath a folder: bounded in every direction, and it says where it stopped. */
import type { FileHandle } from 'node:fs/promises';
import { decodeText } from '../../domain/decode-text.ts';
import type { FoundText, SearchOptions, SearchResult } from '../../tools/ports/workspace-files.ts';
import type { Identity } from './descriptor-walk.ts';
import { findLines, literalOf } from './find-lines.ts';
import { readWhole } from './read-whole.ts';
import { Refusal } from './refusal.ts';
import { walkTree } from './walk-tree.ts';

export interface SearchLimits {
  readonly depth: number;
  readonly entries: number;
  readonly fileBytes: number;
  readonly bytes: number;
  readonly matches: number;
  readonly matchesPerFile: number;
  readonly ms: number;
}

export const SEARCH_LIMITS: SearchLimits = {
  depth: 16,
  entries: 20_000,
  fileBytes: 8 * 1024 * 1024,
  bytes: 64 * 1024 * 1024,
  matches: 200,
  matchesPerFile: 50,
  ms: 6_000,
};

export async function searchFolder(
  folder: FileHandle,
  trash: Identity | undefined,
  { text, ignoreCase, mayRead }: SearchOptions,
  limits: SearchLimits,
  signal: AbortSignal,
): Promise<SearchResult> {
  const literal = literalOf(text, ignoreCase);
  const end = performance.now() + limits.ms;
  const matches: FoundText[] = [];
  const cutFiles: string[] = [];
  let [files, bytes, skipped] = [0, 0, 0];
  const searchFile = async (parent: FileHandle, name: string, path: string): Promise<void> => {
    const content = mayRead(path) ? await textOf(parent, name, limits.fileBytes) : undefined;
    if (content === undefined) {
      skipped += 1;
      return;
    }
    [files, bytes] = [files + 1, bytes + content.length];
    const found = findLines(content, literal, limits.matchesPerFile + 1);
    if (found.length > limits.matchesPerFile) cutFiles.push(path);
    matches.push(...found.slice(0, limits.matchesPerFile).map((line) => ({ path, ...line })));
  };
  const stop = (): string | null => {
    if (matches.length >= limits.matches) return `there are ${limits.matches} matching lines or more`;
    if (bytes >= limits.bytes) return `${limits.bytes} bytes were searched`;
    return signal.aborted || performance.now() > end ? 'it took too long' : null;
  };
  const stopped = await walkTree(folder, trash, limits, { file: searchFile, skipped: () => (skipped += 1), stop });
  return { kind: 'ok', matches: matches.slice(0, limits.matches), files, skipped, cutFiles, stopped };
}

/** What is no text, too large, changing or not a file of one name is not searched. */
async function textOf(folder: FileHandle, name: string, maxBytes: number): Promise<Uint8Array | undefined> {
  try {
    const { bytes } = await readWhole(folder, name, maxBytes);
    return decodeText(bytes) === undefined ? undefined : bytes;
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}
