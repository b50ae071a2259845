// The objects that the status branch records for a unit's newest revision, secret leaves missing.
import { inventoryKey } from '../model/inventory.ts';
import type { Manifest } from '../model/manifest.ts';
import type { Place } from '../model/place.ts';
import { latestRevision } from '../model/unit-memory.ts';
import type { UnitMemory } from '../model/unit-memory.ts';
import { placedRef, placesOf } from '../reconcile/restore.ts';
import { unitDirectory } from '../status/paths.ts';
import { readPhaseObjects } from '../status/unit-reader.ts';
import type { StatusReader } from './status-branch.ts';

/** By `inventoryKey`. @param number revision; the newest unless given */
export async function readManifestsOf(
  reader: StatusReader,
  memory: UnitMemory,
  number = latestRevision(memory)?.number,
): Promise<ReadonlyMap<string, Manifest>> {
  if (number === undefined) return new Map();
  const prefix = `${unitDirectory(memory.name)}/revisions/${number}/phases/`;
  const paths = (await reader.list(prefix)).map(({ path }) => path);
  const record = memory.revisions.find((candidate) => candidate.number === number);
  const places = record ? placesOf(record) : new Map<string, Place>();
  const found = new Map<string, Manifest>();
  for (const [path, text] of await reader.read(paths)) {
    for (const manifest of readPhaseObjects(text, path))
      found.set(inventoryKey(placedRef(manifest, places)), manifest);
  }
  return found;
}
