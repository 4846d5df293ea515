/** What a failed sending proves. The table is tested row by row against a server that fails at each stage. */
import { own, ownString } from '../../domain/json.ts';
import type { MailDelivery } from '../../tools/ports/mailer.ts';

/** `handedOver`: the body and its final dot left for the server; before that it cannot have the message. */
export function readDeliveryError(error: unknown, handedOver: boolean): MailDelivery {
  const code = word(error, 'code');
  const response = own(error, 'responseCode');
  const answered = typeof response === 'number' ? response : undefined;
  if (handedOver && !(code === 'EMESSAGE' && answered !== undefined && answered >= 400)) {
    return { kind: 'unknown', why: `the mail server had the whole message and gave no answer (${code})` };
  }
  const said = answered === undefined ? code : `${code}, it answered ${answered}`;
  const permanent =
    code === 'EAUTH' ||
    code === 'ENOAUTH' ||
    code === 'ECONFIG' ||
    (answered !== undefined && answered >= 500 && answered !== 503);
  if (permanent) return { kind: 'refused', why: `the mail server refused it (${said}); nothing was sent` };
  return { kind: 'notSent', why: `the mail server did not take it (${said}); nothing was sent` };
}

/** Codes are words of the library; anything else of an error may carry what must not be told (S10). */
function word(error: unknown, key: string): string {
  const found = isError(error) ? ownString({ ...error }, key) : undefined;
  return found !== undefined && /^[A-Z_]{1,40}$/.test(found) ? found : 'no code';
}

function isError(error: unknown): error is object {
  return typeof error === 'object' && error !== null;
}
