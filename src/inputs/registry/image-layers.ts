// From the layers of an image to the files of the package in it (package-operator §1.1).
import { once } from 'node:events';
import { createGunzip } from 'node:zlib';
import { readTar, TarError } from '../../lib/tar.ts';
import type { TarEntry } from '../../lib/tar.ts';
import { SluiceError } from '../../model/sluice-error.ts';

const FOLDER = 'package/';
const WHITEOUT = '.wh.';
const OPAQUE = '.wh..wh..opq';

export interface LayerSource {
  readonly mediaType: string;
  /** Content as it arrives, to be read once; throws at its end when it is not what it should be. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** Bytes of all files of a package. */
const MAX_PACKAGE_BYTES = 64 * 1024 * 1024;
/** Bytes of one unpacked layer: images of operators may carry more than the package. */
const MAX_LAYER_BYTES = 2 * 1024 ** 3;

/**
 * The files below `package/`, without the prefix, sorted by path. Later layers override earlier ones and may
 * remove what those brought (whiteouts). Paths with a part that starts with a dot are left out.
 * @throws SluiceError PackageNotFound for layers that arrived as they were made and cannot be read; whatever
 * `chunks` throws
 */
export async function readPackageLayers(
  layers: Iterable<LayerSource>,
): Promise<ReadonlyMap<string, Uint8Array>> {
  let files = new Map<string, Uint8Array>();
  for (const layer of layers) {
    const { added, removed } = await readLayer(layer);
    for (const path of files.keys()) if (isRemoved(path, removed)) files.delete(path);
    files = new Map([...files, ...added]);
    const bytes = [...files.values()].reduce((sum, content) => sum + content.length, 0);
    if (bytes > MAX_PACKAGE_BYTES)
      throw unreadable(`the package has more than ${MAX_PACKAGE_BYTES} bytes`);
  }
  const below = [...files].filter(([path]) => path.startsWith(FOLDER));
  return new Map(
    below
      .map(([path, content]) => [path.slice(FOLDER.length), content] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

interface LayerContent {
  readonly added: ReadonlyMap<string, Uint8Array>;
  /** Paths that are gone, and folders (with a trailing `/`) whose earlier content is. */
  readonly removed: readonly string[];
}

async function readLayer(layer: LayerSource): Promise<LayerContent> {
  const added = new Map<string, Uint8Array>();
  const removed: string[] = [];
  const arriving = holdOpen(layer.chunks);
  const plain = unpacked(arriving.chunks);
  const limits = { maxBytes: MAX_LAYER_BYTES, maxKeptBytes: MAX_PACKAGE_BYTES };
  try {
    for await (const entry of readTar(plain, { limits, wanted: isPackageFile })) {
      const gone = whiteout(entry.path);
      if (gone !== undefined) removed.push(gone);
      else if (isPackageFile(entry.path)) take(entry, added);
    }
    // The digest is known to be right only when the last byte has been seen.
    for await (const _rest of plain) continue;
  } catch (error) {
    // Whether it was made so or was damaged on the way shows at its end, where its digest is checked.
    const fault = await arriving.end();
    if (fault !== undefined) throw fault;
    if (error instanceof SluiceError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    const what = error instanceof TarError ? why : `it cannot be unpacked: ${why}`;
    throw unreadable(`a layer is damaged: ${what}`);
  }
  return { added, removed };
}

function take(entry: TarEntry, added: Map<string, Uint8Array>): void {
  // A later entry of the same layer wins, whatever it is; symlinks are never followed.
  added.delete(entry.path);
  if (entry.type === 'file' && entry.content) added.set(entry.path, entry.content);
  if (entry.type !== 'hardlink') return;
  const target = added.get(entry.linkPath.replace(/^(?:\.?\/)+/u, ''));
  if (target) added.set(entry.path, target);
}

function isPackageFile(path: string): boolean {
  return path.startsWith(FOLDER) && !path.split('/').some((part) => part.startsWith('.'));
}

/** What a whiteout entry removes: a path, or with a trailing `/` all that a folder held. */
function whiteout(path: string): string | undefined {
  const slash = path.lastIndexOf('/');
  const folder = path.slice(0, slash + 1);
  const name = path.slice(slash + 1);
  if (name === OPAQUE) return folder;
  return name.startsWith(WHITEOUT) ? `${folder}${name.slice(WHITEOUT.length)}` : undefined;
}

function isRemoved(path: string, removed: readonly string[]): boolean {
  return removed.some((gone) => {
    if (gone === '' || path === gone) return true;
    return path.startsWith(gone.endsWith('/') ? gone : `${gone}/`);
  });
}

interface Arriving {
  /** A reader that stops early does not end them. */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Lets the rest pass by. @returns what the source threw, now or before; undefined where all is as it should be */
  end(): Promise<Error | undefined>;
}

function holdOpen(source: AsyncIterable<Uint8Array>): Arriving {
  const iterator = source[Symbol.asyncIterator]();
  let fault: Error | undefined;
  const next = async (): Promise<IteratorResult<Uint8Array>> => {
    try {
      return await iterator.next();
    } catch (error) {
      fault ??= error instanceof Error ? error : new Error(String(error));
      throw error;
    }
  };
  const chunks = { [Symbol.asyncIterator]: () => ({ next }) };
  return {
    chunks,
    end: async () => {
      try {
        for await (const _rest of chunks) continue;
        return fault;
      } catch {
        return fault;
      }
    },
  };
}

/** The layer's archive; by its first bytes, because media types are often wrong about compression. */
async function* unpacked(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, void> {
  const arriving = chunks[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  let ended = false;
  while (!ended && first.reduce((sum, chunk) => sum + chunk.length, 0) < 4) {
    const next = await arriving.next();
    if (next.done === true) ended = true;
    else first.push(next.value);
  }
  const magic = Buffer.concat(first).subarray(0, 4);
  if (magic.equals(Buffer.from([0x28, 0xb5, 0x2f, 0xfd]))) {
    throw unreadable('a layer is compressed with zstd, which is not supported; use gzip');
  }
  async function* all(): AsyncGenerator<Uint8Array, void, void> {
    yield* first;
    if (!ended) yield* { [Symbol.asyncIterator]: () => arriving };
  }
  if (magic[0] !== 0x1f || magic[1] !== 0x8b) {
    yield* all();
    return;
  }
  yield* gunzipped(all());
}

/** Unpacks and reads the source to its very end: what is behind the compressed stream counts for the digest. */
async function* gunzipped(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const gunzip = createGunzip();
  // The reader below sees the error; one that comes after the end has nobody else.
  gunzip.on('error', () => undefined);
  const stop = new AbortController();
  const feed = async (): Promise<void> => {
    for await (const chunk of chunks) {
      if (!gunzip.write(chunk)) await once(gunzip, 'drain', { signal: stop.signal });
    }
    gunzip.end();
  };
  const feeding = feed();
  feeding.catch((error: unknown) => {
    gunzip.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  try {
    yield* gunzip as AsyncIterable<Uint8Array>;
    await feeding;
  } finally {
    stop.abort();
    gunzip.destroy();
  }
}

function unreadable(message: string): SluiceError {
  return new SluiceError('PackageNotFound', message);
}
