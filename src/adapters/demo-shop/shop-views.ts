/** How the demo shop’s page looks. Whatever a client said is a quotation: escaped, deceiving characters visible (S11). */
import { html } from 'hono/html';
import { visibleLine, visibleText } from '../../domain/visible-text.ts';
import type { Price } from './records.ts';
import type { ShopStore } from './shop-store.ts';

export const STYLE = `
body { font: 16px/1.55 system-ui, sans-serif; max-width: 52rem; margin: 0 auto; padding: 1rem; color: #1b1f24; background: #fbfbf9 }
header { border-bottom: 2px solid #1b1f24; margin-bottom: 1rem }
h1 { font-size: 1.4rem; margin: .3rem 0 }
h2 { font-size: 1.05rem; margin: 1.8rem 0 .4rem }
.banner { color: #6b4e00; background: #fff4d6; padding: .5rem .8rem; border-radius: .3rem }
.wide { overflow-x: auto }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; padding: .4rem .8rem .4rem 0; border-bottom: 1px solid #e3e5e8; overflow-wrap: anywhere }
td pre { font: inherit; white-space: pre-wrap; margin: 0 }
`;

type Page = ReturnType<typeof html>;

export function shopPage(store: ShopStore): Page {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Demo shop of countersign</title>
        <link rel="stylesheet" href="/style.css" />
      </head>
      <body>
        <header><h1>Demo shop</h1></header>
        <p class="banner">
          This is the demo shop of countersign: nothing is really sold, posted or changed, and nothing leaves this
          machine.
        </p>
        <main>${orders(store)} ${posts(store)} ${contacts(store)} ${changes(store)} ${items(store)}</main>
      </body>
    </html>`;
}

function orders(store: ShopStore): Page {
  const rows = store
    .orders()
    .map(({ id, at, title, quantity, unitPrice, total }) => [
      id,
      at,
      title,
      quantity,
      inWords(unitPrice),
      inWords(total),
    ]);
  return table('Orders', ['Order', 'At', 'Item', 'Quantity', 'Each', 'Total'], rows);
}

function posts(store: ShopStore): Page {
  const rows = store.posts().map(({ id, at, channel, content }) => [id, at, channel, content]);
  return table('Posts', ['Post', 'At', 'Channel', 'Content'], rows);
}

function contacts(store: ShopStore): Page {
  const rows = store.contacts().map(({ id, name, phone, email, address }) => [id, name, phone, email, address]);
  return table('Contacts', ['Contact', 'Name', 'Phone', 'Mail', 'Address'], rows);
}

function changes(store: ShopStore): Page {
  const rows = store
    .contactChanges()
    .map((change) => [change.at, change.contact, change.field, change.old, change.new]);
  return table('Changes of contacts', ['At', 'Contact', 'Field', 'Before', 'After'], rows);
}

function items(store: ShopStore): Page {
  const rows = store.items().map(({ id, title, price, stock }) => [id, title, inWords(price), stock]);
  return table('Items', ['Item', 'Title', 'Price', 'Stock'], rows);
}

function table(heading: string, head: readonly string[], rows: readonly (readonly (string | number)[])[]): Page {
  const body = rows.map(
    (cells) =>
      html`<tr>
        ${cells.map((cell) => html`<td><pre>${visibleText(String(cell))}</pre></td>`)}
      </tr>`,
  );
  return html`<h2>${heading}</h2>
    ${
      rows.length === 0
        ? html`<p>None yet.</p>`
        : html`<div class="wide">
            <table>
              <tr>
                ${head.map((cell) => html`<th>${cell}</th>`)}
              </tr>
              ${body}
            </table>
          </div>`
    }`;
}

/** The digits of the currency’s minor unit, as the runtime knows them. */
function inWords({ minor, currency }: Price): string {
  const format = new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
    currencyDisplay: 'code',
    useGrouping: false,
  });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 0;
  const text = String(minor).padStart(digits + 1, '0');
  const amount = digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
  return visibleLine(`${amount} ${currency}`);
}
