// Writes tar archives that depend on names and contents alone: no times, no owners, no machine.

export interface TarFile {
  /** Relative, with `/`. */
  readonly path: string;
  readonly content: Uint8Array;
}

const BLOCK = 512;
const FILE_MODE = 0o644;

/** An archive of these files in the given order, readable by everybody, dated 1970. */
export function writeTar(files: Iterable<TarFile>): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const { path, content } of files) {
    const place = splitPath(path);
    if (place === undefined) {
      // Names that ustar cannot hold get a pax header before them; the short name is for old readers only.
      const record = Buffer.from(paxRecord('path', path));
      parts.push(header({ name: 'pax', prefix: '', size: record.length, flag: 'x' }));
      parts.push(record, fill(record.length));
    }
    const { name, prefix } = place ?? { name: shortName(path), prefix: '' };
    parts.push(header({ name, prefix, size: content.length, flag: '0' }), content);
    parts.push(fill(content.length));
  }
  parts.push(new Uint8Array(2 * BLOCK));
  return Buffer.concat(parts);
}

interface Place {
  readonly name: string;
  readonly prefix: string;
}

/** Name and prefix as ustar has them, or undefined where the path does not fit. */
function splitPath(path: string): Place | undefined {
  if (!/^[\x20-\x7e]+$/u.test(path)) return undefined;
  if (path.length <= 100) return { name: path, prefix: '' };
  const slash = path.indexOf('/', path.length - 101);
  if (slash <= 0 || slash > 155 || slash === path.length - 1) return undefined;
  return { name: path.slice(slash + 1), prefix: path.slice(0, slash) };
}

function shortName(path: string): string {
  return path.replace(/[^\x20-\x7e]/gu, '_').slice(-100);
}

/** The length at the start counts its own digits too. */
function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const bytes = Buffer.byteLength(rest);
  let length = bytes + String(bytes).length;
  if (String(length).length > String(bytes).length) length += 1;
  return `${length}${rest}`;
}

function header(entry: Place & { readonly size: number; readonly flag: string }): Uint8Array {
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, start: number, length: number): void => {
    block.write(`${value.toString(8).padStart(length - 1, '0')}\0`, start, 'latin1');
  };
  block.write(entry.name, 0, 100, 'latin1');
  octal(FILE_MODE, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(entry.size, 124, 12);
  octal(0, 136, 12);
  block.fill(' ', 148, 156);
  block.write(entry.flag, 156, 'latin1');
  block.write('ustar\0' + '00', 257, 'latin1');
  block.write(entry.prefix, 345, 155, 'latin1');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

function fill(size: number): Uint8Array {
  return new Uint8Array((BLOCK - (size % BLOCK)) % BLOCK);
}
