// Sprig's keys and certificates (go-templates §6, Crypto): new ones on every run, so that dialects
// with deterministic output refuse them.
import { hasInvalidBytes, isAscii, toBytes } from '../bytes.ts';
import { formatValue } from '../fmt/print.ts';
import { TemplateFunctionError, withTypes } from '../function.ts';
import type { CallContext, TemplateFunction } from '../function.ts';
import { quote } from '../strconv/quote.ts';
import { STRING } from '../type.ts';
import type { GoType } from '../type.ts';
import { GoObject } from '../value.ts';
import type { GoList, Value } from '../value.ts';
import { decodeBase64 } from './library/base-encoding.ts';
import { makeCertificate, readCertificate } from './library/certificate.ts';
import type { Issuer } from './library/certificate.ts';
import { parseAddress } from './library/ip-address.ts';
import { decodePem } from './library/pem.ts';
import {
  makeDsaKey,
  makeEcKey,
  makeEd25519Key,
  makeRsaKey,
  readPrivateKey,
} from './library/private-key.ts';
import type { PrivateKey } from './library/private-key.ts';
import type { Result } from './library/result.ts';
import { fromBytes } from '../bytes.ts';
import { RANDOM, randomBytes } from './randomness.ts';

interface Certificate {
  readonly cert: string;
  readonly key: string;
}

const CERTIFICATE_TYPE: GoType = {
  kind: 'struct',
  name: 'sprig.certificate',
  fields: [
    { name: 'Cert', type: STRING, read: (state) => certificateOf(state).cert },
    { name: 'Key', type: STRING, read: (state) => certificateOf(state).key },
  ],
  equal: (left, right) =>
    certificateOf(left).cert === certificateOf(right).cert &&
    certificateOf(left).key === certificateOf(right).key,
};

/** The zero value of the type has no state. */
function certificateOf(state: unknown): Certificate {
  return (state as Certificate | undefined) ?? { cert: '', key: '' };
}

const define = withTypes(new Map([[CERTIFICATE_TYPE.name, CERTIFICATE_TYPE]]));
const DAY = 86_400;

function valueOf<T>(result: Result<T>, prefix = ''): T {
  if (!result.ok) throw new TemplateFunctionError(prefix + result.error);
  return result.value;
}

/** What the making of a key costs, in steps. */
const RSA_COST: ReadonlyMap<number, number> = new Map([
  [2048, 100_000],
  [4096, 1_000_000],
]);

function newRsaKey(context: CallContext, bits: number): string {
  context.charge(RSA_COST.get(bits) ?? 1_000_000);
  return makeRsaKey((count) => randomBytes(context, count), bits);
}

function newKey(context: CallContext): PrivateKey {
  return valueOf(readPrivateKey(newRsaKey(context, 2048)));
}

function genPrivateKey(context: CallContext, kind: string): string {
  const draw = (count: number) => randomBytes(context, count);
  switch (kind) {
    case '':
    case 'rsa':
      return newRsaKey(context, 4096);
    case 'dsa':
      context.charge(1_000_000);
      return makeDsaKey(draw);
    case 'ecdsa':
      return makeEcKey(draw);
    case 'ed25519':
      return makeEd25519Key(draw);
    default:
      return `Unknown type ${kind}`;
  }
}

interface Wish {
  readonly commonName: string;
  readonly addresses: GoList | undefined;
  readonly dnsNames: GoList | undefined;
  readonly days: number;
  readonly isAuthority: boolean;
}

function addressesOf(list: GoList | undefined): readonly Uint8Array[] {
  return (list?.items ?? []).map((item) => {
    if (typeof item !== 'string') {
      throw new TemplateFunctionError(`error parsing ip: ${formatValue(item)} is not a string`);
    }
    const address = parseAddress(item);
    if (!address) throw new TemplateFunctionError(`error parsing ip: ${item}`);
    return address;
  });
}

function namesOf(list: GoList | undefined): readonly string[] {
  return (list?.items ?? []).map((item) => {
    if (typeof item !== 'string') {
      throw new TemplateFunctionError(
        `error processing alternate dns name: ${formatValue(item)} is not a string`,
      );
    }
    return item;
  });
}

function secondsNow(context: CallContext): number {
  const now = context.hooks.now;
  if (!now) throw new TemplateFunctionError('the present time is not available here');
  return Number(now() / 1_000_000_000n);
}

interface Names {
  readonly addresses: readonly Uint8Array[];
  readonly dnsNames: readonly string[];
}

/** Checked before a key is made, but after an issuer was read. */
function checkedNames(wish: Wish): Names {
  const names = { addresses: addressesOf(wish.addresses), dnsNames: namesOf(wish.dnsNames) };
  const bad = names.dnsNames.find((name) => !isAscii(name) || hasInvalidBytes(name));
  if (bad !== undefined) {
    throw new TemplateFunctionError(
      `error creating certificate: x509: ${quote(bad)} cannot be encoded as an IA5String`,
    );
  }
  return names;
}

function issue(context: CallContext, wish: Wish, pem?: string, ca?: GoObject): GoObject {
  const given =
    pem === undefined ? undefined : valueOf(readPrivateKey(pem), 'parsing private key: ');
  const issuer = ca && issuerOf(certificateOf(ca.state));
  const names = checkedNames(wish);
  const key = given ?? newKey(context);
  const notBefore = secondsNow(context);
  const request = {
    commonName: wish.commonName,
    ...names,
    notBefore,
    notAfter: notBefore + wish.days * DAY,
    serial: randomBytes(context, 16),
    isAuthority: wish.isAuthority,
  };
  const cert = valueOf(makeCertificate(request, key, issuer));
  return new GoObject(CERTIFICATE_TYPE, { cert, key: key.pem } satisfies Certificate);
}

function issuerOf(ca: Certificate): Issuer {
  if (!decodePem(ca.cert)) throw new TemplateFunctionError('unable to decode certificate');
  const found = valueOf(
    readCertificate(ca.cert),
    'error parsing certificate: decodedSignerCert.Bytes: ',
  );
  const key = valueOf(readPrivateKey(ca.key), 'error parsing private key: ');
  if (fromBytes(found.publicKey) !== fromBytes(key.publicKey)) {
    throw new TemplateFunctionError(
      "error creating certificate: x509: provided PrivateKey doesn't match parent's PublicKey",
    );
  }
  return { name: found.subject, keyId: found.keyId, key };
}

function buildCustomCert(cert64: string, key64: string): GoObject {
  const cert = decodeBase64(toBytes(cert64));
  if (!cert.ok) throw new TemplateFunctionError('unable to decode base64 certificate');
  const key = decodeBase64(toBytes(key64));
  if (!key.ok) throw new TemplateFunctionError('unable to decode base64 private key');
  const certificate = { cert: fromBytes(cert.value), key: fromBytes(key.value) };
  if (!decodePem(certificate.cert)) throw new TemplateFunctionError('unable to decode certificate');
  valueOf(readCertificate(certificate.cert), 'error parsing certificate: decodedCert.Bytes: ');
  valueOf(readPrivateKey(certificate.key), 'error parsing private key: ');
  return new GoObject(CERTIFICATE_TYPE, certificate);
}

function authority(commonName: string, days: number): Wish {
  return { commonName, addresses: undefined, dnsNames: undefined, days, isAuthority: true };
}

/** Arguments of the functions for leaf certificates, in their order. */
type LeafArguments = readonly [string, GoList, GoList, number];

function leaf([commonName, addresses, dnsNames, days]: LeafArguments): Wish {
  return { commonName, addresses, dnsNames, days, isAuthority: false };
}

const LEAF = 'string, []interface {}, []interface {}, int' as const;

export const CERTIFICATES: readonly TemplateFunction[] = [
  define('genPrivateKey', 'func(string) string', genPrivateKey, RANDOM),
  define('buildCustomCert', 'func(string, string) (sprig.certificate, error)', (_, cert, key) =>
    buildCustomCert(cert, key),
  ),
  define(
    'genCA',
    'func(string, int) (sprig.certificate, error)',
    (context, name, days) => issue(context, authority(name, days)),
    RANDOM,
  ),
  define(
    'genCAWithKey',
    'func(string, int, string) (sprig.certificate, error)',
    (context, name, days, key) => issue(context, authority(name, days), key),
    RANDOM,
  ),
  define(
    'genSelfSignedCert',
    `func(${LEAF}) (sprig.certificate, error)`,
    (context, ...args) => issue(context, leaf(args)),
    RANDOM,
  ),
  define(
    'genSelfSignedCertWithKey',
    `func(${LEAF}, string) (sprig.certificate, error)`,
    (context, ...[name, addresses, dnsNames, days, key]) =>
      issue(context, leaf([name, addresses, dnsNames, days]), key),
    RANDOM,
  ),
  define(
    'genSignedCert',
    `func(${LEAF}, sprig.certificate) (sprig.certificate, error)`,
    (context, ...[name, addresses, dnsNames, days, ca]) =>
      issue(context, leaf([name, addresses, dnsNames, days]), undefined, asObject(ca)),
    RANDOM,
  ),
  define(
    'genSignedCertWithKey',
    `func(${LEAF}, sprig.certificate, string) (sprig.certificate, error)`,
    (context, ...[name, addresses, dnsNames, days, ca, key]) =>
      issue(context, leaf([name, addresses, dnsNames, days]), key, asObject(ca)),
    RANDOM,
  ),
];

function asObject(value: Value): GoObject {
  return value instanceof GoObject ? value : new GoObject(CERTIFICATE_TYPE, undefined);
}
