import type { FileRefusal } from './ports/workspace-files.ts';

/** A file refusal as the answer of `prepare`: a boundary that held denies, the rest failed. */
export function refusedFile(
  path: string,
  { kind, why }: FileRefusal,
): { readonly kind: 'denied' | 'failed'; readonly why: string } {
  return { kind: kind === 'refused' ? 'denied' : 'failed', why: `${path}: ${why}.` };
}
