// X.509 certificates as Go's crypto/x509 writes them for sprig (go-templates §6, Crypto).
import { createHash } from 'node:crypto';
import { toBytes } from '../../bytes.ts';
import { civilFromSeconds } from './civil-date.ts';
import { bytesBigint, concatBytes, der, derBitString, derInteger, derOid, readDer } from './der.ts';
import type { DerElement } from './der.ts';
import { decodePem, encodePem } from './pem.ts';
import { signWith } from './private-key.ts';
import type { PrivateKey } from './private-key.ts';
import { failure, success } from './result.ts';
import type { Result } from './result.ts';

export interface CertificateRequest {
  readonly commonName: string;
  readonly addresses: readonly Uint8Array[];
  readonly dnsNames: readonly string[];
  /** Seconds since 1970. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly serial: Uint8Array;
  readonly isAuthority: boolean;
}

/** Who signs: the name in DER and the identifier of its key. */
export interface Issuer {
  readonly name: Uint8Array;
  readonly keyId: Uint8Array | undefined;
  readonly key: PrivateKey;
}

/** What a certificate says about whom it is for. */
export interface CertificateSubject {
  /** The name in DER. */
  readonly subject: Uint8Array;
  /** SubjectPublicKeyInfo in DER. */
  readonly publicKey: Uint8Array;
  readonly keyId: Uint8Array | undefined;
}

const SUBJECT_KEY_ID = '2.5.29.14';

/** A certificate as PEM; without `issuer` it signs itself. */
export function makeCertificate(
  request: CertificateRequest,
  key: PrivateKey,
  issuer?: Issuer,
): Result<string> {
  const subject = nameOf(request.commonName);
  const signer = issuer?.key ?? key;
  const algorithm = signWith(signer.key, new Uint8Array(0))?.algorithm;
  if (!algorithm) {
    return failure(
      'error creating certificate: x509: only RSA, ECDSA, ML-DSA, and Ed25519 keys supported',
    );
  }
  const keyId = issuer && !equalBytes(issuer.name, subject) ? issuer.keyId : undefined;
  const body = der(
    'sequence',
    der(0xa0, derInteger(2n)),
    derInteger(bytesBigint(request.serial)),
    algorithm,
    issuer?.name ?? subject,
    der('sequence', derTime(request.notBefore), derTime(request.notAfter)),
    subject,
    key.publicKey,
    der(0xa3, der('sequence', ...extensions(request, key, keyId))),
  );
  const signature = signWith(signer.key, body)?.signature ?? new Uint8Array(0);
  return success(
    encodePem('CERTIFICATE', der('sequence', body, algorithm, derBitString(signature))),
  );
}

/** A name of nothing but a common name. */
function nameOf(commonName: string): Uint8Array {
  if (commonName === '') return der('sequence');
  const tag = /^[A-Za-z0-9 '()+,\-./:=?]*$/.test(commonName) ? 'printable' : 'utf8';
  const value = der(tag, toBytes(commonName));
  return der('sequence', der('set', der('sequence', derOid('2.5.4.3'), value)));
}

/** Two-digit years to 2049, as the standard wants it. */
function derTime(seconds: number): Uint8Array {
  const time = civilFromSeconds(Math.floor(seconds));
  const rest = [time.month, time.day, time.hour, time.minute, time.second]
    .map((part) => String(part).padStart(2, '0'))
    .join('');
  const year = String(time.year).padStart(4, '0');
  const short = time.year >= 1950 && time.year < 2050;
  return der(
    short ? 'utcTime' : 'generalizedTime',
    toBytes(`${short ? year.slice(2) : year}${rest}Z`),
  );
}

function extension(oid: string, critical: boolean, value: Uint8Array): Uint8Array {
  const flag = critical ? [der('boolean', Uint8Array.of(0xff))] : [];
  return der('sequence', derOid(oid), ...flag, der('octetString', value));
}

function extensions(
  request: CertificateRequest,
  key: PrivateKey,
  issuerKeyId: Uint8Array | undefined,
): Uint8Array[] {
  // Digital signature and key encipherment; an authority also signs certificates.
  const usage = request.isAuthority ? [2, 0xa4] : [5, 0xa0];
  const list = [
    extension('2.5.29.15', true, der('bitString', Uint8Array.from(usage))),
    extension(
      '2.5.29.37',
      false,
      der('sequence', derOid('1.3.6.1.5.5.7.3.1'), derOid('1.3.6.1.5.5.7.3.2')),
    ),
    extension(
      '2.5.29.19',
      true,
      der('sequence', ...(request.isAuthority ? [der('boolean', Uint8Array.of(0xff))] : [])),
    ),
  ];
  if (request.isAuthority) {
    list.push(extension(SUBJECT_KEY_ID, false, der('octetString', keyIdOf(key.publicKey))));
  }
  if (issuerKeyId) {
    list.push(extension('2.5.29.35', false, der('sequence', der(0x80, issuerKeyId))));
  }
  const names = [
    ...request.dnsNames.map((name) => der(0x82, toBytes(name))),
    ...request.addresses.map((address) => der(0x87, address)),
  ];
  if (names.length > 0) {
    list.push(extension('2.5.29.17', request.commonName === '', der('sequence', ...names)));
  }
  return list;
}

/** The first 20 bytes of the SHA-256 of the public key's bits. */
function keyIdOf(publicKey: Uint8Array): Uint8Array {
  const bits = inside(readDer(publicKey)?.[0])?.[1]?.content.subarray(1) ?? publicKey;
  return Uint8Array.from(createHash('sha256').update(bits).digest().subarray(0, 20));
}

function inside(element: DerElement | undefined): readonly DerElement[] | undefined {
  return element && readDer(element.content);
}

function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, at) => byte === right[at]);
}

/** @param pem the first block counts */
export function readCertificate(pem: string): Result<CertificateSubject> {
  const block = decodePem(pem);
  if (!block) return failure('unable to decode certificate');
  const [body] = inside(readDer(block.bytes)?.[0]) ?? [];
  const fields = inside(body) ?? [];
  // The version is optional: it has a context tag.
  const start = fields[0]?.tag === 0xa0 ? 1 : 0;
  const subject = fields[start + 4]?.raw;
  const publicKey = fields[start + 5]?.raw;
  if (!subject || !publicKey) return failure('x509: malformed certificate');
  const list = inside(inside(fields.find((field) => field.tag === 0xa3))?.[0]) ?? [];
  return success({ subject, publicKey, keyId: subjectKeyId(list) });
}

function subjectKeyId(list: readonly DerElement[]): Uint8Array | undefined {
  const oid = derOid(SUBJECT_KEY_ID);
  for (const each of list) {
    const parts = inside(each) ?? [];
    if (parts[0] && equalBytes(parts[0].raw, oid)) {
      return readDer(parts.at(-1)?.content ?? concatBytes([]))?.[0]?.content;
    }
  }
  return undefined;
}
