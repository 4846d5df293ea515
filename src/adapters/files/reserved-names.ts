/**
 * Names in the workspace that are the file tools' own (S12): the trash and what a killed worker may leave behind. No
 * path of the agent may name one, in whatever case or Unicode spelling, for a file system may fold names; lists and
 * searches do not show them. Wider than needed on purpose: everything that begins so is reserved.
 */
export const TRASH = '.countersign-trash';

/** Content that is being written. What bears it holds nothing that anyone needs once its writer is gone. */
export const TEMPORARY = '.countersign-tmp-';

/** A name taken away for a moment. What bears it is removed only while the file has another name. */
export const HELD = '.countersign-held-';

const RESERVED = '.countersign-';

export function isReserved(name: string): boolean {
  return folded(name).startsWith(RESERVED);
}

/** Compatibility forms, case and marks undone, the invisible dropped: no file system folds more of these letters. */
function folded(name: string): string {
  const plain = name.normalize('NFKD').replaceAll(/[\p{M}\p{Cf}\p{Cc}\p{Default_Ignorable_Code_Point}]/gu, '');
  return plain.toUpperCase().toLowerCase().trimStart();
}
