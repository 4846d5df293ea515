import { describe, expect, test } from '@jest/globals';
import { NOT_AS_RENDERED, readDeliveryError } from '../../../src/adapters/smtp/delivery-outcome.ts';

function failure(code?: string, responseCode?: unknown): Error {
  return Object.assign(new Error('the password is hunter2'), {
    code,
    responseCode,
    response: `${String(responseCode)} hunter2`,
  });
}

describe('S7: what a failed sending proves', () => {
  test.each<[string, number | undefined, 'refused' | 'notSent']>([
    ['ECONNREFUSED', undefined, 'notSent'],
    ['ESOCKET', undefined, 'notSent'],
    ['EDNS', undefined, 'notSent'],
    ['ETLS', undefined, 'notSent'],
    ['ECONNECTION', undefined, 'notSent'],
    ['ECONNECTION', 421, 'notSent'],
    ['ETIMEDOUT', undefined, 'notSent'],
    ['EABORT', undefined, 'notSent'],
    ['EPROTOCOL', 421, 'notSent'],
    ['EPROTOCOL', 554, 'refused'],
    ['EAUTH', 535, 'refused'],
    ['EAUTH', 454, 'refused'],
    ['ENOAUTH', undefined, 'refused'],
    ['EOAUTH2', undefined, 'refused'],
    ['EENVELOPE', 550, 'refused'],
    ['EENVELOPE', 503, 'notSent'],
    ['EENVELOPE', 451, 'notSent'],
    ['EENVELOPE', undefined, 'notSent'],
    ['EMESSAGE', undefined, 'notSent'],
    ['ECONFIG', undefined, 'refused'],
    ['EFILEACCESS', undefined, 'refused'],
    ['EURLACCESS', undefined, 'refused'],
    ['ESTREAM', undefined, 'notSent'],
    [NOT_AS_RENDERED, undefined, 'refused'],
  ])('before the message was handed over, %s with %s is %s', (code, reply, kind) => {
    expect(readDeliveryError(failure(code, reply), 'notHandedOver').kind).toBe(kind);
  });

  test.each<[string, unknown, 'refused' | 'notSent' | 'unknown']>([
    ['EMESSAGE', 550, 'refused'],
    ['EMESSAGE', 554, 'refused'],
    ['EMESSAGE', 450, 'notSent'],
    ['EMESSAGE', 452, 'notSent'],
    ['EMESSAGE', 421, 'unknown'],
    ['EMESSAGE', undefined, 'unknown'],
    ['EMESSAGE', 250, 'unknown'],
    ['EMESSAGE', 299, 'unknown'],
    ['EMESSAGE', 600, 'unknown'],
    ['EMESSAGE', '550', 'unknown'],
    ['EMESSAGE', Number.NaN, 'unknown'],
    ['ECONNECTION', undefined, 'unknown'],
    ['ECONNECTION', 421, 'unknown'],
    ['ESOCKET', undefined, 'unknown'],
    ['ETIMEDOUT', undefined, 'unknown'],
    ['EABORT', undefined, 'unknown'],
    ['EAUTH', 535, 'unknown'],
    ['EENVELOPE', 550, 'unknown'],
    ['ETLS', undefined, 'unknown'],
    [NOT_AS_RENDERED, undefined, 'unknown'],
  ])('after it was handed over, %s with %s is %s', (code, reply, kind) => {
    expect(readDeliveryError(failure(code, reply), 'answered').kind).toBe(kind);
  });

  test('an error that is none is read all the same', () => {
    for (const error of [undefined, null, 'text', 7, {}, [], new Error('x'), Object.create(null)]) {
      expect(readDeliveryError(error, 'notHandedOver').kind).toBe('notSent');
      expect(readDeliveryError(error, 'answered').kind).toBe('unknown');
    }
  });

  test('S10: neither the words of the library nor those of the server are told', () => {
    for (const stage of ['notHandedOver', 'handedOver', 'answered'] as const) {
      for (const code of ['EAUTH', 'password is hunter2', 'hunter2', '\u001b[31m', undefined]) {
        const said = JSON.stringify(readDeliveryError(failure(code, 535), stage));
        expect(said).not.toMatch(/hunter2|password|u001b/);
      }
    }
  });
});
