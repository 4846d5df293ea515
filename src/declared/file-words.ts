/** What is said of a file of declared tools that has the wrong shape. */
import { z } from 'zod';
import type { JsonObject } from '../domain/json.ts';
import type { FileWords } from '../policy/schema-issues.ts';
import { ToolsFile } from './tools-schema.ts';

const SHAPES: Readonly<Record<string, string>> = {
  version: '1, the version of the file of tools',
  tools: 'a list, each entry with "- "',
  'tools[]': 'a map with name, description, permission, arguments, request and summary',
  'tools[].permission': 'one of the permissions of profiles, like make_api_calls',
  'tools[].arguments': 'a map of arguments, like { item: { kind: text, description: what } }, or {} for none',
  'tools[].arguments.*': 'a map, like { kind: text, maxLength: 40, description: what }',
  'tools[].arguments.*.kind': 'text, number, money, flag, url, path or mailAddress',
  'tools[].prepare': 'a map with url, and maybe headers, fields and require',
  'tools[].prepare.fields': 'a map, like { price: { at: /price, kind: money } }',
  'tools[].prepare.fields.*': 'a map, like { at: /price, kind: money }',
  'tools[].prepare.fields.*.kind': 'text, number, money, flag, url or mailAddress',
  'tools[].prepare.require': 'a list, like [{ field: total, equals: { product: [price, quantity] } }]',
  'tools[].request': 'a map, like { method: POST, url: https://shop.example/orders, json: { … } }',
  'tools[].request.method': 'GET, HEAD, POST, PUT, PATCH or DELETE',
  'tools[].request.form': 'a map of texts, like { item: "{item}" }',
  'tools[].summary': 'one line, like "{quantity} × {item}"',
  'tools[].preview': 'a list, like [{ label: Item, text: "{item}" }]',
  'tools[].outcome': 'a map, like { done: [2xx], failed: [400, 404] }',
  'tools[].labels': 'a list of labels, like [untrusted]',
};

/** Of the file, for editors and for words about its keys. */
export const TOOLS_SCHEMA = z.toJSONSchema(ToolsFile, { io: 'input', unrepresentable: 'any' }) as JsonObject;

export const FILE_WORDS: FileWords = { schema: TOOLS_SCHEMA, notBuiltYet: new Set(), shapes: SHAPES, tools: [] };
