// The Master Password algorithm behind sprig's derivePassword (go-templates §6, Crypto): a seed from
// scrypt and HMAC chooses a shape, and a character for each place of it.
import { createHmac, scryptSync } from 'node:crypto';
import { toBytes } from '../../bytes.ts';
import { concatBytes } from './der.ts';

const SCOPE = 'com.lyndir.masterpassword';

/** Shapes by kind of password; each letter names a class of characters. */
const SHAPES: ReadonlyMap<string, readonly string[]> = new Map([
  ['maximum', ['anoxxxxxxxxxxxxxxxxx', 'axxxxxxxxxxxxxxxxxno']],
  [
    'long',
    (
      'CvcvnoCvcvCvcv CvcvCvcvnoCvcv CvcvCvcvCvcvno CvccnoCvcvCvcv CvccCvcvnoCvcv ' +
      'CvccCvcvCvcvno CvcvnoCvccCvcv CvcvCvccnoCvcv CvcvCvccCvcvno CvcvnoCvcvCvcc ' +
      'CvcvCvcvnoCvcc CvcvCvcvCvccno CvccnoCvccCvcv CvccCvccnoCvcv CvccCvccCvcvno ' +
      'CvcvnoCvccCvcc CvcvCvccnoCvcc CvcvCvccCvccno CvccnoCvcvCvcc CvccCvcvnoCvcc ' +
      'CvccCvcvCvccno'
    ).split(' '),
  ],
  ['medium', ['CvcnoCvc', 'CvcCvcno']],
  ['short', ['Cvcn']],
  ['basic', ['aaanaaan', 'aannaaan', 'aaannaaa']],
  ['pin', ['nnnn']],
]);

const LETTERS = 'AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz';
const CLASSES: ReadonlyMap<string, string> = new Map([
  ['V', 'AEIOU'],
  ['C', 'BCDFGHJKLMNPQRSTVWXYZ'],
  ['v', 'aeiou'],
  ['c', 'bcdfghjklmnpqrstvwxyz'],
  ['A', 'AEIOUBCDFGHJKLMNPQRSTVWXYZ'],
  ['a', LETTERS],
  ['n', '0123456789'],
  ['o', "@&%?,=[]_:-+*$#!'^~;()/."],
  ['x', `${LETTERS}0123456789!@#$%^&*()`],
]);

export interface PasswordRequest {
  readonly counter: number;
  readonly kind: string;
  readonly secret: string;
  readonly user: string;
  readonly site: string;
}

/** The password, or what the original returns in its place. */
export function derivePassword(request: PasswordRequest): string {
  const shapes = SHAPES.get(request.kind);
  if (!shapes) return `cannot find password template ${request.kind}`;
  const user = toBytes(request.user);
  const site = toBytes(request.site);
  const salt = concatBytes([toBytes(SCOPE), uint32(user.length), user]);
  const key = scryptSync(toBytes(request.secret), salt, 64, {
    N: 32_768,
    r: 8,
    p: 2,
    maxmem: 2 ** 27,
  });
  const message = [toBytes(SCOPE), uint32(site.length), site, uint32(request.counter)];
  const seed = createHmac('sha256', key).update(concatBytes(message)).digest();
  const shape = shapes[(seed[0] ?? 0) % shapes.length] ?? '';
  return Array.from(shape)
    .map((place, at) => {
      const characters = CLASSES.get(place) ?? '';
      return characters.charAt((seed[at + 1] ?? 0) % characters.length);
    })
    .join('');
}

function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}
