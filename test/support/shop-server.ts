/** A shop on a free port of the loopback interface: it records every request whole, and answers as the test says. */
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

export interface ShopServer {
  readonly origin: string;
  readonly seen: SeenRequest[];
  /** What is for sale, by number; a test may change it. */
  readonly items: Map<string, unknown>;
  /** In place of the usual answer to an order. */
  order: ((request: SeenRequest, response: ServerResponse) => void) | undefined;
  /** In place of the usual answer to a look-up. */
  look: ((request: SeenRequest, response: ServerResponse) => void) | undefined;
  orders(): readonly SeenRequest[];
  close(): Promise<void>;
}

export const KETTLE = { title: 'Blue kettle', price: { minor: 1250, currency: 'EUR' }, stock: 5 };

export function answerJson(response: ServerResponse, status: number, value: unknown, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
}

export async function startShop(): Promise<ShopServer> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('error', () => undefined);
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const seen = { method, url, headers, body: Buffer.concat(chunks).toString('utf8') };
      shop.seen.push(seen);
      answer(shop, seen, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const shop: ShopServer = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen: [],
    items: new Map<string, unknown>([['A-17', KETTLE]]),
    order: undefined,
    look: undefined,
    orders: () => shop.seen.filter(({ method }) => method !== 'GET' && method !== 'HEAD'),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return shop;
}

function answer(shop: ShopServer, seen: SeenRequest, response: ServerResponse): void {
  const isLook = seen.method === 'GET';
  const own = isLook ? shop.look : shop.order;
  if (own !== undefined) own(seen, response);
  else if (!isLook) answerJson(response, 201, { id: `o-${shop.orders().length}` });
  else {
    const item = shop.items.get(decodeURIComponent(seen.url.split('/').at(-1) ?? ''));
    answerJson(response, item === undefined ? 404 : 200, item ?? {});
  }
}
