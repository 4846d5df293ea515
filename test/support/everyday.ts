/** The example's everyday tools and rules at a real demo shop of the test. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DemoShop } from '../../src/adapters/demo-shop/demo-shop.ts';
import { startDemoShop } from '../../src/adapters/demo-shop/demo-shop.ts';
import { createHttpClient } from '../../src/adapters/http/http-client.ts';
import { createSecretFiles, secretCheckOf } from '../../src/adapters/http/secret-files.ts';
import type { Tool } from '../../src/tools/define-tool.ts';
import type { WorldPorts } from '../../src/tools/ports.ts';
import { exampleTools } from './example.ts';

export const TOKEN = 'token-of-the-demo-shop';

export interface Everyday {
  readonly shop: DemoShop;
  readonly tools: readonly Tool[];
  readonly world: Pick<WorldPorts, 'http' | 'secrets'>;
  /** Once, right before the next call like this leaves, such as `PATCH http://…`. */
  beforeNextCall(like: RegExp, happens: () => void): void;
  close(): Promise<void>;
}

export async function startEveryday(): Promise<Everyday> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-everyday-'));
  writeFileSync(join(folder, 'demo-shop'), `${TOKEN}\n`);
  const shop = await startDemoShop({ folder, port: 0, token: TOKEN });
  const readSecret = createSecretFiles(folder);
  const http = createHttpClient({ privateOrigins: [shop.url.slice(0, -1)], readSecret, timeoutMs: 5000 });
  let next: { readonly like: RegExp; readonly happens: () => void } | undefined;
  const watched: WorldPorts['http'] = {
    exchange: (call, signal) => {
      if (next?.like.test(`${call.method} ${call.url}`) === true) {
        const { happens } = next;
        next = undefined;
        happens();
      }
      return http.exchange(call, signal);
    },
  };
  return {
    shop,
    tools: exampleTools(shop.url),
    world: { http: watched, secrets: secretCheckOf(readSecret) },
    beforeNextCall: (like, happens) => {
      next = { like, happens };
    },
    close: async () => {
      await shop.close();
      rmSync(folder, { recursive: true });
    },
  };
}
