// Parsed files, kept by path and blob id: a commit that changes three files parses three files.
import type { Snapshot, SnapshotFile } from '../model/snapshot.ts';
import { parseSource } from '../render/load.ts';
import type { ParsedFile } from '../render/load.ts';

export interface DocumentCache {
  /** The files parsed, in the given order; files that are not asked for any more are forgotten. */
  load(
    snapshot: Snapshot,
    files: readonly SnapshotFile[],
    signal?: AbortSignal,
  ): Promise<readonly ParsedFile[]>;
}

/** Files read from the object database at a time, so that contents of a large repository are not all held at once. */
const BATCH = 2_000;

/** Builds an empty cache. */
export function createDocumentCache(): DocumentCache {
  let known = new Map<string, ParsedFile>();
  return {
    async load(snapshot, files, signal) {
      const next = new Map<string, ParsedFile>();
      const missing: SnapshotFile[] = [];
      for (const file of files) {
        const parsed = known.get(cacheKey(file));
        if (parsed) next.set(cacheKey(file), parsed);
        else missing.push(file);
      }
      for (let start = 0; start < missing.length; start += BATCH) {
        const batch = missing.slice(start, start + BATCH);
        const contents = await snapshot.read([...new Set(batch.map((file) => file.oid))], signal);
        for (const file of batch) {
          const bytes = contents.get(file.oid);
          if (bytes) next.set(cacheKey(file), parseSource(file.path, bytes));
        }
      }
      known = next;
      return files.flatMap((file) => next.get(cacheKey(file)) ?? []);
    },
  };
}

function cacheKey(file: SnapshotFile): string {
  return `${file.oid} ${file.path}`;
}
