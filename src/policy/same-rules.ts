/** Tools of which the same is said are told together. */
import type { ToolShape } from './tool-shape.ts';

export interface SameRules {
  readonly tools: readonly ToolShape[];
  readonly text: string;
}

/** In the order of the tools; `null` leaves one out. */
export function withSameRules(
  tools: readonly ToolShape[],
  textOf: (tool: ToolShape) => string | null,
): readonly SameRules[] {
  const found = new Map<string, ToolShape[]>();
  for (const tool of tools) {
    const text = textOf(tool);
    if (text !== null) found.set(text, [...(found.get(text) ?? []), tool]);
  }
  return [...found].map(([text, same]) => ({ tools: same, text }));
}
