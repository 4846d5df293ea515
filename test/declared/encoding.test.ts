/**
 * Values that try to leave their place in a request, against a real server. Beside them stands the naive way, splicing a
 * value into the text of the request: for each attack it is shown that the server then understands something else.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { connect } from 'node:net';
import { act, prepare } from '../tools/act.ts';
import type { SeenRequest, ShopServer } from '../support/shop-server.ts';
import { startShop } from '../support/shop-server.ts';
import { loadedTool, realPorts } from './support.ts';

let shop: ShopServer;
beforeAll(async () => {
  shop = await startShop();
  shop.look = (_seen, response) => response.writeHead(200).end();
  shop.order = (_seen, response) => response.writeHead(200).end();
});
afterAll(() => shop.close());
beforeEach(() => void shop.seen.splice(0));

interface Place {
  readonly name: string;
  /** The part of the file that says what is sent. */
  readonly request: string;
  /** What a value is understood as by the server: undefined if it is understood as more than one value in its place. */
  readonly understood: (seen: SeenRequest) => string | undefined;
  /** The value spliced into the request. */
  readonly splice: (value: string) => Promise<unknown>;
}

const one = (values: readonly (string | undefined)[]): string | undefined =>
  values.length === 1 ? values[0] : undefined;
const post = (path: string, body?: string, type = 'application/json'): Promise<unknown> =>
  fetch(`${shop.origin}${path}`, {
    method: 'POST',
    ...(body === undefined ? {} : { body, headers: { 'content-type': type } }),
  }).catch(() => undefined);

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

const PATH: Place = {
  name: 'a segment of the path',
  request: "method: POST, url: 'ORIGIN/public/{x}/notes'",
  understood: ({ url }) => {
    const found = /^\/public\/([^/?#]+)\/notes$/.exec(url)?.[1];
    return found === undefined ? undefined : decoded(found);
  },
  splice: (value) => post(`/public/${value}/notes`),
};
const QUERY: Place = {
  name: 'a value of the query',
  request: "method: POST, url: 'ORIGIN/search?q={x}&role=user'",
  understood: ({ url }) => {
    const query = new URL(url, 'http://x').searchParams;
    return [...query.keys()].join() === 'q,role' && query.get('role') === 'user' ? one(query.getAll('q')) : undefined;
  },
  splice: (value) => post(`/search?q=${value}&role=user`),
};
const HEADER: Place = {
  name: 'a header',
  request: "method: POST, url: 'ORIGIN/notes', headers: { x-note: '{x}' }",
  understood: ({ headers }) => {
    const names = Object.keys(headers).filter((name) => name.startsWith('x-'));
    return names.join() === 'x-note' ? String(headers['x-note']) : undefined;
  },
  splice: (value) => rawRequest(`POST /notes HTTP/1.1\r\nhost: x\r\nx-note: ${value}\r\ncontent-length: 0\r\n\r\n`),
};
const JSON_BODY: Place = {
  name: 'JSON',
  request: "method: POST, url: 'ORIGIN/notes', json: { admin: false, note: '{x}' }",
  understood: ({ body }) => {
    try {
      const { admin, note, ...rest } = JSON.parse(body) as Record<string, unknown>;
      return admin === false && typeof note === 'string' && Object.keys(rest).length === 0 ? note : undefined;
    } catch {
      return undefined;
    }
  },
  splice: (value) => post('/notes', `{"admin":false,"note":"${value}"}`),
};
const FORM: Place = {
  name: 'a form',
  request: "method: POST, url: 'ORIGIN/notes', form: { note: '{x}', admin: 'no' }",
  understood: ({ body }) => {
    const form = new URLSearchParams(body);
    return [...form.keys()].join() === 'note,admin' && form.get('admin') === 'no'
      ? one(form.getAll('note'))
      : undefined;
  },
  splice: (value) => post('/notes', `note=${value}&admin=no`, 'application/x-www-form-urlencoded'),
};

/** Writes the bytes as they are, as no HTTP library does; resolves when the server has answered or hung up. */
function rawRequest(text: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(shop.origin).port), '127.0.0.1', () => socket.write(text));
    socket.setTimeout(300, () => socket.destroy());
    socket.on('error', () => undefined);
    socket.on('data', () => undefined);
    socket.on('close', () => resolve());
  });
}

const toolAt = ({ request }: Place) =>
  loadedTool(`version: 1
tools:
  - name: post_note
    description: Posts a note.
    permission: publish
    arguments: { x: { kind: text, multiline: true, maxLength: 500, description: the note } }
    request: { ${request.replace('ORIGIN', shop.origin)} }
    summary: a note
    outcome: { done: [2xx] }
`);

const ATTACKS: readonly (readonly [Place, readonly string[]])[] = [
  [
    PATH,
    [
      ...[
        '..',
        '.',
        '',
        '../admin',
        'a/b',
        'a/../../admin',
        '/admin',
        '//evil.example',
        'a\\..\\..\\admin',
        '..\\admin',
      ],
      ...['%2e%2e', '%2E%2E/admin', '.%2e', '%2e%2e%2fadmin', 'a%2fb', 'a%2Fb', '%252e%252e', 'a%5cb', '%00', '%c0%ae'],
      ...['a?role=admin', '?', 'a#b', '#', 'a?b#c', 'a%3Fb', 'a%23b', '100%', 'a\nb', 'a\tb'],
    ],
  ],
  [
    QUERY,
    [
      ...[
        'x&role=admin',
        '&role=admin',
        'x&q=y',
        'x#',
        '#',
        'x#&role=admin',
        'a+b',
        '%26role%3Dadmin',
        '%41',
        '100%25',
      ],
      ...['a\nb', 'a\tb&role=admin', 'x&', '&&', 'x&role'],
    ],
  ],
  [
    HEADER,
    [
      ...[
        'a\r\nx-admin: yes',
        '\r\nx-admin: yes',
        'a\r\ncontent-length: 5',
        'a\r\n\r\nPOST /admin HTTP/1.1\r\nhost: x\r\n',
        'a\r\n x',
      ],
      ...['Größe', ' a', 'a ', '\u202Ea', 'a\tb\r\nx-b: 1', '\u560d\u560a'],
    ],
  ],
  [
    JSON_BODY,
    [
      ...[
        '","admin":true,"x":"',
        '","admin":true}//',
        '"',
        '\\',
        'a"b',
        'a\\',
        'a\nb',
        'a\tb',
        '\\u0022,',
        '\\n',
        '"}',
      ],
      ...['","note":"other', '"},"x":{"a":"', '\\"'],
    ],
  ],
  [
    FORM,
    [
      ...['x&admin=yes', 'x&note=y', '&', 'x&', 'a+b', '%26admin%3Dyes', '%41', '100%25', 'a&b=c', 'a&b'],
      ...['x&admin=no&admin=yes', '%00', '+'],
    ],
  ],
];

describe.each(ATTACKS.map(([place, values]) => ({ name: place.name, place, values })))('$name', ({ place, values }) => {
  test.each(values)('S1: %j does not leave its place; spliced, it does', async (value) => {
    await place.splice(value);
    const spliced = shop.seen.splice(0).map(place.understood);
    expect(spliced).not.toEqual([value]);

    // Refused in words, or what arrives is the value and nothing else. Line ends are one thing in every text.
    const arrived = { kind: 'sent', understood: [value.replaceAll(/\r\n?/g, '\n')] };
    expect([{ kind: 'refused', understood: [] }, arrived]).toContainEqual(await sendBy(place, value));
  });
});

async function sendBy(place: Place, value: string): Promise<{ kind: string; understood: unknown[] }> {
  const tool = toolAt(place);
  // The kind refuses what no text has; a template is never asked then.
  const parsed = tool.parse({ x: value });
  const prepared = parsed.kind === 'invalid' ? undefined : await prepare(tool, { x: value }, realPorts([shop.origin]));
  if (prepared?.kind === 'ready') await prepared.perform(new AbortController().signal);
  return { kind: prepared?.kind === 'ready' ? 'sent' : 'refused', understood: shop.seen.map(place.understood) };
}

const HARMLESS = [
  'plain',
  'A-17',
  'Größe L',
  '規則',
  'a b',
  "it's",
  'a;b=c',
  'a,b',
  '🫖',
  '(x)',
  'é',
  'true',
  '17',
  '{x}',
  '$&',
];

describe.each([PATH, QUERY, JSON_BODY, FORM])('$name takes what harms nobody, and it arrives as it was', (place) => {
  test.each(HARMLESS)('%j', async (value) => {
    expect(await act(toolAt(place), { x: value }, realPorts([shop.origin]))).toMatchObject({ kind: 'done' });
    expect(shop.seen.map(place.understood)).toEqual([value]);
  });
});

test('a header takes one line of plain ASCII as it is', async () => {
  expect(await act(toolAt(HEADER), { x: 'A-17; "x"' }, realPorts([shop.origin]))).toMatchObject({ kind: 'done' });
  expect(shop.seen.map(HEADER.understood)).toEqual(['A-17; "x"']);
});

test('S10: a value that looks like a secret is a text like any other in a body, and refused in a header', async () => {
  const value = 'Bearer {{secret:shop}}';
  await act(toolAt(JSON_BODY), { x: value }, realPorts([shop.origin]));
  expect(shop.seen.splice(0).map(JSON_BODY.understood)).toEqual([value]);
  expect(await prepare(toolAt(HEADER), { x: value }, realPorts([shop.origin]))).toEqual({
    kind: 'failed',
    why: 'The request was not made: the header "x-note" cannot hold a secret.',
  });
  expect(shop.seen).toEqual([]);
});
