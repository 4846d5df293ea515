import type { Tool } from './define-tool.ts';
import { deleteFiles } from './delete-files.ts';
import { editFile } from './edit-file.ts';
import { httpRequest } from './http-request.ts';
import { listFiles } from './list-files.ts';
import { moveFile } from './move-file.ts';
import { readFile } from './read-file.ts';
import { restoreFiles } from './restore-files.ts';
import { searchFiles } from './search-files.ts';
import { sendEmail } from './send-email.ts';
import { writeFile } from './write-file.ts';

/**
 * The built-in tools, in the order in which the model is told of them (docs/tools). Their types know the arguments of
 * each, which docs/policy/tools.md lists.
 */
export const tools = [
  listFiles,
  readFile,
  searchFiles,
  writeFile,
  editFile,
  moveFile,
  deleteFiles,
  restoreFiles,
  sendEmail,
  httpRequest,
] as const satisfies readonly Tool[];
