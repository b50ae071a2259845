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

interface Parsed {
  readonly oid: string;
  readonly file: ParsedFile;
}

/** Files read from the object database at a time, so that contents of a large repository are not all held at once. */
const BATCH = 2_000;

/** Builds an empty cache. */
export function createDocumentCache(): DocumentCache {
  let known: ReadonlyMap<string, Parsed> = new Map();
  return {
    async load(snapshot, files, signal) {
      const missing = files.filter(({ path, oid }) => known.get(path)?.oid !== oid);
      const fresh = new Map<string, Parsed>();
      for (let start = 0; start < missing.length; start += BATCH) {
        const batch = missing.slice(start, start + BATCH);
        const contents = await snapshot.read([...new Set(batch.map((file) => file.oid))], signal);
        for (const { path, oid } of batch) {
          const bytes = contents.get(oid);
          if (bytes) fresh.set(path, { oid, file: parseSource(path, bytes) });
        }
      }
      const next = new Map<string, Parsed>();
      for (const { path, oid } of files) {
        const before = known.get(path);
        const parsed = before?.oid === oid ? before : fresh.get(path);
        if (parsed) next.set(path, parsed);
      }
      known = next;
      return [...next.values()].map(({ file }) => file);
    },
  };
}
