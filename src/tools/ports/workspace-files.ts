/** Why a file operation did not happen: `refused` is a boundary that held, `missing`/`unfit` are ordinary failures. */
export type FileRefusal =
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'missing'; readonly why: string }
  | { readonly kind: 'unfit'; readonly why: string };

export interface FileEntry {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'other';
  /** Bytes. */
  readonly size: number;
}

/** A regular file, read whole through one descriptor. */
export interface FileContent {
  readonly bytes: Uint8Array;
  /** SHA-256 of the bytes, hex. */
  readonly sha256: string;
  readonly size: number;
}

/** Files that an approved deletion is about: deleted only while content and identity are as prepared. */
export interface DoomedFile {
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
  /** First lines, for the preview. */
  readonly head: string;
}

export type DeletedFile =
  | { readonly kind: 'deleted'; readonly path: string }
  | { readonly kind: 'changed'; readonly path: string; readonly why: string };

/**
 * The agent's workspace. Paths are canonical relative POSIX paths; every access walks descriptors beneath the root and
 * follows no link (S12). Sizes in bytes.
 */
export interface WorkspaceFiles {
  list(path: string): Promise<{ readonly kind: 'ok'; readonly entries: readonly FileEntry[] } | FileRefusal>;
  read(path: string, maxBytes: number): Promise<{ readonly kind: 'ok'; readonly file: FileContent } | FileRefusal>;
  /** Looks at each file that is to go; refuses folders, links and anything but regular files with one link. */
  inspect(path: string): Promise<{ readonly kind: 'ok'; readonly doomed: DoomedFile } | FileRefusal>;
  /** Deletes the file if it still is what was inspected. */
  remove(doomed: DoomedFile): Promise<DeletedFile | FileRefusal>;
}
