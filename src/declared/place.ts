/** How a value is written where it stands, or in words why it cannot stand there. */
export type Filled<Value> =
  { readonly kind: 'filled'; readonly value: Value } | { readonly kind: 'refused'; readonly why: string };

export function filled<Value>(value: Value): Filled<Value> {
  return { kind: 'filled', value };
}

export function refused<Value>(why: string): Filled<Value> {
  return { kind: 'refused', why };
}
