// Hashes, passwords, random values, keys and certificates.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { bcryptHash } from '../../../../src/lang/template/functions/library/bcrypt.ts';
import { toBytes } from '../../../../src/lang/template/index.ts';
import { render, steadyBytes } from './render.ts';

const hooks = { randomBytes: steadyBytes, now: () => 1_700_000_000_000_000_000n };

/** Randomness for keys: a fixed sequence that does not repeat, so that primes are found. */
function sequence() {
  let state = 12_345;
  return {
    ...hooks,
    randomBytes: (count: number) =>
      Uint8Array.from({ length: count }, () => {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        return state >>> 24;
      }),
  };
}

function blocks(text: string): readonly string[] {
  return text.match(/-----BEGIN [\s\S]*?-----END [^\n]*\n/g) ?? [];
}

describe('hashes and passwords', () => {
  test.each([
    ['{{ adler32sum "hello" }}', '103547413'],
    ['{{ sha1sum "é" }}', 'bf15be717ac1b080b4f1c456692825891ff5073d'],
    ['{{ derivePassword 1 "long" "password" "user" "example.com" }}', 'ZedaFaxcZaso9*'],
    ['{{ derivePassword 1 "none" "a" "b" "c" }}', 'cannot find password template none'],
    [
      '{{ decryptAES "k" "aGVsbG8=" }}',
      'error: error calling decryptAES: runtime error: slice bounds out of range [:16] with capacity 6',
    ],
    [
      '{{ decryptAES "k" "!" }}',
      'error: error calling decryptAES: illegal base64 data at input byte 0',
    ],
    ['{{ encryptAES "key" "text" | decryptAES "key" }}', 'text'],
    ['{{ htpasswd "a:b" "c" }}', 'invalid username: a:b'],
    [
      '{{ repeat 80 "x" | bcrypt }}',
      'failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes',
    ],
  ])('%s gives %s', (template, expected) => {
    expect(render(template, { hooks })).toBe(expected);
  });

  test.each([
    [
      '',
      'd1624b6ece0122b315e8098c6a3e6829',
      'yUHJZq2/GpKT4.kKYh3mION0qsYIs9ZrE0wI3yA.ObkIxvVVgNny2',
    ],
    [
      'pässword',
      'c491be64e67eb5c219171f1ffc7b3c23',
      'vHE8XMX8raGXDv6d9Fq6Gu0iGPG.h2ZmdLE6pSvnw/qNNB4bUxL06',
    ],
  ])('bcrypt of "%s" is the one Go made', (password, salt, expected) => {
    const hash = bcryptHash(toBytes(password), Uint8Array.from(Buffer.from(salt, 'hex')), 6);
    expect(hash).toBe(`$2a$06$${expected}`);
  });
});

describe('random values', () => {
  test.each([
    ['{{ randAlphaNum 12 }}', /^[A-Za-z0-9]{12}$/],
    ['{{ randAlpha 5 }}{{ randAlpha -1 }}', /^[A-Za-z]{5}$/],
    ['{{ randNumeric 6 }}', /^[0-9]{6}$/],
    ['{{ randAscii 20 }}', /^[ -~]{20}$/],
    ['{{ randInt 5 7 }}', /^[56]$/],
    ['{{ randInt 5 5 }}', /: invalid argument to Intn$/],
    ['{{ uuidv4 }}', /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/],
    ['{{ randBytes 4 | b64dec | len }}', /^4$/],
    ['{{ shuffle "aéb" | splitList "" | sortAlpha | join "" }}', /^abé$/],
  ])('%s fits %s', (template, expected) => {
    expect(render(template, { hooks })).toMatch(expected);
  });

  test('the same randomness gives the same text', () => {
    const once = render('{{ randAlphaNum 30 }}', { hooks: sequence() });
    expect(render('{{ randAlphaNum 30 }}', { hooks: sequence() })).toBe(once);
  });

  test('without randomness they fail, and where output must not vary they say why', () => {
    expect(render('{{ uuidv4 }}')).toBe(
      'error: error calling uuidv4: random values are not available here',
    );
    expect(render('{{ genCA "x" 1 }}', { hooks, varying: 'refuse' })).toBe(
      'error: error calling genCA: genCA is refused: it draws random values, and the output must be the same on every run',
    );
  });
});

describe('keys and certificates', () => {
  test('a signed certificate is verified by its authority and fits its key', () => {
    const text = render(
      '{{ $ca := genCA "my-ca" 365 }}{{ $ca.Cert }}{{ $c := genSignedCert "svc" (list "10.0.0.1" "::1") (list "a.b") 30 $ca }}{{ $c.Cert }}{{ $c.Key }}',
      { hooks: sequence() },
    );
    const [ca = '', cert = '', key = ''] = blocks(text);
    const authority = new X509Certificate(ca);
    const leaf = new X509Certificate(cert);
    expect(authority.ca && authority.verify(authority.publicKey)).toBe(true);
    expect(leaf.verify(authority.publicKey) && leaf.checkIssued(authority)).toBe(true);
    expect(leaf.checkPrivateKey(createPrivateKey(key))).toBe(true);
    expect(leaf.subject).toBe('CN=svc');
    expect(leaf.subjectAltName).toBe('DNS:a.b, IP Address:10.0.0.1, IP Address:0:0:0:0:0:0:0:1');
    expect(leaf.validTo).toBe('Dec 14 22:13:20 2023 GMT');
  });

  test.each(['ecdsa', 'ed25519'])('a key of kind %s signs', (kind) => {
    const text = render(
      `{{ $c := genCAWithKey "x" 5 (genPrivateKey "${kind}") }}{{ $c.Cert }}{{ (buildCustomCert (b64enc $c.Cert) (b64enc $c.Key)).Key }}`,
      { hooks: sequence() },
    );
    const [cert = '', key = ''] = blocks(text);
    expect(new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))).toBe(true);
  });

  test('an RSA key alone is written in PKCS #1', () => {
    const key = createPrivateKey(render('{{ genPrivateKey "rsa" }}', { hooks: sequence() }));
    expect(key.asymmetricKeyDetails).toEqual({ modulusLength: 4096, publicExponent: 65_537n });
  });

  test.each([
    [
      '{{ genSelfSignedCert "c" (list "nope") nil 1 }}',
      'genSelfSignedCert: error parsing ip: nope',
    ],
    [
      '{{ genSelfSignedCert "c" (list 5) nil 1 }}',
      'genSelfSignedCert: error parsing ip: 5 is not a string',
    ],
    [
      '{{ genSelfSignedCert "c" nil (list true) 1 }}',
      'genSelfSignedCert: error processing alternate dns name: true is not a string',
    ],
    ['{{ genCAWithKey "c" 1 "x" }}', 'genCAWithKey: parsing private key: no PEM data in input'],
    ['{{ buildCustomCert "!" "" }}', 'buildCustomCert: unable to decode base64 certificate'],
    ['{{ buildCustomCert "" "" }}', 'buildCustomCert: unable to decode certificate'],
  ])('%s fails with %s', (template, error) => {
    expect(render(template, { hooks })).toBe(`error: error calling ${error}`);
  });

  test('an unknown kind of key is told, not refused', () => {
    expect(render('{{ genPrivateKey "zzz" }}', { hooks })).toBe('Unknown type zzz');
  });
});
