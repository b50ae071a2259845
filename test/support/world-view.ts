// What a test compares of target and status branch: everything but times, ids and counters that a restart moves.
import { readManifests } from '../../src/lang/yaml/index.ts';
import { MARKER } from '../../src/model/annotations.ts';
import { inventoryKey } from '../../src/model/inventory.ts';
import { isObject } from '../../src/model/json.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';
import { annotationOf, labelsOf } from '../../src/model/manifest.ts';
import { refOf } from '../../src/model/object-key.ts';
import { readInventory } from '../../src/status/unit-reader.ts';
import type { LiveObject } from '../../src/targets/target.ts';
import { INSTANCE, nameOf } from './simulation.ts';

const MOVING = new Set([
  'uid',
  'resourceVersion',
  'creationTimestamp',
  'deletionTimestamp',
  'time',
  'lastTransitionTime',
  'lastUpdateTime',
  'lastProbeTime',
  'startTime',
  'completionTime',
  'startedAt',
  'clusterIP',
  'clusterIPs',
  'volumeName',
  'controller-uid',
  'batch.kubernetes.io/controller-uid',
]);

/** Objects by name: spec, markers and field ownership, without what differs from run to run. */
export function objectsView(objects: readonly LiveObject[]): Readonly<Record<string, Json>> {
  return Object.fromEntries(
    objects.map((object) => {
      const { status: _status, ...rest } = object;
      return [nameOf(object), steady(rest)];
    }),
  );
}

/** Status files by path, parsed where they are YAML. */
export function statusView(files: ReadonlyMap<string, string>): Readonly<Record<string, Json>> {
  const view: Record<string, Json> = {};
  for (const [path, text] of [...files].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (path === 'instance.json') continue;
    view[path] = path.endsWith('.yaml')
      ? readManifests(text, { file: path }).documents.map(({ value }) => steady(value ?? null))
      : text;
  }
  return view;
}

/** Keys of objects that carry our label and that no inventory of the branch names. */
export function orphans(
  objects: readonly LiveObject[],
  files: ReadonlyMap<string, string>,
): readonly string[] {
  const known = new Set<string>();
  for (const [path, text] of files) {
    if (!path.endsWith('/inventory.yaml')) continue;
    const value = readManifests(text, { file: path }).documents[0]?.value;
    if (isObject(value)) for (const key of readInventory(value).entries.keys()) known.add(key);
  }
  return objects
    .filter((object) => isMarked(object) && !known.has(inventoryKey(refOf(object))))
    .map(nameOf);
}

/** True where an object carries our label or our owner marker. */
export function isMarked(object: LiveObject): boolean {
  return (
    labelsOf(object)[MARKER.instanceLabel] === INSTANCE ||
    annotationOf(object, MARKER.owner)?.startsWith(`${INSTANCE}/`) === true
  );
}

function steady(value: Json): Json {
  if (Array.isArray(value)) return value.map(steady);
  if (!isObject(value)) return value;
  const copy: Record<string, Json> = {};
  for (const [key, entry] of Object.entries(value as JsonObject)) {
    if (!MOVING.has(key) && entry !== undefined) copy[key] = steady(entry);
  }
  return copy;
}
