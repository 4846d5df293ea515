/** Reads the files that a mail carries, whole: what is shown, hashed and sent are the same bytes. */
import { decodeText } from '../../domain/decode-text.ts';
import type { AttachableFiles } from '../ports/attachable-files.ts';
import type { MailAttachment } from '../ports/mailer.ts';
import { attachmentName, attachmentNameProblem, attachmentType } from './attachment-name.ts';

/** Bytes of all attachments of one mail. */
export const MAX_ATTACHED_BYTES = 10 * 1024 * 1024;

export interface AttachedFile extends MailAttachment {
  readonly path: string;
  readonly size: number;
  /** SHA-256, hex. */
  readonly sha256: string;
  /** What it says if it is text. */
  readonly text: string | undefined;
}

export type Attaching =
  | { readonly kind: 'attached'; readonly files: readonly AttachedFile[] }
  | { readonly kind: 'denied' | 'failed'; readonly why: string };

export async function attachFiles(paths: readonly string[], workspace: AttachableFiles): Promise<Attaching> {
  const files: AttachedFile[] = [];
  let left = MAX_ATTACHED_BYTES;
  for (const path of paths) {
    const name = attachmentName(path);
    const problem = attachmentNameProblem(name);
    if (problem !== undefined) return denied(`${path} cannot be attached: ${problem}. Rename it first.`);
    // One letter case, since on many systems the second would be saved over the first.
    if (files.some((file) => file.name.toLowerCase() === name.toLowerCase()))
      return failed(`Two attachments are named ${name}.`);
    const found = await workspace.read(path, left);
    if (found.kind !== 'ok') {
      const why = `${path} cannot be attached: ${found.why} (all attachments together: at most 10 MB).`;
      return found.kind === 'refused' ? denied(why) : failed(why);
    }
    const { bytes, size, sha256 } = found.file;
    left -= size;
    files.push({ path, name, bytes, size, sha256, contentType: attachmentType(name, bytes), text: decodeText(bytes) });
  }
  return { kind: 'attached', files };
}

function denied(why: string): Attaching {
  return { kind: 'denied', why };
}

function failed(why: string): Attaching {
  return { kind: 'failed', why };
}
