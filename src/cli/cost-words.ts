import { isRecord, ownCount, ownString } from '../domain/json.ts';
import { line } from './terminal.ts';

/** What a session cost, with the day of the prices; `unknown` for anything else. Total: older sessions said otherwise. */
export function costWords(cost: unknown): string {
  const usd = ownCount(cost, 'usd');
  if (!isRecord(cost) || usd === undefined) return 'unknown';
  return `${usd.toFixed(4)} USD (prices of ${line(ownString(cost, 'pricesOf') ?? 'an unknown day')})`;
}
