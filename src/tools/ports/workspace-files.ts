/** Why a file operation did not happen: `refused` is a boundary that held, `missing`/`unfit` are ordinary failures. */
export type FileRefusal =
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'missing'; readonly why: string }
  | { readonly kind: 'unfit'; readonly why: string };

/** What a folder of the workspace holds. */
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
  /** Of a file that was read: whether anyone may execute it. */
  readonly executable?: boolean;
}

/** What is searched for. */
export interface SearchOptions {
  /** One line; taken literally. */
  readonly text: string;
  /** Of the letters A to Z. */
  readonly ignoreCase: boolean;
  /** Whether a file may be looked into; `path` is from the folder that is searched. */
  readonly mayRead: (path: string) => boolean;
}

/** A line that holds the text, at most the beginning of it or what is around. */
export interface FoundText {
  /** From the folder that was searched. */
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly text: string;
}

/** What a search found, and what it did not look at. */
export interface SearchResult {
  readonly kind: 'ok';
  readonly matches: readonly FoundText[];
  /** How many files were searched. */
  readonly files: number;
  /** What was not: no text, too large, a link, not a regular file, of a name that nobody can type, or not to be read. */
  readonly skipped: number;
  /** Files with more matching lines than are told. */
  readonly cutFiles: readonly string[];
  /** Why it ended before everything was searched, or null. */
  readonly stopped: string | null;
}

/**
 * Looking at the agent's workspace. Paths are canonical relative POSIX paths; every access walks descriptors beneath the
 * root and follows no link (S12). The trash and other reserved names are neither shown nor reached. Sizes in bytes.
 */
export interface WorkspaceFiles {
  list(path: string): Promise<{ readonly kind: 'ok'; readonly entries: readonly FileEntry[] } | FileRefusal>;
  read(path: string, maxBytes: number): Promise<{ readonly kind: 'ok'; readonly file: FileContent } | FileRefusal>;
  search(path: string, options: SearchOptions, signal: AbortSignal): Promise<SearchResult | FileRefusal>;
}
