// The registry of units that other units ask for: a package that renders Packages applies them here like any object,
// and what their units report comes back as their status (design: architecture, "Ports").
import { MARKER } from '../../model/annotations.ts';
import { annotationOf, labelsOf } from '../../model/manifest.ts';
import { formatObjectKey, refOf } from '../../model/object-key.ts';
import type { ObjectKey, ObjectRef } from '../../model/object-key.ts';
import { listAt } from '../../model/json.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import {
  applyConfiguration,
  createSchemaValidator,
  customResourceType,
  listKeysIn,
} from '../../schema/index.ts';
import type {
  KindDescription,
  LiveObject,
  ReadResult,
  RemoveOptions,
  RemoveResult,
  Target,
  WatchScope,
  WriteOperation,
  WriteResult,
} from '../target.ts';
import { createFeed, watchObjects } from './feed.ts';
import type { Feed } from './feed.ts';
import { unitKind } from './kinds.ts';
import { decideWrite, isTerminating, uidOf, versionOf } from './writing.ts';

export interface UnitRegistryOptions {
  /** Name of the place (model/place.ts). */
  readonly name: string;
  readonly identity: (signal?: AbortSignal) => Promise<string>;
  /** RFC 3339, seconds. */
  readonly now: () => string;
  readonly newUid: () => string;
  /** A unit that Git defines is an object here as well, which nobody may write. */
  readonly defined: (key: string) => LiveObject | undefined;
  /** What is asked for has changed: an object came, changed, or is to go. */
  readonly onChange: () => void;
}

export interface UnitRegistry extends Target {
  /** Takes in what an earlier run knew. @param manager field manager that everything was applied by */
  restore(objects: readonly LiveObject[], manager: string): void;
  /** Objects that were applied here, sorted by key, those on their way out among them. */
  objects(): readonly LiveObject[];
  /** What the unit says of the object as it was in this generation. @param key by `formatObjectKey` */
  report(key: string, status: JsonObject, generation: number): void;
  /** Lets go of an object: nothing of its unit is left, or somebody else defines the unit from now on. */
  drop(key: string): void;
}

/** Builds an empty registry. */
export function createUnitRegistry(options: UnitRegistryOptions): UnitRegistry {
  const objects = new Map<string, LiveObject>();
  const feed: Feed = createFeed();
  const validator = createSchemaValidator();
  /** Objects whose units are gone and that finalizers still hold. */
  const held = new Set<string>();
  let version = 0;

  const find = (key: ObjectKey): LiveObject | undefined => objects.get(formatObjectKey(key));

  /** Stores the next state under the next version. */
  const persist = (next: LiveObject): LiveObject => {
    version += 1;
    const metadata = { ...next.metadata, resourceVersion: String(version) };
    const stored: LiveObject = { ...next, metadata };
    const key = formatObjectKey(refOf(stored));
    feed.tell({ key, before: objects.get(key), after: stored });
    objects.set(key, stored);
    return stored;
  };

  const drop = (key: string): void => {
    const before = objects.get(key);
    if (!before) return;
    if (isTerminating(before) && listAt(before.metadata, 'finalizers').length > 0) {
      held.add(key);
      return;
    }
    held.delete(key);
    objects.delete(key);
    feed.tell({ key, before, after: undefined });
  };

  const write = (operation: WriteOperation, dryRun: boolean): WriteResult => {
    const ref = operation.verb === 'patch' ? operation.ref : refOf(operation.object);
    const live = find(ref);
    const outcome = decideWrite(operation, {
      live,
      defined: options.defined(formatObjectKey(ref)),
      now: options.now(),
      newUid: options.newUid,
      validator,
    });
    if (outcome.kind !== 'next') return outcome;
    const done = (object: LiveObject, changed: boolean): WriteResult => {
      return { kind: 'done', uid: uidOf(object), version: versionOf(object), changed, object };
    };
    if (!outcome.changed && live) return done(live, false);
    if (dryRun) return done(outcome.object, true);
    const stored = persist(
      released(operation) ? terminating(outcome.object, options.now()) : outcome.object,
    );
    const key = formatObjectKey(ref);
    if (held.has(key)) drop(key);
    options.onChange();
    return done(stored, true);
  };

  const remove = (ref: ObjectRef, removal: RemoveOptions): RemoveResult => {
    const live = find(ref);
    if (!live) {
      const message = `${formatObjectKey(ref)} is defined in Git: remove its manifest`;
      return options.defined(formatObjectKey(ref))
        ? { kind: 'rejected', reason: 'Forbidden', message, retryable: false }
        : { kind: 'absent' };
    }
    if (removal.uid !== uidOf(live)) return { kind: 'mismatch' };
    if (removal.version !== undefined && removal.version !== versionOf(live)) {
      return { kind: 'mismatch' };
    }
    const hasUnit = unitKind(ref.apiVersion, ref.kind)?.role === 'unit';
    if (removal.dryRun === true) return { kind: 'accepted', gone: !hasUnit };
    if (!hasUnit) drop(formatObjectKey(ref));
    else if (!isTerminating(live)) persist(terminating(live, options.now()));
    options.onChange();
    return { kind: 'accepted', gone: !hasUnit };
  };

  return {
    name: options.name,
    identity: options.identity,
    describe: (apiVersion, kind) => Promise.resolve(describe(apiVersion, kind)),
    read: (refs) =>
      Promise.resolve(refs.map((ref) => readOne(ref, find(ref), { held, ...options }))),
    write: (operation, { dryRun = false } = {}) => Promise.resolve(write(operation, dryRun)),
    remove: (ref, removal) => Promise.resolve(remove(ref, removal)),
    watch: (scope: WatchScope, signal: AbortSignal) => watchObjects(feed, objects, scope, signal),
    async *find(instance) {
      await Promise.resolve();
      for (const object of objects.values()) {
        if (labelsOf(object)[MARKER.instanceLabel] === instance) yield object;
      }
    },
    close: () => Promise.resolve(),
    restore: (found, manager) => {
      for (const object of found) persist(owned(object, manager, options.now()));
    },
    objects: () =>
      [...objects].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object),
    report: (key, status, generation) => {
      const live = objects.get(key);
      if (!live) return;
      const told = withGeneration(status, generation);
      if (JSON.stringify(live['status']) !== JSON.stringify(told))
        persist({ ...live, status: told });
    },
    drop,
  };
}

function describe(apiVersion: string, kind: string): KindDescription | undefined {
  const known = unitKind(apiVersion, kind);
  if (!known) return undefined;
  const type = customResourceType(known.schema);
  return {
    apiVersion,
    kind,
    scope: known.scope,
    update: 'apply',
    dryRun: true,
    markers: true,
    preconditions: true,
    listKeys: (path) => listKeysIn(type, path),
  };
}

function readOne(
  ref: ObjectRef,
  live: LiveObject | undefined,
  { defined, held }: Pick<UnitRegistryOptions, 'defined'> & { readonly held: ReadonlySet<string> },
): ReadResult {
  if (!unitKind(ref.apiVersion, ref.kind)) return { state: 'unknownKind' };
  const key = formatObjectKey(ref);
  const object = live ?? defined(key);
  if (!object) return { state: 'absent' };
  if (!isTerminating(object)) return { state: 'live', object };
  const isOver = isReleased(object) || held.has(key);
  return { state: 'terminating', object, ...(isOver ? {} : { revocable: true as const }) };
}

/** Taking the owner's marker off is how an object is let go of: its unit goes, what the unit made stays. */
function released(operation: WriteOperation): boolean {
  if (operation.verb !== 'patch') return false;
  const annotations = (operation.patch['metadata'] as JsonObject | undefined)?.['annotations'];
  return (annotations as JsonObject | undefined)?.[MARKER.owner] === null;
}

/** True for an object that is on its way out without taking along what its unit made. */
export function isReleased(object: LiveObject): boolean {
  return isTerminating(object) && annotationOf(object, MARKER.owner) === undefined;
}

function terminating(object: LiveObject, now: string): LiveObject {
  return { ...object, metadata: { ...object.metadata, deletionTimestamp: now } };
}

/** Conditions speak of the generation that the unit had in hand; an older one decides nothing. */
function withGeneration(status: JsonObject, generation: number): JsonObject {
  const conditions = status['conditions'];
  return {
    ...status,
    observedGeneration: generation,
    ...(Array.isArray(conditions)
      ? {
          conditions: (conditions as readonly Json[]).map((condition) => ({
            ...(condition as JsonObject),
            observedGeneration: generation,
          })),
        }
      : {}),
  };
}

/** The object with everything in it owned by one manager, as it was before the restart. */
function owned(object: LiveObject, manager: string, now: string): LiveObject {
  const { status: _status, metadata, ...body } = object;
  const { uid, generation, creationTimestamp, deletionTimestamp, ...named } = metadata;
  const type = customResourceType(unitKind(object.apiVersion, object.kind)?.schema);
  const by = {
    manager,
    operation: 'Apply',
    apiVersion: object.apiVersion,
    subresource: '',
  } as const;
  const config = { ...body, metadata: named };
  const merged = applyConfiguration(config, config, { type, by, now, force: true });
  const next = (merged.kind === 'merged' ? merged.object : config) as LiveObject;
  const server = {
    uid,
    generation,
    creationTimestamp,
    ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
  };
  return { ...next, metadata: { ...next.metadata, ...server } };
}
