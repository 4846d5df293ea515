import type { DeletionPlace } from '../../contract/deletion-id.ts';
import type { FileContent, FileRefusal } from './workspace-files.ts';

/** What a file is known by: its path and what is in it. */
export interface KnownFile {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** SHA-256 of the content, hex. */
  readonly sha256: string;
}

/** A file as it is shown to a person before it goes or comes back. */
export interface InspectedFile extends KnownFile {
  /** Whether anyone may execute it. */
  readonly executable: boolean;
  /** First lines, or '' of what is not text. */
  readonly head: string;
}

/** A write that was prepared: these bytes, in place of just that content or of nothing. */
export interface PlannedWrite {
  readonly path: string;
  readonly before: Omit<KnownFile, 'path'> | null;
  readonly after: FileContent;
}

export interface PlannedMove extends KnownFile {
  readonly to: string;
}

export interface Deletion {
  /** 16 hexadecimal digits. */
  readonly id: string;
  /** When the trash forgets it, ISO 8601. */
  readonly until: string;
}

/**
 * `changed`: the file is not any more what was prepared, and stays as it is. `unknown`: another process or the disk
 * interfered after something had happened, and `why` says where to look.
 */
export type Change =
  | { readonly kind: 'done' }
  | { readonly kind: 'changed'; readonly why: string }
  | { readonly kind: 'unknown'; readonly why: string }
  | FileRefusal;

/**
 * Changing the agent's workspace: under the same boundary as `WorkspaceFiles` (S12), one change at a time, nothing ever
 * half done: a file is the old one or the new one. A refusal and `changed` mean that no file was touched (folders for it
 * may have been made); `unknown` and what throws leave open whether one was. A `signal` that is aborted when the turn of
 * a change has come makes a refusal of it.
 */
export interface WorkspaceChanges {
  /** Bytes as a content. Touches nothing. */
  contentOf(bytes: Uint8Array): FileContent;
  /** Looks at a regular file with one name. */
  inspect(path: string): Promise<{ readonly kind: 'ok'; readonly file: InspectedFile } | FileRefusal>;
  /** `ok` if nothing is there; `newFolders` would have to be made for it. */
  vacant(path: string): Promise<{ readonly kind: 'ok'; readonly newFolders: readonly string[] } | FileRefusal>;
  write(write: PlannedWrite, signal?: AbortSignal): Promise<Change>;
  /** Never overwrites. */
  move(move: PlannedMove, signal?: AbortSignal): Promise<Change>;
  /** The same for the same place, and for how many days it would be kept. Touches nothing. */
  deletionAt(place: DeletionPlace): { readonly id: string; readonly days: number };
  /** Makes the deletion's place in the trash, with a manifest of all its files. */
  openDeletion(id: string, files: readonly KnownFile[]): Promise<({ readonly kind: 'ok' } & Deletion) | FileRefusal>;
  /** Moves the `index`th file of the manifest into the trash, and back if it turns out to be another. */
  trash(id: string, index: number, file: KnownFile, signal?: AbortSignal): Promise<Change>;
  /** Forgets a deletion that nothing came of. */
  dropDeletion(id: string): Promise<void>;
  /** Looks at a file in the trash that was at `path`. */
  inspectTrashed(
    id: string,
    path: string,
  ): Promise<{ readonly kind: 'ok'; readonly file: InspectedFile } | FileRefusal>;
  /** Puts it back to where it was. Never overwrites. */
  restore(id: string, file: KnownFile, signal?: AbortSignal): Promise<Change>;
}
