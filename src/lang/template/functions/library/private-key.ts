// Private keys made from given random bytes, and read from PEM (go-templates §6, Crypto). node:crypto
// only computes here: primality, public keys, signatures.
import { checkPrimeSync, createECDH, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { bytesBigint, der, derBitString, derInteger, derOid } from './der.ts';
import { decodePem, encodePem } from './pem.ts';
import { failure, success } from './result.ts';
import type { Result } from './result.ts';

/** Draws so many random bytes. */
export type Draw = (count: number) => Uint8Array;

const PUBLIC_EXPONENT = 65_537n;

/** A random number of exactly so many bits with the two highest bits set, and odd. */
function oddNumber(draw: Draw, bits: number): bigint {
  const drawn = bytesBigint(draw(bits / 8)) & ((1n << BigInt(bits)) - 1n);
  return drawn | (3n << BigInt(bits - 2)) | 1n;
}

const SMALL_PRIMES = smallPrimes(2000);

function smallPrimes(limit: number): readonly bigint[] {
  const primes: bigint[] = [];
  for (let candidate = 3n; candidate < limit; candidate += 2n) {
    if (primes.every((prime) => candidate % prime !== 0n)) primes.push(candidate);
  }
  return primes;
}

function isPrime(number: bigint): boolean {
  if (SMALL_PRIMES.some((prime) => number !== prime && number % prime === 0n)) return false;
  return checkPrimeSync(number);
}

function drawPrime(draw: Draw, bits: number, fits: (prime: bigint) => boolean): bigint {
  for (;;) {
    // Walk on from a random start: cheaper than a fresh draw for every candidate.
    const start = oddNumber(draw, bits);
    for (let step = 0n; step < 4096n; step += 2n) {
      const candidate = start + step;
      if (fits(candidate) && isPrime(candidate)) return candidate;
    }
  }
}

export function powerModulo(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let factor = base % modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * factor) % modulus;
    factor = (factor * factor) % modulus;
  }
  return result;
}

function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b] = [((value % modulus) + modulus) % modulus, modulus];
  let [x, y] = [1n, 0n];
  while (b !== 0n) {
    const quotient = a / b;
    [a, b] = [b, a - quotient * b];
    [x, y] = [y, x - quotient * y];
  }
  return ((x % modulus) + modulus) % modulus;
}

/** An RSA key as PEM in PKCS #1. */
export function makeRsaKey(draw: Draw, bits: number): string {
  const fits = (prime: bigint) => (prime - 1n) % PUBLIC_EXPONENT !== 0n;
  let p = drawPrime(draw, bits / 2, fits);
  let q = drawPrime(draw, bits / 2, (prime) => prime !== p && fits(prime));
  if (p < q) [p, q] = [q, p];
  const d = inverse(PUBLIC_EXPONENT, (p - 1n) * (q - 1n));
  const numbers = [0n, p * q, PUBLIC_EXPONENT, d, p, q, d % (p - 1n), d % (q - 1n), inverse(q, p)];
  return encodePem('RSA PRIVATE KEY', der('sequence', ...numbers.map(derInteger)));
}

const P256 = '1.2.840.10045.3.1.7';

/** A key on the curve P-256 as PEM in SEC 1. */
export function makeEcKey(draw: Draw): string {
  const curve = createECDH('prime256v1');
  for (;;) {
    const secret = draw(32);
    try {
      curve.setPrivateKey(secret);
    } catch {
      // Out of the curve's range, which hardly ever happens.
      continue;
    }
    const point = Uint8Array.from(curve.getPublicKey());
    const key = der(
      'sequence',
      derInteger(1n),
      der('octetString', secret),
      der(0xa0, derOid(P256)),
      der(0xa1, derBitString(point)),
    );
    return encodePem('EC PRIVATE KEY', key);
  }
}

/** An Ed25519 key as PEM in PKCS #8. */
export function makeEd25519Key(draw: Draw): string {
  const key = der(
    'sequence',
    derInteger(0n),
    der('sequence', derOid('1.3.101.112')),
    der('octetString', der('octetString', draw(32))),
  );
  return encodePem('PRIVATE KEY', key);
}

/** A DSA key (2048, 256) as PEM in OpenSSL's form. */
export function makeDsaKey(draw: Draw): string {
  const q = drawPrime(draw, 256, () => true);
  const p = dsaPrime(draw, q);
  let g = 1n;
  for (let h = 2n; g === 1n; h++) g = powerModulo(h, (p - 1n) / q, p);
  const x = (bytesBigint(draw(40)) % (q - 1n)) + 1n;
  const numbers = [0n, p, q, g, powerModulo(g, x, p), x];
  return encodePem('DSA PRIVATE KEY', der('sequence', ...numbers.map(derInteger)));
}

/** A prime of 2048 bits that leaves 1 when divided by q. */
function dsaPrime(draw: Draw, q: bigint): bigint {
  for (;;) {
    const start = oddNumber(draw, 2048);
    const candidate = start - (start % (2n * q)) + 1n;
    if (candidate.toString(2).length === 2048 && isPrime(candidate)) return candidate;
  }
}

export interface PrivateKey {
  readonly key: KeyObject;
  /** As sprig writes it next to a certificate. */
  readonly pem: string;
  /** SubjectPublicKeyInfo in DER. */
  readonly publicKey: Uint8Array;
}

/** Reads a private key; errors are sprig's own, the ones of Go's parsers in short. */
export function readPrivateKey(text: string): Result<PrivateKey> {
  const block = decodePem(text);
  if (!block) return failure('no PEM data in input');
  if (block.type !== 'PRIVATE KEY' && !block.type.endsWith(' PRIVATE KEY')) {
    return failure(`no private key data in PEM block of type ${block.type}`);
  }
  const kind = block.type.slice(0, -' PRIVATE KEY'.length);
  const prefixes: ReadonlyMap<string, string> = new Map([
    ['', 'decoding PEM as PKCS#8'],
    ['RSA', 'parsing RSA private key from PEM'],
    ['EC', 'parsing EC private key from PEM'],
    ['DSA', 'parsing DSA private key from PEM'],
  ]);
  const prefix = prefixes.get(block.type === 'PRIVATE KEY' ? '' : kind);
  if (prefix === undefined) return failure(`invalid private key type ${kind}`);
  try {
    return success(privateKeyOf(createPrivateKey(encodePem(block.type, block.bytes))));
  } catch {
    return failure(`${prefix}: malformed private key`);
  }
}

function privateKeyOf(key: KeyObject): PrivateKey {
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' });
  return { key, pem: pemOf(key), publicKey: Uint8Array.from(publicKey) };
}

function pemOf(key: KeyObject): string {
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return key.export({ type: 'pkcs1', format: 'pem' }).toString();
    case 'ec':
      return key.export({ type: 'sec1', format: 'pem' }).toString();
    default:
      return key.export({ type: 'pkcs8', format: 'pem' }).toString();
  }
}

/** The algorithm's identifier and the signature of some bytes. */
export function signWith(
  key: KeyObject,
  bytes: Uint8Array,
): { readonly algorithm: Uint8Array; readonly signature: Uint8Array } | undefined {
  const algorithms: ReadonlyMap<string, readonly [hash: string | null, oid: Uint8Array]> = new Map([
    ['rsa', ['sha256', der('sequence', derOid('1.2.840.113549.1.1.11'), der('null'))]],
    ['ec', ['sha256', der('sequence', derOid('1.2.840.10045.4.3.2'))]],
    ['ed25519', [null, der('sequence', derOid('1.3.101.112'))]],
  ]);
  const found = algorithms.get(key.asymmetricKeyType ?? '');
  if (!found) return undefined;
  const [hash, algorithm] = found;
  return { algorithm, signature: Uint8Array.from(sign(hash, bytes, key)) };
}
