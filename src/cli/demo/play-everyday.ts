/** The demo's everyday actions, by the example's declared tools; each is checked in the shop's database. */
import type { ApprovalRequest } from '../../domain/request.ts';
import { print } from '../terminal.ts';
import type { Stage } from './demo-stage.ts';
import { wasDenied } from './demo-stage.ts';
import type { ShopWatch } from './shop-watch.ts';

export async function playEveryday(stage: Stage, shop: ShopWatch): Promise<void> {
  await orders(stage, shop);
  await losesAnswer(stage, shop);
  await posts(stage, shop);
  await changesContact(stage, shop);
}

const shows = ({ preview }: ApprovalRequest, ...texts: readonly string[]): boolean =>
  texts.every((wanted) => preview.some(({ text }) => text.includes(wanted)));

async function orders(stage: Stage, shop: ShopWatch): Promise<void> {
  stage.step(
    'It asks to order; the price rises before you answer, so that your answer to the old price orders nothing',
  );
  const session = await stage.start('Order 2 packets of wild flower seeds in the shop, for at most 12 EUR');
  const before = (await shop.orders()).length;
  const first = await stage.request(session);
  stage.check('item, unit price and total of now were shown', shows(first, 'seeds', '4.75 EUR', '9.50 EUR'));
  await shop.setPrice('seeds', 525);
  print('   the shop raises the price to 5.25 EUR');
  if ((await stage.answer(first, 'approve')) === 'deny') return deniedOrder(stage, shop, session, before);
  const second = await stage.request(session, first);
  stage.check('nothing was ordered at the old price', (await shop.orders()).length === before);
  stage.check('it is asked again with the new price', shows(second, '5.25 EUR', '10.50 EUR'));
  if ((await stage.answer(second, 'approve')) === 'deny') return deniedOrder(stage, shop, session, before);
  await stage.result(session);
  const made = await shop.orders();
  const [order] = made;
  stage.check('one order is in the database of the shop', made.length === before + 1);
  stage.check(
    'with the figures that were approved: 2 for 5.25 EUR each, 10.50 EUR in all',
    order?.item === 'seeds' && order.quantity === 2 && order.unitPrice === '525 EUR' && order.total === '1050 EUR',
  );
}

async function deniedOrder(stage: Stage, shop: ShopWatch, session: string, before: number): Promise<void> {
  await stage.result(session);
  stage.check('you denied it: nothing was ordered', (await shop.orders()).length === before);
}

async function losesAnswer(stage: Stage, shop: ShopWatch): Promise<void> {
  stage.step(
    'The answer of the shop is lost: whether it was ordered is not known, and a person says what became of it',
  );
  const session = await stage.start('Order garden gloves in the shop, for at most 30 EUR');
  const before = (await shop.orders()).length;
  const request = await stage.request(session);
  await shop.loseNextAnswer();
  print('   the next answer of the shop will be lost, after it has done what it was asked');
  if ((await stage.answer(request, 'approve')) === 'deny') return deniedOrder(stage, shop, session, before);
  const question = await stage.request(session, request);
  stage.check('it was not tried again by itself', (await shop.orders()).length === before + 1);
  stage.check('you are asked what became of it', question.question?.kind === 'unknown');
  const decision = await stage.answer(question, 'approve');
  await stage.result(session);
  const words = {
    approve: 'tried again, with the same idempotency key',
    happened: 'it happened',
    deny: 'left as it was',
  };
  stage.check(`${words[decision]}: the shop has one order, not two`, (await shop.orders()).length === before + 1);
}

async function posts(stage: Stage, shop: ShopWatch): Promise<void> {
  stage.step('It asks to post in public: where, for how many and the very text are shown, and it is denied');
  const session = await stage.start('Announce in the garden channel that the open day is on Saturday at ten');
  const before = await shop.posts('garden');
  const request = await stage.request(session);
  stage.check('the number of those who would see it was shown', shows(request, 'Garden friends', '1284 followers'));
  const decision = await stage.answer(request, 'deny', 'The date is not certain yet');
  const result = await stage.result(session);
  const after = await shop.posts('garden');
  if (decision === 'approve') return stage.check('you approved it: it was posted once', after === before + 1);
  stage.check('nothing was posted', after === before);
  stage.check('the agent was told why', wasDenied(result, 'post_publicly'));
}

async function changesContact(stage: Stage, shop: ShopWatch): Promise<void> {
  stage.step('It changes a contact: each field before and after is shown, and only that version is changed');
  const wanted = '+44 20 7946 0099';
  const session = await stage.start(`Change Alice's phone number to ${wanted}`);
  const before = await shop.phoneOf('alice');
  const request = await stage.request(session);
  stage.check('before and after were shown', before !== undefined && shows(request, before, wanted));
  stage.check('nothing was changed before the approval', (await shop.phoneOf('alice')) === before);
  const decision = await stage.answer(request, 'approve');
  await stage.result(session);
  const after = await shop.phoneOf('alice');
  if (decision === 'approve') stage.check('the number in the database of the shop is the new one', after === wanted);
  else stage.check('you denied it: the number is as it was', after === before);
}
