/** The argument shapes of the product's tools, as the policy sees them; kept apart so that these tests need no tool. */
import { defaulting, free, listOf, needing, one, optional } from '../../src/policy/kinds/argument.ts';
import { flag } from '../../src/policy/kinds/flag.ts';
import { headers } from '../../src/policy/kinds/headers.ts';
import { httpMethod } from '../../src/policy/kinds/http-method.ts';
import { mailAddress } from '../../src/policy/kinds/mail-address.ts';
import { number } from '../../src/policy/kinds/number.ts';
import { path } from '../../src/policy/kinds/path.ts';
import { text } from '../../src/policy/kinds/text.ts';
import { url } from '../../src/policy/kinds/url.ts';
import type { ToolShape } from '../../src/policy/tool-shape.ts';

export const listFiles: ToolShape = {
  name: 'list_files',
  permission: 'read_files',
  arguments: { path: one(path, 'folder') },
  labels: ['private'],
};
export const readFile: ToolShape = {
  name: 'read_file',
  permission: 'read_files',
  arguments: { path: one(path, 'file') },
  labels: ['private'],
};
/** As the product has it; most tests need no pages. */
const pagedReadFile: ToolShape = {
  ...readFile,
  arguments: {
    ...readFile.arguments,
    page: free(defaulting(1, one(number({ min: 1, max: 100_000, integer: true }), 'page'))),
  },
};
export const searchFiles: ToolShape = {
  name: 'search_files',
  permission: 'read_files',
  arguments: {
    path: one(path, 'folder'),
    text: free(one(text({ maxLength: 200, multiline: false }), 'text')),
    ignore_case: free(defaulting(false, one(flag, 'flag'))),
  },
  labels: ['private'],
};
export const writeFile: ToolShape = {
  name: 'write_file',
  permission: 'write_files',
  arguments: { path: one(path, 'file'), content: free(one(text({ maxLength: 131_072, multiline: true }), 'text')) },
};
export const editFile: ToolShape = {
  name: 'edit_file',
  permission: 'write_files',
  arguments: {
    path: one(path, 'file'),
    old_text: needing('read_files', free(one(text({ maxLength: 65_536, multiline: true }), 'text'))),
    new_text: free(one(text({ maxLength: 65_536, multiline: true }), 'text')),
    replace_all: free(defaulting(false, one(flag, 'flag'))),
  },
  labels: ['private'],
};
export const moveFile: ToolShape = {
  name: 'move_file',
  permission: 'write_files',
  arguments: { from: one(path, 'file'), to: one(path, 'file') },
};
export const deleteFiles: ToolShape = {
  name: 'delete_files',
  permission: 'delete_data',
  arguments: { paths: listOf(path, 50, 'files') },
};
export const restoreFiles: ToolShape = {
  name: 'restore_files',
  permission: 'write_files',
  arguments: {
    deletion: free(one(text({ maxLength: 16, multiline: false }), 'ID')),
    paths: listOf(path, 50, 'files'),
  },
};
export const sendEmail: ToolShape = {
  name: 'send_email',
  permission: 'send_email',
  arguments: {
    to: listOf(mailAddress, 20, 'addresses'),
    cc: optional(listOf(mailAddress, 20, 'addresses')),
    bcc: optional(listOf(mailAddress, 20, 'addresses')),
    reply_to: optional(one(mailAddress, 'address')),
    subject: free(one(text({ maxLength: 500, multiline: false }), 'one line')),
    body: free(one(text({ maxLength: 50_000, multiline: true }), 'text')),
    html: free(defaulting(false, one(flag, 'as HTML too'))),
    attachments: needing('read_files', optional(listOf(path, 10, 'files'))),
  },
};
export const httpRequest: ToolShape = {
  name: 'http_request',
  permission: 'make_api_calls',
  arguments: {
    url: one(url, 'URL'),
    method: one(httpMethod, 'method'),
    headers: optional(one(headers, 'headers')),
    body: optional(one(text({ maxLength: 50_000, multiline: true }), 'body')),
  },
  labels: ['untrusted'],
};

/** What most tests of the policy need: some of each kind. */
export const shapes: readonly ToolShape[] = [listFiles, readFile, deleteFiles, sendEmail, httpRequest];

/** All of the product, in its order. */
export const productShapes: readonly ToolShape[] = [
  listFiles,
  pagedReadFile,
  searchFiles,
  writeFile,
  editFile,
  moveFile,
  deleteFiles,
  restoreFiles,
  sendEmail,
  httpRequest,
];
