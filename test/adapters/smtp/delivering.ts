/** One message to a scripted server, and what became of it on both sides. */
import type { SmtpServer } from '../../../src/adapters/smtp/mailer.ts';
import { createMailer } from '../../../src/adapters/smtp/mailer.ts';
import type { MailDelivery, MailDraft, RenderedMail } from '../../../src/tools/ports/mailer.ts';
import type { Script, ScriptedServer } from './scripted-server.ts';
import { startScriptedServer } from './scripted-server.ts';

export const FROM = 'assistant@house.example';

export function draft(more: Partial<MailDraft> = {}): MailDraft {
  return {
    to: ['alice@partner.example'],
    cc: [],
    bcc: [],
    replyTo: undefined,
    html: undefined,
    attachments: [],
    subject: 'Hello',
    body: 'Dear Alice,\n.\n..dots\n\nBob',
    seed: 'session/chain/call/2026-11-24T10:00:00.000Z',
    date: new Date('2026-11-24T10:00:00Z'),
    ...more,
  };
}

export interface Delivered {
  readonly delivery: MailDelivery;
  readonly mail: RenderedMail;
  readonly server: ScriptedServer;
}

/** Ends the server when done; what it kept can still be looked at. */
export async function deliver(
  script: Script,
  more: Partial<SmtpServer> & { readonly draft?: Partial<MailDraft>; readonly signal?: AbortSignal } = {},
): Promise<Delivered> {
  const { draft: asked, signal = new AbortController().signal, ...settings } = more;
  const server = await startScriptedServer(script);
  try {
    const place = { host: '127.0.0.1', port: server.port, secure: false, from: FROM, timeoutMs: 500 };
    const mailer = createMailer({ ...place, ...settings });
    const mail = await mailer.render(draft(asked));
    return { delivery: await mailer.send(mail, signal), mail, server };
  } finally {
    server.close();
  }
}
