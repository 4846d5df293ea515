/**
 * What a failed sending proves. Pure; each row is tested against a real server that fails at that stage.
 *
 * | the message with its final dot | the server said | outcome |
 * | --- | --- | --- |
 * | was not handed over | a lasting refusal (5xx but 503, no login, not our bytes) | refused |
 * | was not handed over | anything else, or nothing | notSent |
 * | was handed over | 5xx to the message | refused |
 * | was handed over | 4xx to the message, but not 421 | notSent |
 * | was handed over | 421, nothing, or anything unreadable | unknown |
 *
 * 421 may answer whatever came before it when a server shuts down (RFC 5321 section 3.8), and a server that had stored
 * the message was seen to send it. A false doubt is acceptable, a second mail is not (S7).
 */
import { own, ownString } from '../../domain/json.ts';
import type { MailDelivery } from '../../tools/ports/mailer.ts';

/** Codes with which the library, or our own last look, gave up for good before anything was sent. */
const LASTING = new Set(['EAUTH', 'ENOAUTH', 'EOAUTH2', 'ECONFIG', 'EFILEACCESS', 'EURLACCESS']);

/** Own code of the mailer: envelope or bytes are not those that were rendered. */
export const NOT_AS_RENDERED = 'ENOTASRENDERED';

/** `handedOver`: the body and its final dot left for the server; before that it cannot have the message. */
export function readDeliveryError(error: unknown, handedOver: boolean): MailDelivery {
  const code = codeWord(error);
  const reply = replyCode(error);
  if (handedOver) return readReplyToMessage(code, reply);
  if (code === NOT_AS_RENDERED) return { kind: 'refused', why: 'the message is not the one that was rendered' };
  const said = reply === undefined ? code : `${code}, it answered ${reply}`;
  return isLasting(code, reply)
    ? { kind: 'refused', why: `the mail server refused it (${said}); nothing was sent` }
    : { kind: 'notSent', why: `the mail server did not take it (${said}); nothing was sent` };
}

function readReplyToMessage(code: string, reply: number | undefined): MailDelivery {
  if (code !== 'EMESSAGE' || reply === undefined || reply === 421) {
    const said = reply === undefined ? code : `${code}, it answered ${reply}`;
    return { kind: 'unknown', why: `the mail server had the whole message and did not say it took it (${said})` };
  }
  return reply >= 500
    ? { kind: 'refused', why: `the mail server refused the message (${reply}); nothing was sent` }
    : { kind: 'notSent', why: `the mail server put the message off (${reply}); nothing was sent` };
}

function isLasting(code: string, reply: number | undefined): boolean {
  return LASTING.has(code) || (reply !== undefined && reply >= 500 && reply !== 503);
}

/** A refusal by RFC 5321 has three digits and begins with 4 or 5; all else is no refusal. */
function replyCode(error: unknown): number | undefined {
  const found = own(error, 'responseCode');
  return typeof found === 'number' && Number.isInteger(found) && found >= 400 && found <= 599 ? found : undefined;
}

/** Codes are words of the library; anything else of an error may carry what must not be told (S10). */
function codeWord(error: unknown): string {
  const found = ownString(error, 'code');
  return found !== undefined && /^[A-Z][A-Z0-9_]{1,40}$/.test(found) ? found : 'no code';
}
