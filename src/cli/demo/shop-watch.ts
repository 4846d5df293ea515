/** What the demo looks up in the shop's database, past the agent, and the price that it changes there. */
import type { JsonObject } from '../../domain/json.ts';
import { isRecord, own, ownCount, ownString } from '../../domain/json.ts';
import type { ShopAccess } from '../instance-shop.ts';

export interface ShopWatch {
  /** Newest first. */
  orders(): Promise<readonly DemoOrder[]>;
  /** How many there are in the channel. */
  posts(channel: string): Promise<number>;
  phoneOf(contact: string): Promise<string | undefined>;
  setPrice(item: string, minor: number): Promise<void>;
  /** The next change is made, and its answer never arrives. */
  loseNextAnswer(): Promise<void>;
}

export interface DemoOrder {
  readonly item: string;
  readonly quantity: number;
  /** Minor units and currency, like `475 EUR`. */
  readonly unitPrice: string;
  readonly total: string;
}

export function watchShop({ url, token, controls }: ShopAccess): ShopWatch {
  const look = async (path: string): Promise<unknown> =>
    (await fetch(new URL(path, url), { headers: { authorization: `Bearer ${token}` } })).json();
  const turn = async (path: string, body: JsonObject): Promise<void> => {
    if (controls === undefined) throw new Error('The demo shop has no controls.');
    const answer = await fetch(new URL(path, controls.url), {
      method: 'POST',
      headers: { authorization: `Bearer ${controls.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`The demo shop answered ${answer.status}.`);
  };
  return {
    orders: async () => listed(await look('orders')).map(readOrder),
    posts: async (channel) => listed(await look(`channels/${channel}/posts`)).length,
    phoneOf: async (contact) => ownString(await look(`contacts/${contact}`), 'phone'),
    setPrice: (item, minor) => turn(`items/${item}/price`, { minor }),
    loseNextAnswer: () => turn('lose-next-answer', {}),
  };
}

function listed(answer: unknown): readonly unknown[] {
  return Array.isArray(answer) ? answer.filter(isRecord) : [];
}

function readOrder(order: unknown): DemoOrder {
  const amount = (name: string): string =>
    `${ownCount(own(order, name), 'minor')} ${ownString(own(order, name), 'currency')}`;
  return {
    item: ownString(order, 'item') ?? '',
    quantity: ownCount(order, 'quantity') ?? 0,
    unitPrice: amount('unitPrice'),
    total: amount('total'),
  };
}
