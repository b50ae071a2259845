// Contents that were loaded: the most recently used in memory, and all of them on disk where there is one.
import type { Files, KeptContents } from './kept-contents.ts';

export interface ContentCache {
  has(address: string): Promise<boolean>;
  get(address: string): Promise<Files | undefined>;
  put(address: string, files: Files): Promise<void>;
}

/** @param maxBytes in memory; the newest is kept whatever its size */
export function createContentCache(maxBytes: number, kept: KeptContents | undefined): ContentCache {
  const contents = new Map<string, { readonly files: Files; readonly bytes: number }>();
  /** Units that share a package read it from the disk once. */
  const reading = new Map<string, Promise<Files | undefined>>();
  let total = 0;
  const drop = (address: string): void => {
    total -= contents.get(address)?.bytes ?? 0;
    contents.delete(address);
  };
  const add = (address: string, files: Files): void => {
    drop(address);
    const bytes = [...files.values()].reduce((sum, content) => sum + content.length, 0);
    contents.set(address, { files, bytes });
    total += bytes;
    for (const oldest of contents.keys()) {
      if (total <= maxBytes || oldest === address) break;
      drop(oldest);
    }
  };
  const readKept = async (address: string): Promise<Files | undefined> => {
    try {
      const files = await kept?.read(address);
      if (files) add(address, files);
      return files;
    } finally {
      reading.delete(address);
    }
  };
  return {
    has: async (address) => contents.has(address) || (await kept?.has(address)) === true,
    get: async (address) => {
      const found = contents.get(address);
      if (found) {
        contents.delete(address);
        contents.set(address, found);
        return found.files;
      }
      if (!kept) return undefined;
      const running = reading.get(address) ?? readKept(address);
      reading.set(address, running);
      return running;
    },
    put: async (address, files) => {
      add(address, files);
      await kept?.write(address, files);
    },
  };
}
