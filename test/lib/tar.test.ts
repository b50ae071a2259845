// Tar archives: ours read back, those of the real tar program read, and hostile ones refused.
import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { readTar } from '../../src/lib/tar.ts';
import type { TarEntry, TarReadOptions } from '../../src/lib/tar.ts';
import { writeTar } from '../../src/lib/tar-writer.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'sluice-tar-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function entries(
  archive: Uint8Array | Iterable<Uint8Array>,
  options?: TarReadOptions,
): Promise<TarEntry[]> {
  const found: TarEntry[] = [];
  const chunks = archive instanceof Uint8Array ? [archive] : archive;
  for await (const entry of readTar(chunks, options)) found.push(entry);
  return found;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const short = { path: 'a/b.txt', content: bytes('hello') };

/** Archives from the machine's tar, which is GNU's here. */
function systemTar(format: string, files: Readonly<Record<string, string>>): Buffer {
  const root = mkdtempSync(path.join(folder, 'in-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  }
  return execFileSync('tar', ['-C', root, `--format=${format}`, '-cf', '-', '.'], {
    maxBuffer: 64 * 1024 * 1024,
  });
}

describe('archives of the tar program', () => {
  const long = `${'deep/'.repeat(50)}file.yaml`;
  test.each(['ustar', 'gnu', 'pax'])('%s format, cut at every possible place', async (format) => {
    const files: Record<string, string> = { 'a/b.txt': 'one', 'c d.txt': '', 'ünï.txt': 'two' };
    if (format !== 'ustar') files[long] = 'long';
    const archive = systemTar(format, files);
    for (const size of [1, 7, 512, 100_000]) {
      const chunks: Uint8Array[] = [];
      for (let at = 0; at < archive.length; at += size)
        chunks.push(archive.subarray(at, at + size));
      const found = (await entries(chunks)).filter((entry) => entry.type === 'file');
      const texts = found.map(({ path: name, content }) => [
        name,
        Buffer.from(content ?? []).toString(),
      ]);
      expect(Object.fromEntries(texts)).toEqual(files);
    }
  });

  test('links are told apart and carry no content', async () => {
    const root = mkdtempSync(path.join(folder, 'links-'));
    writeFileSync(path.join(root, 'real'), 'x');
    symlinkSync('real', path.join(root, 'soft'));
    linkSync(path.join(root, 'real'), path.join(root, 'hard'));
    const args = ['-C', root, '-cf', '-', 'real', 'soft', 'hard'];
    const found = await entries(execFileSync('tar', args));
    expect(found.map(({ path: name, type, linkPath }) => [name, type, linkPath])).toEqual([
      ['real', 'file', ''],
      ['soft', 'symlink', 'real'],
      ['hard', 'hardlink', 'real'],
    ]);
  });
});

describe('our own archives', () => {
  test('the tar program reads them', () => {
    const long = `${'x'.repeat(120)}/${'y'.repeat(180)}`;
    const archive = writeTar([short, { path: long, content: bytes('z') }]);
    const listed = execFileSync('tar', ['-tvf', '-'], { input: archive, encoding: 'utf8' });
    expect(listed.trim().split('\n')).toEqual([
      expect.stringMatching(/^-rw-r--r-- 0\/0 +5 1970-01-01 00:00 a\/b\.txt$/u),
      expect.stringMatching(new RegExp(`^-rw-r--r-- 0/0 +1 1970-01-01 00:00 ${long}$`, 'u')),
    ]);
  });

  test('whatever is written is read back', async () => {
    const name = fc
      .array(fc.stringMatching(/^[^/\0]{1,90}$/u), { minLength: 1, maxLength: 5 })
      .map((parts) => parts.join('/'))
      .filter((text) => !text.split('/').some((part) => part === '.' || part === '..'))
      .filter((text) => Buffer.from(text).toString() === text);
    const file = fc.record({ path: name, content: fc.uint8Array({ maxLength: 1500 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(file, { maxLength: 6 }), async (files) => {
        const found = await entries(writeTar(files));
        expect(found.map(({ path: at, content }) => ({ path: at, content }))).toEqual(files);
      }),
    );
  });
});

describe('refused', () => {
  const large = { path: 'big', content: new Uint8Array(5_000) };
  test.each<[string, Uint8Array, TarReadOptions, RegExp]>([
    ['a path that leaves the archive', writeTar([{ ...short, path: 'a/../../b' }]), {}, /leaves/u],
    ['an archive that is cut inside a file', writeTar([large]).subarray(0, 2_000), {}, /ends/u],
    ['a header with a wrong checksum', flip(writeTar([short]), 3), {}, /checksum/u],
    ['something that is no archive', bytes('x'.repeat(600)), {}, /wrong number|checksum/u],
    ['more bytes than allowed', writeTar([large]), { limits: { maxBytes: 1_000 } }, /1000 bytes/u],
    ['too much content', writeTar([large, large]), { limits: { maxKeptBytes: 9_999 } }, /9999/u],
    ['too many entries', writeTar([short, short]), { limits: { maxEntries: 1 } }, /1 entries/u],
  ])('%s', async (_what, archive, options, message) => {
    await expect(entries(archive, options)).rejects.toThrow(message);
  });

  test('content that nobody wants does not count', async () => {
    const options = { wanted: () => false, limits: { maxKeptBytes: 10 } };
    const [entry] = await entries(writeTar([large]), options);
    expect(entry).toMatchObject({ path: 'big', size: 5_000, content: undefined });
  });
});

function flip(archive: Uint8Array, at: number): Uint8Array {
  const copy = Uint8Array.from(archive);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}
