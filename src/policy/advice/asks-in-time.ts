/** Asks that nobody will be asked, or that outlive their session. */
import { own } from '../../domain/json.ts';
import { durationInWords } from '../duration-words.ts';
import type { Complain } from '../matchers/matcher.ts';
import type { Path } from '../yaml-source.ts';
import type { AdviceSource } from './advice-source.ts';

export function adviseOnAsks(source: AdviceSource, advise: Complain): void {
  const asking = askingRules(source);
  if (asking.length === 0) return;
  const { limits } = source.policy;
  for (const key of ['asks', 'asksPending'] as const) {
    if (limits[key] === 0)
      advise(['limits', key], `"${key}: 0" denies whatever must be asked: ${asking.map(({ id }) => id).join(', ')}`);
  }
  const late = asking.filter(({ expiresMs }) => expiresMs > limits.wallTimeMs);
  // What several rules take from the file’s own approval is said once.
  for (const [where, { path, expiresMs }] of new Map(late.map((one) => [one.path.join('/'), one]))) {
    const whose = late.filter((one) => one.path.join('/') === where).map(({ id }) => id);
    advise(
      path,
      `a request of ${whose.join(', ')} waits ${durationInWords(expiresMs)}, and the session ends after ${durationInWords(limits.wallTimeMs)} (wallTime)`,
      'let it expire earlier, or give the session more time',
    );
  }
}

interface AskingRule {
  readonly id: string;
  readonly expiresMs: number;
  /** Where the file says for how long, or who. */
  readonly path: Path;
}

function askingRules({ file, policy }: AdviceSource): readonly AskingRule[] {
  const rules = file.rules.map((rule, index) => ({ rule, path: ['rules', index], asks: rule.ask !== undefined }));
  const flows = (file.flows?.rules ?? []).map((rule, index) => ({
    rule,
    path: ['flows', 'rules', index],
    asks: rule.then === 'ask',
  }));
  return [...rules, ...flows].flatMap(({ rule, path, asks }) => {
    const expiresMs = own(own(policy.documents.get(rule.id), 'approval'), 'expiresMs');
    if (!asks || typeof expiresMs !== 'number') return [];
    const whose = rule.approval === undefined ? [] : path;
    const says = rule.approval?.expires ?? (rule.approval === undefined ? file.approval?.expires : undefined);
    return [{ id: rule.id, expiresMs, path: [...whose, 'approval', ...(says === undefined ? [] : ['expires'])] }];
  });
}
