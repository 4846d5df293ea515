/** The argument shapes of the product's tools, as the policy sees them; kept apart so that these tests need no tool. */
import { free, listOf, needing, one, optional } from '../../src/policy/kinds/argument.ts';
import { flag } from '../../src/policy/kinds/flag.ts';
import { headers } from '../../src/policy/kinds/headers.ts';
import { httpMethod } from '../../src/policy/kinds/http-method.ts';
import { mailAddress } from '../../src/policy/kinds/mail-address.ts';
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
export const deleteFiles: ToolShape = {
  name: 'delete_files',
  permission: 'delete_data',
  arguments: { paths: listOf(path, 50, 'files') },
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
    html: free(optional(one(flag, 'as HTML too'))),
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

export const shapes: readonly ToolShape[] = [listFiles, readFile, deleteFiles, sendEmail, httpRequest];
