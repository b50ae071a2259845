// bcrypt, version 2a: Blowfish with an expensive key schedule. Its tables are the digits of pi, which
// are computed instead of listed.

const ALPHABET = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const ROUNDS = 16;
const BOXES = 4 * 256;
const MAGIC = 'OrpheanBeholderScryDoubt';

/** The fraction of pi as 32-bit words. */
function piWords(count: number): Uint32Array {
  const guard = 64n;
  const bits = BigInt(32 * count) + guard;
  // Machin: pi = 16 arctan(1/5) - 4 arctan(1/239)
  const pi = 16n * arctanInverse(5n, bits) - 4n * arctanInverse(239n, bits);
  const fraction = (pi & ((1n << bits) - 1n)) >> guard;
  const hex = fraction.toString(16).padStart(8 * count, '0');
  return Uint32Array.from({ length: count }, (_, at) =>
    Number.parseInt(hex.slice(8 * at, 8 * at + 8), 16),
  );
}

function arctanInverse(x: bigint, bits: bigint): bigint {
  let power = (1n << bits) / x;
  let sum = power;
  for (let divisor = 3n, sign = -1n; power > 0n; divisor += 2n, sign = -sign) {
    power /= x * x;
    sum += (sign * power) / divisor;
  }
  return sum;
}

class Blowfish {
  readonly #keys: Uint32Array;
  readonly #boxes: Uint32Array;
  left = 0;
  right = 0;

  constructor() {
    const words = piWords(ROUNDS + 2 + BOXES);
    this.#keys = words.slice(0, ROUNDS + 2);
    this.#boxes = words.slice(ROUNDS + 2);
  }

  encrypt(): void {
    const keys = this.#keys;
    const boxes = this.#boxes;
    let left = this.left;
    let right = this.right;
    for (let round = 0; round < ROUNDS; round++) {
      left = (left ^ (keys[round] as number)) >>> 0;
      const a = boxes[left >>> 24] as number;
      const b = boxes[256 + ((left >>> 16) & 0xff)] as number;
      const c = boxes[512 + ((left >>> 8) & 0xff)] as number;
      const d = boxes[768 + (left & 0xff)] as number;
      const mixed = ((((a + b) >>> 0) ^ c) + d) >>> 0;
      const swapped = (right ^ mixed) >>> 0;
      right = left;
      left = swapped;
    }
    this.left = (right ^ (keys[ROUNDS + 1] as number)) >>> 0;
    this.right = (left ^ (keys[ROUNDS] as number)) >>> 0;
  }

  /** Mixes a key in, and salt into every block on the way. */
  expand(key: Uint32Array, salt: Uint32Array): void {
    for (let at = 0; at < ROUNDS + 2; at++) {
      this.#keys[at] = (this.#keys[at] as number) ^ (key[at] as number);
    }
    this.left = 0;
    this.right = 0;
    let position = this.#fill(this.#keys, salt, 0);
    position = this.#fill(this.#boxes, salt, position);
  }

  #fill(target: Uint32Array, salt: Uint32Array, from: number): number {
    let position = from;
    for (let at = 0; at < target.length; at += 2) {
      this.left = (this.left ^ (salt[position % 4] as number)) >>> 0;
      this.right = (this.right ^ (salt[(position + 1) % 4] as number)) >>> 0;
      this.encrypt();
      target[at] = this.left;
      target[at + 1] = this.right;
      position += 2;
    }
    return position;
  }
}

/** Bytes repeated for ever, as the 18 words that the key schedule takes. */
function cycleWords(bytes: Uint8Array): Uint32Array {
  return Uint32Array.from({ length: ROUNDS + 2 }, (_, word) => {
    let value = 0;
    for (let at = 0; at < 4; at++) {
      value = (value << 8) | (bytes[(4 * word + at) % bytes.length] as number);
    }
    return value >>> 0;
  });
}

function encode(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const group = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    const digits = Math.min(4, bytes.length - at + 1);
    for (let digit = 0; digit < digits; digit++)
      text += ALPHABET.charAt((group >> (18 - 6 * digit)) & 63);
  }
  return text;
}

/**
 * @param password at most 72 bytes
 * @param salt 16 bytes
 * @param cost the number of rounds is 2^cost
 */
export function bcryptHash(password: Uint8Array, salt: Uint8Array, cost: number): string {
  const blowfish = new Blowfish();
  const key = cycleWords(Uint8Array.from([...password, 0]));
  const saltWords = cycleWords(salt);
  const none = new Uint32Array(4);
  blowfish.expand(key, saltWords.slice(0, 4));
  for (let round = 0; round < 2 ** cost; round++) {
    blowfish.expand(key, none);
    blowfish.expand(saltWords, none);
  }
  const hash = new Uint8Array(MAGIC.length);
  const view = new DataView(hash.buffer);
  hash.set(Uint8Array.from(MAGIC, (char) => char.charCodeAt(0)));
  for (let block = 0; block < MAGIC.length; block += 8) {
    blowfish.left = view.getUint32(block);
    blowfish.right = view.getUint32(block + 4);
    for (let round = 0; round < 64; round++) blowfish.encrypt();
    view.setUint32(block, blowfish.left);
    view.setUint32(block + 4, blowfish.right);
  }
  return `$2a$${String(cost).padStart(2, '0')}$${encode(salt)}${encode(hash.subarray(0, 23))}`;
}
