/**
 * What came of a sending. Pure; each row is tested against a real server that does so at that stage.
 *
 * | the message with its final dot | the server said | outcome |
 * | --- | --- | --- |
 * | was not handed over | a lasting refusal (5xx but 503, no login, not our bytes) | refused |
 * | was not handed over | anything else, or nothing | notSent |
 * | was handed over | after that 2xx to the message | sent |
 * | was handed over | after that 5xx to the message | refused |
 * | was handed over | after that 4xx to the message, but not 421 | notSent |
 * | was handed over | 421, nothing, anything unreadable, or only things it said before | unknown |
 *
 * 421 may answer whatever came before it when a server shuts down (RFC 5321 section 3.8), and a server that had stored
 * the message was seen to send it. What a server says before it has the message is no answer to it; nor are lines with
 * different codes one answer. A false doubt is acceptable, a second mail is not (S7).
 */
import { own, ownString } from '../../domain/json.ts';
import { visibleLine } from '../../domain/visible-text.ts';
import type { MailDelivery } from '../../tools/ports/mailer.ts';
import type { Stage } from './stage-tracker.ts';

/** Codes with which the library, or our own last look, gave up for good before anything was sent. */
const LASTING = new Set(['EAUTH', 'ENOAUTH', 'EOAUTH2', 'ECONFIG', 'EFILEACCESS', 'EURLACCESS']);

/** Own code of the mailer: envelope or bytes are not those that were rendered. */
export const NOT_AS_RENDERED = 'ENOTASRENDERED';

/** What the library took for an acceptance of the message. */
export interface Acceptance {
  readonly accepted: readonly string[];
  readonly refused: readonly string[];
  readonly response: string;
}

export function readAcceptance({ accepted, refused, response }: Acceptance, stage: Stage): MailDelivery {
  if (stage === 'answered' && codeOf(response)?.startsWith('2') === true) {
    return { kind: 'sent', accepted, refused, response: visibleLine(response) };
  }
  return { kind: 'unknown', why: 'the mail server did not answer to the message as mail servers do' };
}

export function readDeliveryError(error: unknown, stage: Stage): MailDelivery {
  const code = codeWord(error);
  const reply = replyCode(error);
  if (stage !== 'notHandedOver') return readReplyToMessage(code, stage === 'answered' ? reply : undefined);
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

/** The three digits that every line of a reply begins with (RFC 5321 section 4.2.1). */
function codeOf(response: string): string | undefined {
  const codes = response.split('\n').map((line) => /^([2-5]\d\d)(?:[ -]|$)/.exec(line)?.[1]);
  return codes.every((code) => code === codes[0]) ? codes[0] : undefined;
}

function isLasting(code: string, reply: number | undefined): boolean {
  return LASTING.has(code) || (reply !== undefined && reply >= 500 && reply !== 503);
}

/** A refusal by RFC 5321 has three digits and begins with 4 or 5; all else is no refusal. */
function replyCode(error: unknown): number | undefined {
  const found = own(error, 'responseCode');
  if (typeof found !== 'number' || !Number.isInteger(found) || found < 400 || found > 599) return undefined;
  const response = ownString(error, 'response');
  return response === undefined || codeOf(response) === String(found) ? found : undefined;
}

/** Codes are words of the library; anything else of an error may carry what must not be told (S10). */
function codeWord(error: unknown): string {
  const found = ownString(error, 'code');
  return found !== undefined && /^[A-Z][A-Z0-9_]{1,40}$/.test(found) ? found : 'no code';
}
