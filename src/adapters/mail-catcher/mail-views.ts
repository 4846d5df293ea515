/** How the catcher’s pages look. Whatever came by mail is a quotation: escaped, deceiving characters visible (S11). */
import { html } from 'hono/html';
import { simpleParser } from 'mailparser';
import { visibleLine, visibleText } from '../../domain/visible-text.ts';
import type { CaughtMail } from './mail-store.ts';

export const STYLE = `
body { font: 16px/1.55 system-ui, sans-serif; max-width: 46rem; margin: 0 auto; padding: 1rem; color: #1b1f24; background: #fbfbf9 }
header { border-bottom: 2px solid #1b1f24; margin-bottom: 1rem }
h1 { font-size: 1.4rem; line-height: 1.25; margin: .3rem 0; overflow-wrap: anywhere }
h2 { font-size: 1.05rem; margin: 1.6rem 0 .4rem }
.banner { color: #6b4e00; background: #fff4d6; padding: .5rem .8rem; border-radius: .3rem }
a { color: #0b57a4 }
ul { list-style: none; padding: 0; margin: 0 }
li { padding: .8rem 0; border-bottom: 1px solid #e3e5e8; overflow-wrap: anywhere }
li a { font-weight: 600 }
small, time { display: block; color: #57606a; font-size: .9rem }
dt { font-weight: 600 }
dd { margin: 0 0 .6rem; overflow-wrap: anywhere }
pre { font: .9rem/1.5 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; background: #fff; border: 1px solid #d5d9de; padding: .8rem; border-radius: .3rem }
pre.letter { font: inherit }
`;

type Page = ReturnType<typeof html>;

function frame(heading: string, content: Page): Page {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${heading} · embedded mail catcher</title>
        <link rel="stylesheet" href="/style.css" />
      </head>
      <body>
        <header><h1>${heading}</h1></header>
        <p class="banner">This is the embedded mail catcher: it keeps what it gets, and nothing leaves this machine.</p>
        <main>${content}</main>
      </body>
    </html>`;
}

export async function listPage(mails: readonly CaughtMail[]): Promise<Page> {
  if (mails.length === 0)
    return frame('Mail that was sent', html`<p>No mail yet. When an approved mail is sent, it appears here.</p>`);
  const items = await Promise.all(
    mails.map(async (mail) => {
      const { subject } = await readMail(mail.source.split('\r\n\r\n', 1)[0] ?? '');
      return html`<li>
        <a href="/message/${mail.id}">${subject}</a>
        <small>to ${recipients(mail)}</small>
        <time datetime="${mail.receivedAt}">${mail.receivedAt}</time>
      </li>`;
    }),
  );
  return frame(
    'Mail that was sent',
    html`<ul>
      ${items}
    </ul>`,
  );
}

export async function mailPage(mail: CaughtMail): Promise<Page> {
  const { subject, text } = await readMail(mail.source);
  return frame(
    subject,
    html`<p><a href="/">All mail</a></p>
      <dl>
        <dt>Envelope from</dt>
        <dd>${mail.from === '' ? '(nobody)' : visibleLine(mail.from)}</dd>
        <dt>Envelope to (everyone who gets it)</dt>
        <dd>${recipients(mail)}</dd>
        <dt>Received</dt>
        <dd><time datetime="${mail.receivedAt}">${mail.receivedAt}</time></dd>
      </dl>
      <h2>Text</h2>
      <pre class="letter">${text}</pre>
      <h2>Headers and source, exactly as received (${mail.source.length} bytes)</h2>
      <pre>${visibleText(Buffer.from(mail.source, 'latin1').toString('utf8').replaceAll('\r\n', '\n'))}</pre>`,
  );
}

function recipients({ to }: CaughtMail): string {
  return visibleLine(to.join(', '));
}

/** Subject and text as a mail program shows them. Total: a message that cannot be read says so. */
async function readMail(source: string): Promise<{ readonly subject: string; readonly text: string }> {
  try {
    const { subject = '', text = '' } = await simpleParser(Buffer.from(source, 'latin1'));
    return {
      subject: subject.trim() === '' ? '(no subject)' : visibleLine(subject.trim()),
      text: visibleText(text),
    };
  } catch {
    return { subject: '(unreadable)', text: '(the message could not be read)' };
  }
}
