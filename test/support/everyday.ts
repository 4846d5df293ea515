/** The example's everyday tools and rules at a real demo shop of the test. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DemoShop } from '../../src/adapters/demo-shop/demo-shop.ts';
import { startDemoShop } from '../../src/adapters/demo-shop/demo-shop.ts';
import { createHttpClient } from '../../src/adapters/http/http-client.ts';
import { createSecretFiles, secretCheckOf } from '../../src/adapters/http/secret-files.ts';
import { loadTools } from '../../src/declared/load-tools.ts';
import { describeProblem } from '../../src/policy/problem.ts';
import type { Tool } from '../../src/tools/define-tool.ts';
import type { WorldPorts } from '../../src/tools/ports.ts';

const EXAMPLE = join(__dirname, '../../examples/personal-assistant');
export const TOKEN = 'token-of-the-demo-shop';

export const examplePolicy = (): string => readFileSync(join(EXAMPLE, 'policy.yaml'), 'utf8');

/** The example's declared tools, at its own address or another. */
export function exampleTools(url = 'http://127.0.0.1:4010/'): readonly Tool[] {
  const text = readFileSync(join(EXAMPLE, 'tools.yaml'), 'utf8').replaceAll('http://127.0.0.1:4010/', url);
  const reading = loadTools(text);
  if (reading.kind === 'broken') throw new Error(reading.problems.map(describeProblem).join('\n'));
  return reading.tools;
}

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
  writeFileSync(join(folder, 'shop'), `${TOKEN}\n`);
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
