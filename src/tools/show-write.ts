/** A write as it is prepared and shown: from the very bytes, with what eyes do not see said in words (S4, S11). */
import { decodeExactly } from '../domain/decode-text.ts';
import type { JsonObject } from '../domain/json.ts';
import type { PreviewPart } from '../domain/request.ts';
import type { Performance, Preparation } from './define-tool.ts';
import { showDifference } from './file-difference.ts';
import { nameOf } from './file-names.ts';
import type { PlannedWrite, WorkspaceChanges } from './ports/workspace-changes.ts';
import type { FileContent } from './ports/workspace-files.ts';
import { refusedFile } from './refused-file.ts';

/** A larger file can be read, and neither edited nor replaced. */
export const MAX_REPLACED_BYTES = 2 * 1024 * 1024;

/** `newFolders`: those that have to be made for a new file. */
export function prepareWrite(
  path: string,
  before: FileContent | null,
  after: FileContent,
  newFolders: readonly string[],
): Preparation<PlannedWrite> {
  if (before?.sha256 === after.sha256) return { kind: 'failed', why: `${path} has this very content already.` };
  const preview = before === null ? newFile(path, after, newFolders) : changedFile(path, before, after);
  if (preview === undefined) {
    return { kind: 'denied', why: `${path}: what would be shown is not what would be written, so it is not written.` };
  }
  const known = before === null ? null : { sha256: before.sha256, size: before.size };
  return {
    kind: 'ready',
    facts: { path, before: known, after: { sha256: after.sha256, size: after.size } },
    preview,
    material: { path, before: known, after },
  };
}

function newFile(path: string, after: FileContent, newFolders: readonly string[]): readonly PreviewPart[] {
  const text = decodeExactly(after.bytes) ?? '';
  const folders = newFolders.length === 0 ? [] : [{ label: 'New folders', text: newFolders.join('\n') }];
  const what =
    after.size === 0 ? 'it is empty' : `its whole text${text.endsWith('\n') ? '' : ', no line break at the end'}`;
  return [{ label: `New file ${nameOf(path)} (${sizeAndHash(after)}): ${what}`, text }, ...folders];
}

function changedFile(path: string, before: FileContent, after: FileContent): readonly PreviewPart[] | undefined {
  const [old, fresh] = [decodeExactly(before.bytes), decodeExactly(after.bytes) ?? ''];
  const stays = before.executable === true ? ', executable as before' : '';
  const sizes = `${sizeAndHash(before)} → ${sizeAndHash(after)}${stays}`;
  if (old === undefined) {
    return [{ label: `Replace ${nameOf(path)} (${sizes}), which is not text, by this whole text`, text: fresh }];
  }
  const shown = showDifference(old, fresh);
  if (shown === undefined) return undefined;
  const ends = [lineEnds('before', old), lineEnds('after', fresh)].flat();
  return [
    { label: `Change ${nameOf(path)} (${sizes})`, text: shown },
    ...(ends.length === 0 ? [] : [{ label: 'Line ends', text: ends.join('\n') }]),
  ];
}

function sizeAndHash({ size, sha256 }: FileContent): string {
  return `${size} bytes, SHA-256 ${sha256}`;
}

/** What is unusual about them, in words. */
function lineEnds(when: string, text: string): readonly string[] {
  const [crlf, all] = [text.split('\r\n').length - 1, text.split('\n').length - 1];
  const carriage = crlf === 0 ? [] : [`${when}: ${crlf} of ${all} line breaks are CRLF`];
  return text === '' || text.endsWith('\n') ? carriage : [...carriage, `${when}: no line break at the end`];
}

export async function performWrite(
  write: PlannedWrite,
  changes: WorkspaceChanges,
  signal?: AbortSignal,
): Promise<Performance> {
  const written = await changes.write(write, signal);
  const { path, before, after } = write;
  switch (written.kind) {
    case 'done': {
      const evidence: JsonObject = { path, before, after: { sha256: after.sha256, size: after.size } };
      return {
        kind: 'done',
        text: `${path} was ${before === null ? 'made' : 'changed'} (${after.size} bytes).`,
        evidence,
      };
    }
    case 'changed':
      return { kind: 'failed', text: `${path} was not written: ${written.why}.` };
    case 'unknown':
      return { kind: 'unknown', why: `${path}: ${written.why}` };
    case 'refused':
    case 'missing':
    case 'unfit':
      return { kind: 'failed', text: `Nothing was written. ${refusedFile(path, written).why}` };
  }
}
