/** The files that a mail may carry: the workspace for reading, or the sentence that says why there is none. */
import type { AttachableFiles } from '../../tools/ports/attachable-files.ts';
import { filesUnavailable } from './descriptor-walk.ts';
import { createWorkspaceFiles } from './workspace-files.ts';

/** Throws if `root` is no folder. */
export function createAttachableFiles(root: string | undefined): AttachableFiles {
  if (root === undefined) {
    return refusing('this deployment attaches no files; set COUNTERSIGN_WORKSPACE for the mail worker to allow it');
  }
  const unavailable = filesUnavailable();
  if (unavailable !== null) return refusing(unavailable);
  const files = createWorkspaceFiles(root);
  return { read: (path, maxBytes) => files.read(path, maxBytes) };
}

function refusing(why: string): AttachableFiles {
  return { read: async () => ({ kind: 'refused', why }) };
}
