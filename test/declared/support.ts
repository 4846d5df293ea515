/** Files of declared tools for tests, and a real shop that records every request and answers as it is told. */
import { createHttpClient } from '../../src/adapters/http/http-client.ts';
import { createSecretFiles, secretCheckOf } from '../../src/adapters/http/secret-files.ts';
import { loadTools } from '../../src/declared/load-tools.ts';
import { describeProblem } from '../../src/policy/problem.ts';
import type { Tool } from '../../src/tools/define-tool.ts';
import type { WorldPorts } from '../../src/tools/ports.ts';

export function loaded(text: string): readonly Tool[] {
  const reading = loadTools(text);
  if (reading.kind === 'loaded') return reading.tools;
  throw new Error(reading.problems.map(describeProblem).join('\n'));
}

/** The only tool of a file. */
export function loadedTool(text: string): Tool {
  const [tool, ...more] = loaded(text);
  if (tool === undefined || more.length > 0) throw new Error('the file has not one tool');
  return tool;
}

export function problemsOf(text: string, taken: readonly string[] = []): readonly string[] {
  const reading = loadTools(text, taken);
  return reading.kind === 'broken' ? reading.problems.map(describeProblem) : [];
}

/** The real client, which may call these origins and has the secrets of `folder`. */
export function realPorts(origins: readonly string[], folder?: string): Pick<WorldPorts, 'http' | 'secrets'> {
  const readSecret = createSecretFiles(folder);
  return {
    http: createHttpClient({ privateOrigins: origins, readSecret, timeoutMs: 3000 }),
    secrets: secretCheckOf(readSecret),
  };
}

/** The purchase of the example, at a shop of the test. */
export function purchaseYaml(origin: string, more: { readonly secret?: boolean; readonly body?: string } = {}): string {
  const headers = more.secret === true ? "\n      headers: { authorization: 'Bearer {{secret:shop}}' }" : '';
  const body =
    more.body ?? "{ item: '{item}', quantity: '{quantity}', unitPrice: '{price.minor}', currency: '{price.currency}' }";
  return `version: 1
tools:
  - name: purchase
    description: Buys a number of one item in the shop.
    permission: purchase
    arguments:
      item: { kind: text, maxLength: 40, description: item number of the shop }
      quantity: { kind: number, min: 1, max: 99, description: how many }
      total: { kind: money, description: what all of it costs }
    prepare:
      url: '${origin}/items/{item}'${headers}
      fields:
        title: { at: /title, kind: text }
        price: { at: /price, kind: money }
        stock: { at: /stock, kind: number }
      require:
        - { field: total, equals: { product: [price, quantity] } }
        - { field: quantity, atMost: { field: stock } }
    request:
      method: POST
      url: '${origin}/orders'${headers}
      json: ${body}
      idempotencyKey: idempotency-key
    summary: '{quantity} × {title} for {total}'
    preview:
      - { label: Item, text: '{title} ({item})' }
      - { label: Unit price, text: '{price}' }
      - { label: Total, text: '{total}' }
    outcome:
      done: [200, 201]
      failed: [4xx]
    result: 'Ordered: order {answer:/id}'
`;
}
