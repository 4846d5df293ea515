/** Does with a tool what the guard does, without deciding anything: parse, open, prepare, perform. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Performance, PreparedAction, Tool } from '../../src/tools/define-tool.ts';
import type { WorldPorts } from '../../src/tools/ports.ts';

export const PLACE = {
  workflowId: 'session-test-1',
  runId: 'run',
  chainId: 'chain',
  callId: 'c1',
  firstCallId: 'c1',
  at: new Date('2026-11-24T10:00:00.123Z'),
  judge: () => ({ kind: 'allow', rule: 'test', why: '' }) as const,
};

export type Ready = PreparedAction & { readonly kind: 'ready' };

/** Throws where the arguments are invalid; a port that is not given must not be asked. */
export function open(tool: Tool, input: unknown, ports: Partial<WorldPorts>) {
  const parsed = tool.parse(input);
  if (parsed.kind === 'invalid') throw new Error(parsed.why);
  return tool.open(parsed.args, ports as WorldPorts);
}

export function prepare(
  tool: Tool,
  input: unknown,
  ports: Partial<WorldPorts>,
  place = PLACE,
): Promise<PreparedAction> {
  return open(tool, input, ports).prepare(place, new AbortController().signal);
}

export async function ready(tool: Tool, input: unknown, ports: Partial<WorldPorts>): Promise<Ready> {
  const prepared = await prepare(tool, input, ports);
  if (prepared.kind !== 'ready') throw new Error(prepared.why);
  return prepared;
}

export async function act(tool: Tool, input: unknown, ports: Partial<WorldPorts>): Promise<Performance> {
  return (await ready(tool, input, ports)).perform(new AbortController().signal);
}

/** A temporary folder and how to remove it. */
export function temporaryFolder(): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'countersign-tool-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
