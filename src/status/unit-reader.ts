// Reads back what unit-files.ts wrote, so that a restart (or another machine) knows what this instance owns.
import { readManifests } from '../lang/yaml/index.ts';
import type { Condition } from '../model/conditions.ts';
import type { InventoryEntry } from '../model/inventory.ts';
import { inventoryKey } from '../model/inventory.ts';
import { isObject, listAt, objectAt, stringAt } from '../model/json.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { groupOf } from '../model/manifest.ts';
import type { Manifest } from '../model/manifest.ts';
import type { RevisionRecord, RevisionState } from '../model/unit-memory.ts';

/** The only document of a status file, or undefined where it is damaged. */
export function readStatusFile(text: string, path: string): JsonObject | undefined {
  const { documents } = readManifests(text, { file: path });
  const value = documents[0]?.value;
  return isObject(value) ? value : undefined;
}

/** Entries of an `inventory.yaml`; lines that cannot be understood are left out and counted. */
export function readInventory(file: JsonObject): {
  readonly entries: ReadonlyMap<string, InventoryEntry>;
  readonly damaged: number;
} {
  const entries = new Map<string, InventoryEntry>();
  let damaged = 0;
  for (const item of listAt(file, 'entries')) {
    const entry = isObject(item) ? readEntry(item) : undefined;
    if (entry) entries.set(inventoryKey(entry.ref), entry);
    else damaged += 1;
  }
  return { entries, damaged };
}

/** The record of a `revision.yaml`, or undefined where it is damaged. */
export function readRevision(file: JsonObject): RevisionRecord | undefined {
  const number = file['number'];
  const state = stringAt(file, 'state');
  if (typeof number !== 'number' || !isRevisionState(state)) return undefined;
  return {
    number,
    hash: stringAt(file, 'hash') ?? '',
    commit: stringAt(file, 'commit') ?? '',
    state,
    available: file['available'] === true,
    succeeded: file['succeeded'] === true,
    changeCause: stringAt(file, 'changeCause'),
    phases: listAt(file, 'phases')
      .filter(isObject)
      .map((phase) => ({
        name: stringAt(phase, 'name') ?? '',
        objects: strings(listAt(phase, 'objects')),
        ...(phase['remote'] === true ? { remote: true as const } : {}),
      })),
    availabilityProbes: listAt(file, 'availabilityProbes')
      .filter(isObject)
      .map((entry) => ({ selector: entry['selector'] ?? {}, probes: listAt(entry, 'probes') })),
    builtinProbes: file['builtinProbes'] === true,
    ...(file['again'] === true ? { again: true as const } : {}),
    ...(typeof file['collisionCount'] === 'number'
      ? { collisionCount: file['collisionCount'] }
      : {}),
    ...(Array.isArray(file['previous']) ? { previous: strings(file['previous']) } : {}),
    ...(stringAt(file, 'availableSince') === undefined
      ? {}
      : { availableSince: stringAt(file, 'availableSince') }),
    ...readClosed(file),
    ...readImmutableFields(file),
  };
}

function readClosed(file: JsonObject): Pick<RevisionRecord, 'closed'> {
  const phase = stringAt(objectAt(file, 'closed'), 'phase');
  const since = stringAt(objectAt(file, 'closed'), 'since');
  return phase === undefined || since === undefined ? {} : { closed: { phase, since } };
}

function readImmutableFields(file: JsonObject): Pick<RevisionRecord, 'immutableFields'> {
  if (!isObject(file['immutableFields'])) return {};
  const fields = Object.entries(file['immutableFields']);
  const digests = fields.filter((field): field is [string, string] => typeof field[1] === 'string');
  return { immutableFields: Object.fromEntries(digests) };
}

/** Conditions under `status` of a `unit.yaml`. */
export function readConditions(file: JsonObject): readonly Condition[] {
  const found: Condition[] = [];
  for (const item of listAt(objectAt(file, 'status'), 'conditions')) {
    if (!isObject(item)) continue;
    const type = stringAt(item, 'type');
    const status = stringAt(item, 'status');
    if (type === undefined || (status !== 'True' && status !== 'False' && status !== 'Unknown'))
      continue;
    found.push({
      type,
      status,
      reason: stringAt(item, 'reason') ?? '',
      message: stringAt(item, 'message') ?? '',
      lastTransitionTime: stringAt(item, 'lastTransitionTime') ?? '',
    });
  }
  return found;
}

/** `sluice.dependsOn` of a `unit.yaml`. */
export function readDependsOn(file: JsonObject): readonly string[] {
  return strings(listAt(objectAt(file, 'sluice'), 'dependsOn'));
}

/** `sluice.unpackedHash` of a `unit.yaml`. */
export function readUnpackedHash(file: JsonObject): string | undefined {
  return stringAt(objectAt(file, 'sluice'), 'unpackedHash');
}

/** Objects of a phase file, secret leaves missing. */
export function readPhaseObjects(text: string, path: string): readonly Manifest[] {
  return readManifests(text, { file: path }).documents.flatMap(({ value }) =>
    isObject(value) && typeof value['kind'] === 'string' ? [value as Manifest] : [],
  );
}

function readEntry(item: JsonObject): InventoryEntry | undefined {
  const apiVersion = stringAt(item, 'apiVersion');
  const kind = stringAt(item, 'kind');
  const name = stringAt(item, 'name');
  const revision = item['revision'];
  const phaseIndex = item['phaseIndex'];
  if (apiVersion === undefined || kind === undefined || name === undefined) return undefined;
  if (typeof revision !== 'number' || typeof phaseIndex !== 'number') return undefined;
  const uid = stringAt(item, 'uid');
  const handle = stringAt(item, 'handle');
  const propagation = stringAt(item, 'propagation');
  const grace = item['gracePeriodSeconds'];
  const from = strings(listAt(item, 'from'));
  const place = stringAt(item, 'place');
  return {
    ref: {
      apiVersion,
      group: groupOf(apiVersion),
      kind,
      namespace: stringAt(item, 'namespace') ?? '',
      name,
      ...(place === undefined ? {} : { place }),
    },
    targetIdentity: stringAt(item, 'target') ?? '',
    claim:
      item['claim'] === 'applied' && uid !== undefined
        ? { kind: 'applied', uid }
        : { kind: 'planned' },
    revision,
    phase: stringAt(item, 'phase') ?? '',
    phaseIndex,
    ...(from.length === 0 ? {} : { from }),
    ...(handle === undefined ? {} : { handle }),
    ...(item['step'] === 'replacing' ? { step: 'replacing' as const } : {}),
    ...(item['keep'] === true ? { keep: true } : {}),
    ...(item['leaving'] === true ? { leaving: true } : {}),
    ...(isPropagation(propagation) ? { propagation } : {}),
    ...(typeof grace === 'number' ? { gracePeriodSeconds: grace } : {}),
  };
}

function strings(items: readonly Json[]): readonly string[] {
  return items.filter((item): item is string => typeof item === 'string');
}

function isRevisionState(text: string | undefined): text is RevisionState {
  return text === 'rolling' || text === 'available' || text === 'superseded' || text === 'archived';
}

function isPropagation(text: string | undefined): text is 'Foreground' | 'Background' | 'Orphan' {
  return text === 'Foreground' || text === 'Background' || text === 'Orphan';
}
