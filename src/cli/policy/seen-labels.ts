/** The labels that results can carry under a policy: a name that none carries is a slip, and would hide what flows do. */
import { ClientError } from '../../client/client-error.ts';
import type { Policy } from '../../policy/policy.ts';
import { line } from '../terminal.ts';

/** What `--seen` says, like `untrusted,private`. Refused where there is no such label. */
export function seenLabels(policy: Policy, said: string | undefined): readonly string[] {
  const seen = (said ?? '').split(',').flatMap((label) => (label.trim() === '' ? [] : [label.trim()]));
  const wrong = strangeLabel(knownLabels(policy), seen);
  if (wrong !== null) throw new ClientError('usage', `--seen: ${line(wrong)}`);
  return seen;
}

export function knownLabels({ labels }: Policy): ReadonlySet<string> {
  return new Set([...labels.values()].flat().toSorted());
}

/** What is wrong with `seen`, in words; null where each of them is known. */
export function strangeLabel(known: ReadonlySet<string>, seen: readonly string[]): string | null {
  const stranger = seen.find((label) => !known.has(label));
  if (stranger === undefined) return null;
  const words = known.size === 0 ? 'no tool’s results carry a label' : `known: ${[...known].join(', ')}`;
  return `there is no label "${stranger.slice(0, 64)}"; ${words}.`;
}
