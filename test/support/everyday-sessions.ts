/** Sessions of the example's everyday actions under its policy, and what the shop's database holds then. */
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import type { ApprovalRequest } from '../../src/domain/request.ts';
import type { SessionResult } from '../../src/domain/session.ts';
import { tools } from '../../src/tools/index.ts';
import type { Everyday } from './everyday.ts';
import { startEveryday } from './everyday.ts';
import { examplePolicy } from './example.ts';
import type { Harness, Session } from './harness.ts';
import { startHarness, until, verdict } from './harness.ts';

export let everyday: Everyday;
export let harness: Harness;

/** The shop and its workers for the tests of one file. */
export function useEveryday(): void {
  beforeAll(async () => {
    everyday = await startEveryday();
    harness = await startHarness({
      policy: examplePolicy(),
      tools: [...tools, ...everyday.tools],
      world: everyday.world,
    });
  });
  afterAll(async () => {
    await harness.stop();
    await everyday.close();
  });
  beforeEach(() => void everyday.shop.store.setPrice('seeds', 475));
}

export const eur = (minor: number): object => ({ minor, currency: 'EUR' });
export const act = (...actions: readonly (readonly [tool: string, input: object])[]): Promise<Session> =>
  harness.start({ goal: 'everyday', actions: actions.map(([tool, input]) => ({ tool, input })) });
export const seeds = (quantity: number, minor: number): readonly [string, object] => [
  'purchase',
  { item: 'seeds', quantity, at_most: eur(minor) },
];
export const post = (content: string): readonly [string, object] => ['post_publicly', { channel: 'garden', content }];
export const change = (more: object): readonly [string, object] => ['update_contact', { contact: 'alice', ...more }];

export const shown = ({ preview }: ApprovalRequest): string =>
  preview.map(({ label, text }) => `${label.replace(/ \(.*: as .* says\)$/, '')}: ${text}`).join('\n');
export const askedAnew = (session: Session, older: ApprovalRequest): Promise<ApprovalRequest> =>
  until(async () => (await session.state()).waiting.find(({ id }) => id !== older.id));
export const approve = (session: Session, request: ApprovalRequest): Promise<void> =>
  session.signal(verdict(request, 'approve', harness.alice));
export const deny = (session: Session, request: ApprovalRequest): Promise<void> =>
  session.signal(verdict(request, 'deny', harness.alice));
export const told = async (session: Session, index = 0): Promise<string> =>
  (await session.state()).actions[index]?.text ?? '';
export const outcomes = ({ actions }: SessionResult): readonly string[] => actions.map(({ outcome }) => outcome);

/** What happened in the shop meanwhile. */
async function newIn<T>(list: () => readonly T[], during: () => Promise<void>): Promise<readonly T[]> {
  const before = list().length;
  await during();
  return list().slice(0, list().length - before);
}
export const newOrders = (during: () => Promise<void>): Promise<readonly object[]> =>
  newIn(() => everyday.shop.store.orders(), during);
export const newPosts = (during: () => Promise<void>): Promise<readonly object[]> =>
  newIn(() => everyday.shop.store.posts(), during);
export const newChanges = (during: () => Promise<void>): Promise<readonly object[]> =>
  newIn(() => everyday.shop.store.contactChanges(), during);

/** A stranger's change of the contact, past the agent. */
export const strangersPhone = (phone: string): void => {
  const { version } = everyday.shop.store.contact('alice') ?? { version: '' };
  everyday.shop.store.changeContact({ key: `stranger-${phone}`, request: phone }, 'alice', version, { phone });
};

/** The key under which a request is sent, from what the person is shown. */
export const keyOf = (request: ApprovalRequest): string => /^idempotency-key: (.+)$/m.exec(shown(request))?.[1] ?? '';
export const bodyOf = (request: ApprovalRequest): string =>
  request.preview.find(({ label }) => label.startsWith('Body'))?.text ?? '';
