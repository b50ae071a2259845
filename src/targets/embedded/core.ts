// What every verb of the embedded target works on: the store, the kinds, the indexes and the one way to write.
import { randomUUID } from 'node:crypto';
import type { Clock } from '../../lib/clock.ts';
import { formatTime } from '../../lib/clock.ts';
import type { ObjectKey } from '../../model/object-key.ts';
import { createSchemaValidator } from '../../schema/validator.ts';
import type { SchemaValidator } from '../../schema/validator.ts';
import type { LiveObject } from '../target.ts';
import { createChangeFeed } from './change-feed.ts';
import type { ChangeFeed } from './change-feed.ts';
import { createKinds } from './kinds.ts';
import type { Kinds } from './kinds.ts';
import { kindPrefix, storageKey } from './object-id.ts';
import { createOwnerIndex, ownersOf } from './owner-references.ts';
import type { OwnerIndex } from './owner-references.ts';
import type { ObjectStore } from './store.ts';

export interface Core {
  readonly store: ObjectStore;
  readonly kinds: Kinds;
  readonly owners: OwnerIndex;
  readonly feed: ChangeFeed;
  readonly validator: SchemaValidator;
  readonly clock: Clock;
  /** RFC 3339, seconds. */
  now(): string;
  newUid(): string;
  get(key: ObjectKey): LiveObject | undefined;
  /** Writes one object (or its removal) under the next version and tells the feed. */
  persist(
    key: ObjectKey,
    before: LiveObject | undefined,
    after: LiveObject | undefined,
  ): LiveObject | undefined;
}

export interface CoreOptions {
  readonly store: ObjectStore;
  readonly clock: Clock;
  /** Default: random version 4 uids. */
  readonly newUid?: () => string;
}

const CRDS = { group: 'apiextensions.k8s.io', kind: 'CustomResourceDefinition' } as const;

export function createCore(options: CoreOptions): Core {
  const { store, clock } = options;
  const kinds = createKinds();
  const owners = createOwnerIndex();
  const feed = createChangeFeed(store);
  loadCrds(store, kinds);
  if (!store.readOnly) {
    for (const [key, object] of store.entries('')) {
      if (ownersOf(object).length > 0) owners.update(key, undefined, object);
    }
  }
  return {
    store,
    kinds,
    owners,
    feed,
    clock,
    validator: createSchemaValidator(),
    now: () => formatTime(clock.now()),
    newUid: options.newUid ?? randomUUID,
    get: (key) => store.get(storageKey(key)),
    persist(key, before, after) {
      const version = store.version() + 1;
      const name = storageKey(key);
      const stored = after && withVersion(after, version);
      store.write(version, [{ key: name, object: stored }]);
      owners.update(name, before, stored);
      if (key.kind === CRDS.kind && key.group === CRDS.group) kinds.updateCrd(key.name, stored);
      feed.record({ version, key: name, before, after: stored });
      return stored;
    },
  };
}

/** Reads all definitions anew; for readers beside a process that writes, who hear of no changes. */
export function loadCrds(store: ObjectStore, kinds: Kinds): void {
  const found = new Map<string, LiveObject>();
  for (const [, crd] of store.entries(kindPrefix(CRDS.group, CRDS.kind))) {
    found.set(String(crd.metadata.name), crd);
  }
  kinds.replaceCrds(found);
}

function withVersion(object: LiveObject, version: number): LiveObject {
  return { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } };
}
