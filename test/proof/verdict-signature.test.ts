import { describe, expect, test } from '@jest/globals';
import type { Verdict } from '../../src/domain/verdict.ts';
import { keyIdOf, newKeyPair, privateKeyOf, privateKeyPem, publicKeyOf, publicKeyText } from '../../src/proof/key.ts';
import { isSignedBy, signVerdict } from '../../src/proof/verdict-signature.ts';

const keys = newKeyPair();
const unsigned: Omit<Verdict, 'signature'> = {
  requestId: 'run/c1/1',
  digest: 'a'.repeat(64),
  decision: 'approve',
  approver: 'alice',
  keyId: keyIdOf(publicKeyText(keys.publicKey)),
  at: '2026-11-24T10:00:00.000Z',
};
const signed = signVerdict(unsigned, keys.privateKey);

describe('a signed verdict (S5)', () => {
  test('verifies with the key that signed it, also after a trip through JSON and text keys', () => {
    const publicKey = publicKeyOf(publicKeyText(keys.publicKey));
    expect(isSignedBy(JSON.parse(JSON.stringify(signed)) as Verdict, publicKey)).toBe(true);
    expect(privateKeyOf(privateKeyPem(keys.privateKey)).asymmetricKeyType).toBe('ed25519');
  });

  test.each<[string, Partial<Verdict>]>([
    ['decision', { decision: 'deny' }],
    ['digest', { digest: 'b'.repeat(64) }],
    ['request', { requestId: 'run/c1/2' }],
    ['approver', { approver: 'bob' }],
    ['time', { at: '2026-11-24T10:00:01.000Z' }],
    ['reason', { reason: 'added' }],
    ['edit', { edit: { to: ['evil@evil.example'] } }],
    ['grant', { grant: 'always' }],
  ])('S4: changing the %s breaks the signature', (_, change) => {
    expect(isSignedBy({ ...signed, ...change }, keys.publicKey)).toBe(false);
  });

  test('S5: another key, a cut, an empty and a garbage signature do not verify and do not throw', () => {
    expect(isSignedBy(signed, newKeyPair().publicKey)).toBe(false);
    for (const signature of ['', 'AAAA', signed.signature.slice(0, -8), '!!!', '\ud800']) {
      expect(isSignedBy({ ...signed, signature }, keys.publicKey)).toBe(false);
    }
  });

  test.each(['', 'AAAA', 'not base64!', `${'A'.repeat(43)}=x`])('S5: "%s" is no public key', (text) => {
    expect(() => publicKeyOf(text)).toThrow();
  });
});
