// Reads the memory of every unit back from the status branch, so that a restart goes on where the last run stopped.
import type { DesiredObject, DesiredState } from '../model/desired.ts';
import { parseLocation } from '../model/diagnostic.ts';
import type { Location } from '../model/diagnostic.ts';
import { inventoryKey } from '../model/inventory.ts';
import { isObject, listAt, objectAt, stringAt } from '../model/json.ts';
import type { JsonObject } from '../model/json.ts';
import type { Manifest } from '../model/manifest.ts';
import { formatObjectKey, refOf } from '../model/object-key.ts';
import type { ObjectRef } from '../model/object-key.ts';
import { splitPlacedKey } from '../model/place.ts';
import type { Place } from '../model/place.ts';
import { holdsRedacted, isSecret } from '../model/secrecy.ts';
import { formatUnitId, parseUnitId } from '../model/unit-id.ts';
import type { UnitMemory, RevisionRecord } from '../model/unit-memory.ts';
import { parseUnitDirectory, unitDirectory, unitDirectoryOf } from '../status/paths.ts';
import type { StatusStore } from '../status/store.ts';
import {
  readConditions,
  readDependsOn,
  readInventory,
  readPhaseObjects,
  readRevision,
  readStatusFile,
  readUnpackedHash,
} from '../status/unit-reader.ts';
import { contentHash } from './unit-publish.ts';

export interface RestoredUnit {
  readonly memory: UnitMemory;
  /** Hash of each of its files, as `UnitState.written` holds them. */
  readonly written: ReadonlyMap<string, string>;
  /** What another unit asks for, where the unit is one that no file defines. */
  readonly object: JsonObject | undefined;
  /** Files that could not be understood. */
  readonly damaged: readonly string[];
}

/** All units that the branch knows. Phase files are left alone: they are large and rarely needed. */
export async function restoreUnits(
  store: Pick<StatusStore, 'list' | 'read'>,
): Promise<readonly RestoredUnit[]> {
  const entries = await store.list('units/');
  const byUnit = new Map<string, string[]>();
  for (const { path } of entries) {
    const directory = unitDirectoryOf(path);
    if (directory === undefined) continue;
    const paths = byUnit.get(directory);
    if (paths) paths.push(path);
    else byUnit.set(directory, [path]);
  }
  const wanted = entries.map(({ path }) => path).filter((path) => !path.includes('/phases/'));
  const contents = await store.read(wanted);
  const units: RestoredUnit[] = [];
  for (const [directory, paths] of byUnit) {
    const unit = restoreUnit(directory, paths, contents);
    if (unit) units.push(unit);
  }
  return units;
}

function restoreUnit(
  directory: string,
  paths: readonly string[],
  contents: ReadonlyMap<string, string>,
): RestoredUnit | undefined {
  const written = new Map<string, string>();
  const damaged: string[] = [];
  const parsed = new Map<string, ReturnType<typeof readStatusFile>>();
  for (const path of paths) {
    const text = contents.get(path);
    // A phase file is known to be there; its content is compared by writing it again.
    written.set(path, text === undefined ? '' : contentHash(text));
    if (text === undefined) continue;
    const value = readStatusFile(text, path);
    if (value) parsed.set(path, value);
    else damaged.push(path);
  }
  const unitFile = parsed.get(`${directory}/unit.yaml`);
  const inventory = parsed.get(`${directory}/inventory.yaml`);
  // A long name is cut in the path, but the inventory says it in full.
  const id = inventory && stringAt(inventory, 'unit');
  const name =
    (id === undefined ? undefined : parseUnitId(id, '')) ?? parseUnitDirectory(directory);
  if (!name) return undefined;
  const revisions = paths
    .filter((path) => path.endsWith('/revision.yaml'))
    .flatMap((path) => {
      const file = parsed.get(path);
      const record = file && readRevision(file);
      if (!record) damaged.push(path);
      return record ? [record] : [];
    })
    .toSorted((a, b) => a.number - b.number);
  return {
    written,
    damaged,
    object: parsed.get(`${directory}/object.yaml`),
    memory: {
      id: formatUnitId(name),
      name,
      inventory: inventory ? readInventory(inventory).entries : new Map(),
      revisions,
      conditions: unitFile ? readConditions(unitFile) : [],
      unpackedHash: unitFile && readUnpackedHash(unitFile),
      dependsOn: unitFile ? readDependsOn(unitFile) : [],
    },
  };
}

/** Where the objects of a revision live, by their keys without the place. */
export function placesOf(record: RevisionRecord): ReadonlyMap<string, Place> {
  return new Map(
    record.phases.flatMap((phase) =>
      phase.objects.map((text) => {
        const { place, key } = splitPlacedKey(text);
        return [key, place] as const;
      }),
    ),
  );
}

/** The reference of a recorded object. */
export function placedRef(manifest: Manifest, places: ReadonlyMap<string, Place>): ObjectRef {
  const ref = refOf(manifest);
  const place = places.get(formatObjectKey(ref));
  return place === undefined ? ref : { ...ref, place };
}

/**
 * What a recorded revision wanted, as far as the branch tells: objects with secret leaves are only watched,
 * because their values never reach it.
 */
export async function restoreDesired(
  store: StatusStore,
  memory: UnitMemory,
  record: RevisionRecord,
): Promise<DesiredState> {
  const base = `${unitDirectory(memory.name)}/revisions/${record.number}/phases/`;
  const paths = (await store.list(base)).map(({ path }) => path).toSorted();
  const contents = await store.read(paths);
  const objects = new Map<string, DesiredObject>();
  const placeOf = placesOf(record);
  const sources = await recordedSources(store, memory);
  for (const [path, text] of contents) {
    for (const manifest of readPhaseObjects(text, path)) {
      const ref = placedRef(manifest, placeOf);
      objects.set(inventoryKey(ref), {
        ref,
        manifest,
        collisionProtection: 'Prevent',
        conditionMappings: [],
        // Without its secret leaves it must not be written, but it can be watched and probed.
        ...(isSecret(manifest) || holdsRedacted(manifest) ? { external: true } : {}),
        // What probes and conditions say of the live one would quote what is hidden here.
        ...(holdsRedacted(manifest) ? { secrecy: { shown: manifest, values: [] } } : {}),
        // What the status last said of it; where it said nothing, the record is all there is.
        source: sources.get(inventoryKey(ref)) ?? { file: path },
      });
    }
  }
  return {
    phases: record.phases.map((phase) => ({
      name: phase.name,
      class: undefined,
      ...(phase.remote === true ? { remote: true as const } : {}),
      objects: phase.objects.flatMap((key) => objects.get(key) ?? []),
    })),
    availabilityProbes: record.availabilityProbes,
    builtinProbes: record.builtinProbes,
    successDelaySeconds: 0,
    revisionHistoryLimit: 10,
    timeoutMs: undefined,
    annotations: {},
    templateHash: record.hash,
  };
}

/** Where the objects of a unit come from, as its `unit.yaml` says. */
async function recordedSources(
  store: StatusStore,
  memory: UnitMemory,
): Promise<ReadonlyMap<string, Location>> {
  const path = `${unitDirectory(memory.name)}/unit.yaml`;
  const text = (await store.read([path])).get(path);
  const file = text === undefined ? undefined : readStatusFile(text, path);
  const phases = listAt(objectAt(file, 'sluice'), 'phases').filter(isObject);
  const objects = phases.flatMap((phase) => listAt(phase, 'objects').filter(isObject));
  return new Map(
    objects.flatMap((item) => {
      const key = stringAt(item, 'object');
      const source = stringAt(item, 'source');
      return key === undefined || !source ? [] : [[key, parseLocation(source)] as const];
    }),
  );
}
