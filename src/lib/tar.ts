// Reads tar archives as they stream by: ustar, pax and GNU long names, with limits on everything.

export type TarEntryType = 'file' | 'directory' | 'symlink' | 'hardlink' | 'other';

export interface TarEntry {
  /** As the archive has it, without leading `./` and trailing `/`; never with `..` or a leading `/`. */
  readonly path: string;
  readonly type: TarEntryType;
  readonly mode: number;
  /** Bytes of content. */
  readonly size: number;
  /** Where a symlink or hard link points, as the archive has it. */
  readonly linkPath: string;
  /** Content of a file that `wanted` asked for; undefined for everything else. */
  readonly content: Uint8Array | undefined;
}

export interface TarLimits {
  /** Bytes of the whole archive, unpacked. Default 1 GiB. */
  readonly maxBytes?: number;
  /** Entries, links and folders included. Default 100,000. */
  readonly maxEntries?: number;
  /** Bytes of content that are kept. Default 64 MiB. */
  readonly maxKeptBytes?: number;
}

export interface TarReadOptions {
  readonly limits?: TarLimits;
  /** Whether the content of this file is kept; everything unless given. */
  readonly wanted?: (path: string) => boolean;
}

/** An archive that is damaged, hostile or too large; the message says where. */
export class TarError extends Error {
  override readonly name = 'TarError';
}

const BLOCK = 512;
/** Bytes of one extended header or long name: far more than any path has. */
const MAX_HEADER_BYTES = 1024 * 1024;

/**
 * The entries of an archive in order. Reading ends at two empty blocks or at the end of the stream.
 * @param chunks the archive, cut anywhere, not compressed
 * @throws TarError for a wrong checksum, a cut archive, a path with `..`, or a limit
 */
export async function* readTar(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: TarReadOptions = {},
): AsyncGenerator<TarEntry, void, void> {
  const {
    maxBytes = 1024 ** 3,
    maxEntries = 100_000,
    maxKeptBytes = 64 * 1024 ** 2,
  } = options.limits ?? {};
  const wanted = options.wanted ?? ((): boolean => true);
  const source = createByteSource(chunks, maxBytes);
  let pending: Overrides = {};
  let global: Overrides = {};
  let kept = 0;
  for (let entries = 0; ;) {
    const block = await source.take(BLOCK);
    if (block === undefined || block.every((byte) => byte === 0)) return;
    const header = readHeader(block);
    if (isMeta(header.flag)) {
      if (header.size > MAX_HEADER_BYTES) throw new TarError('an extended header is too large');
      const data = await source.need(header.size, 'an extended header');
      await source.skip(padding(header.size));
      if (header.flag === 'g') global = { ...global, ...readPax(data) };
      else if (header.flag === 'x') pending = { ...pending, ...readPax(data) };
      else if (header.flag === 'L') pending = { ...pending, path: cString(data) };
      else if (header.flag === 'K') pending = { ...pending, linkPath: cString(data) };
      continue;
    }
    entries += 1;
    if (entries > maxEntries) throw new TarError(`more than ${maxEntries} entries`);
    const merged = { ...header, ...global, ...pending };
    pending = {};
    const type = entryType(header.flag, merged.path);
    // Links carry a size in some archives and never content.
    const size = type === 'file' || type === 'other' ? merged.size : 0;
    const path = safePath(merged.path);
    const keep = type === 'file' && path !== '' && wanted(path);
    if (keep) kept += size;
    if (kept > maxKeptBytes) throw new TarError(`more than ${maxKeptBytes} bytes of content`);
    const content = keep ? await source.need(size, path) : undefined;
    if (content === undefined) await source.skip(size);
    await source.skip(padding(size));
    if (path === '') continue;
    yield { path, type, mode: header.mode, size, linkPath: merged.linkPath, content };
  }
}

interface Overrides {
  readonly path?: string;
  readonly linkPath?: string;
  readonly size?: number;
}

interface Header {
  readonly path: string;
  readonly linkPath: string;
  readonly mode: number;
  readonly size: number;
  readonly flag: string;
}

function readHeader(block: Uint8Array): Header {
  const sum = block.reduce((total, byte, index) => total + (isChecksum(index) ? 32 : byte), 0);
  if (sum !== readNumber(block, 148, 8)) throw new TarError('a header has a wrong checksum');
  const name = text(block, 0, 100);
  const isUstar = text(block, 257, 5) === 'ustar';
  // GNU archives use the prefix for times; only `ustar` followed by NUL has a path there.
  const prefix = isUstar && block[262] === 0 ? text(block, 345, 155) : '';
  return {
    path: prefix === '' ? name : `${prefix}/${name}`,
    linkPath: text(block, 157, 100),
    mode: readNumber(block, 100, 8),
    size: readNumber(block, 124, 12),
    flag: String.fromCharCode(block[156] ?? 0),
  };
}

function isChecksum(index: number): boolean {
  return index >= 148 && index < 156;
}

function isMeta(flag: string): boolean {
  return flag === 'x' || flag === 'g' || flag === 'L' || flag === 'K';
}

function entryType(flag: string, path: string): TarEntryType {
  switch (flag) {
    case '0':
    case '\0':
    case '7':
      return path.endsWith('/') ? 'directory' : 'file';
    case '1':
      return 'hardlink';
    case '2':
      return 'symlink';
    case '5':
      return 'directory';
    default:
      return 'other';
  }
}

/** Octal, or base 256 where the first bit is set (GNU, for sizes of 8 GiB and more). */
function readNumber(block: Uint8Array, start: number, length: number): number {
  const first = block[start] ?? 0;
  if ((first & 0x80) !== 0) {
    let value = first & 0x7f;
    for (let index = start + 1; index < start + length; index++) {
      value = value * 256 + (block[index] ?? 0);
    }
    if (!Number.isSafeInteger(value)) throw new TarError('a number in a header is too large');
    return value;
  }
  const digits = text(block, start, length).trim();
  if (digits === '') return 0;
  if (!/^[0-7]+$/u.test(digits)) throw new TarError('a header holds a wrong number');
  return Number.parseInt(digits, 8);
}

/** `<length> <key>=<value>\n` records; the length counts the whole record in bytes. */
function readPax(data: Uint8Array): Overrides {
  let overrides: Overrides = {};
  for (let at = 0; at < data.length;) {
    const space = data.indexOf(32, at);
    const length = space < 0 ? NaN : Number(decode(data.subarray(at, space)));
    const end = at + length;
    if (!Number.isSafeInteger(length) || length <= space - at + 1 || end > data.length) {
      throw new TarError('an extended header is damaged');
    }
    const record = decode(data.subarray(space + 1, end - 1));
    const equals = record.indexOf('=');
    const key = record.slice(0, Math.max(equals, 0));
    const value = record.slice(equals + 1);
    if (key === 'path') overrides = { ...overrides, path: value };
    else if (key === 'linkpath') overrides = { ...overrides, linkPath: value };
    else if (key === 'size') overrides = { ...overrides, size: paxSize(value) };
    at = end;
  }
  return overrides;
}

function paxSize(value: string): number {
  const size = /^[0-9]+$/u.test(value) ? Number(value) : NaN;
  if (!Number.isSafeInteger(size)) throw new TarError('an extended header holds a wrong size');
  return size;
}

/** The path without `.` segments and slashes at its ends; empty for the root itself. */
function safePath(path: string): string {
  if (path.includes('\0')) throw new TarError('a path holds a NUL');
  const segments = path.split('/').filter((segment) => segment !== '' && segment !== '.');
  if (segments.includes('..')) throw new TarError(`the path "${path}" leaves the archive`);
  return segments.join('/');
}

function padding(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

function text(block: Uint8Array, start: number, length: number): string {
  return cString(block.subarray(start, start + length));
}

function cString(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return decode(end < 0 ? bytes : bytes.subarray(0, end));
}

function decode(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

interface ByteSource {
  /** Exactly so many bytes, or undefined at the end of the stream. */
  take(count: number): Promise<Uint8Array | undefined>;
  need(count: number, what: string): Promise<Uint8Array>;
  skip(count: number): Promise<void>;
}

function createByteSource(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  maxBytes: number,
): ByteSource {
  const iterator =
    Symbol.asyncIterator in chunks ? chunks[Symbol.asyncIterator]() : chunks[Symbol.iterator]();
  let current: Uint8Array = new Uint8Array();
  let seen = 0;

  const more = async (): Promise<boolean> => {
    const next = await iterator.next();
    if (next.done === true) return false;
    seen += next.value.length;
    if (seen > maxBytes) throw new TarError(`more than ${maxBytes} bytes`);
    current = next.value;
    return true;
  };
  const read = async (count: number, into: Uint8Array | undefined): Promise<number> => {
    let done = 0;
    while (done < count) {
      if (current.length === 0 && !(await more())) break;
      const part = current.subarray(0, count - done);
      into?.set(part, done);
      done += part.length;
      current = current.subarray(part.length);
    }
    return done;
  };
  const take = async (count: number): Promise<Uint8Array | undefined> => {
    const bytes = new Uint8Array(count);
    const got = await read(count, bytes);
    if (got === 0 && count > 0) return undefined;
    if (got < count) throw new TarError('the archive ends in the middle of an entry');
    return bytes;
  };

  return {
    take,
    need: async (count, what) => {
      const bytes = await take(count);
      if (bytes === undefined) throw new TarError(`the archive ends before ${what}`);
      return bytes;
    },
    skip: async (count) => {
      if ((await read(count, undefined)) < count) {
        throw new TarError('the archive ends in the middle of an entry');
      }
    },
  };
}
