import type { Tool } from './define-tool.ts';
import { deleteFiles } from './delete-files.ts';
import { httpRequest } from './http-request.ts';
import { listFiles } from './list-files.ts';
import { readFile } from './read-file.ts';
import { sendEmail } from './send-email.ts';

/** The tools of this deployment; a new one is one file, one line here, one test file. */
export const tools = [listFiles, readFile, deleteFiles, sendEmail, httpRequest] as const satisfies readonly Tool[];
