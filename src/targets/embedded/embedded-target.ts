// The embedded target: an API server's object semantics in this process, on disk or in memory.
import { randomUUID } from 'node:crypto';
import { createSystemClock } from '../../lib/clock.ts';
import type { Clock } from '../../lib/clock.ts';
import { MARKER } from '../../model/annotations.ts';
import { labelsOf } from '../../model/manifest.ts';
import type { ObjectRef } from '../../model/object-key.ts';
import type {
  KindDescription,
  LiveObject,
  ReadResult,
  RemoveOptions,
  RemoveResult,
  Target,
  TargetEvent,
  WatchScope,
  WriteOperation,
  WriteResult,
} from '../target.ts';
import { startControllers } from './controllers/loop.ts';
import type { ControllerLoop } from './controllers/loop.ts';
import { applyObject } from './apply.ts';
import { createCore, loadCrds } from './core.ts';
import type { Core } from './core.ts';
import { createObject } from './create.ts';
import { deleteObject } from './delete.ts';
import { describeKind } from './kinds.ts';
import { parseLabelSelector } from './label-selector.ts';
import { openLmdbStore } from './lmdb-store.ts';
import { createMemoryStore } from './memory-store.ts';
import { isTerminating, kindPrefix } from './object-id.ts';
import type { ObjectStore } from './store.ts';
import { watchFeed, watchForeign } from './watch.ts';
import { patchObject, putObject } from './update.ts';

export interface EmbeddedOptions {
  /** The name in the configuration. */
  readonly name: string;
  /** Folder of the store; without it objects live in memory and are gone at the end. */
  readonly path?: string;
  /** Only look at the store of a process that writes (`plan`, `tree` beside a daemon). Default: false. */
  readonly readOnly?: boolean;
  /** Default: the clock on the wall. */
  readonly clock?: Clock;
  /** Undefined stops nothing from being stored, but nothing ever becomes ready either. Default: ready after 300 ms. */
  readonly controllers?: { readonly readyAfterMs?: number } | 'off';
  /** Default: random uids. */
  readonly newUid?: () => string;
  /** Told about faults of the built-in controllers. Default: they are dropped. */
  readonly onError?: (error: unknown, key: string) => void;
}

export interface ListOptions {
  readonly apiVersion: string;
  readonly kind: string;
  /** Default: all namespaces. */
  readonly namespace?: string;
  /** Such as `app=web,tier!=cache`. */
  readonly labelSelector?: string;
}

export interface EmbeddedTarget extends Target {
  /**
   * Objects of a kind in order of namespace and name.
   * @returns undefined when the kind is not served or the selector is malformed
   */
  list(options: ListOptions): Promise<readonly LiveObject[] | undefined>;
  /** Every kind served at the moment. */
  kinds(): readonly KindDescription[];
}

const READY_AFTER_MS = 300;

/** What every cluster has before anybody created anything. */
const NAMESPACES = ['default', 'kube-system', 'kube-public', 'kube-node-lease'] as const;

/**
 * Opens an embedded target.
 *
 * One process writes to a folder at a time; others may open it with `readOnly`. Everything acknowledged has
 * been written to disk and survives a crash.
 * @throws SluiceError DataDirInvalid when the folder cannot be used
 */
export function createEmbeddedTarget(options: EmbeddedOptions): EmbeddedTarget {
  const clock = options.clock ?? createSystemClock();
  const store = openStore(options);
  const core = createCore({
    store,
    clock,
    ...(options.newUid ? { newUid: options.newUid } : {}),
  });
  let loop: ControllerLoop | undefined;
  if (!store.readOnly) {
    makeNamespaces(core);
    if (options.controllers !== 'off') {
      loop = startControllers(core, {
        readyAfterMs: options.controllers?.readyAfterMs ?? READY_AFTER_MS,
        onError: options.onError ?? (() => undefined),
      });
    }
  }
  let seen = store.version();
  /** A reader beside the writer looks for new kinds whenever something was written. */
  const refresh = (): void => {
    if (!store.readOnly || store.version() === seen) return;
    seen = store.version();
    loadCrds(store, core.kinds);
  };

  return {
    name: options.name,
    identity: () => Promise.resolve(`embedded:${store.id}`),
    describe: (apiVersion, kind) => {
      refresh();
      const found = core.kinds.find(apiVersion, kind);
      return Promise.resolve(found && describeKind(found));
    },
    async read(refs) {
      // Nobody may act on a state that a crash could still undo.
      await store.durable();
      refresh();
      return refs.map((ref) => readOne(core, ref));
    },
    async write(operation, { dryRun = false } = {}) {
      // A rehearsal leaves nothing behind, so a plan may run beside the process that writes.
      if (store.readOnly && !dryRun) return refuseWrite();
      refresh();
      const result = writeOne(core, operation, dryRun);
      if (result.kind === 'done' && !dryRun) return confirm(store, result);
      return result;
    },
    async remove(ref: ObjectRef, removal: RemoveOptions): Promise<RemoveResult> {
      if (store.readOnly && removal.dryRun !== true) return refuseWrite();
      const result = deleteObject(core, ref, removal);
      try {
        await store.durable();
      } catch (error) {
        return { kind: 'unknown', message: messageOf(error) };
      }
      return result;
    },
    watch: (scope: WatchScope, signal: AbortSignal): AsyncIterable<TargetEvent> =>
      store.readOnly
        ? watchForeign(store, clock, scope, signal)
        : watchFeed(store, core.feed, scope, signal),
    async *find(instance) {
      await store.durable();
      const found: LiveObject[] = [];
      for (const [, object] of store.entries('')) {
        if (labelsOf(object)[MARKER.instanceLabel] === instance) found.push(object);
      }
      yield* found;
    },
    async list({ apiVersion, kind, namespace, labelSelector }) {
      refresh();
      const found = core.kinds.find(apiVersion, kind);
      const matches = parseLabelSelector(labelSelector ?? '');
      if (!found || !matches) return undefined;
      await store.durable();
      const out: LiveObject[] = [];
      for (const [, object] of store.entries(kindPrefix(found.group, kind, namespace))) {
        if (matches(labelsOf(object))) out.push(object);
      }
      return out;
    },
    kinds() {
      refresh();
      return core.kinds.all().map(describeKind);
    },
    async close() {
      await loop?.stop();
      await store.close();
    },
  };
}

function openStore(options: EmbeddedOptions): ObjectStore {
  if (options.path === undefined) return createMemoryStore(options.newUid?.() ?? randomUUID());
  return openLmdbStore({ path: options.path, readOnly: options.readOnly ?? false });
}

function makeNamespaces(core: Core): void {
  for (const name of NAMESPACES) {
    createObject(
      core,
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name } },
      { manager: 'kube-apiserver', operation: 'Update', dryRun: false },
    );
  }
}

function readOne(core: Core, ref: ObjectRef): ReadResult {
  if (!core.kinds.find(ref.apiVersion, ref.kind)) return { state: 'unknownKind' };
  const object = core.get(ref);
  if (!object) return { state: 'absent' };
  const shown =
    object.apiVersion === ref.apiVersion ? object : { ...object, apiVersion: ref.apiVersion };
  return { state: isTerminating(object) ? 'terminating' : 'live', object: shown };
}

function writeOne(core: Core, operation: WriteOperation, dryRun: boolean): WriteResult {
  const { manager } = operation;
  switch (operation.verb) {
    case 'create':
      return createObject(core, operation.object, { manager, operation: 'Apply', dryRun });
    case 'apply': {
      const { force, expect } = operation;
      return applyObject(core, operation.object, { manager, force, expect, dryRun });
    }
    case 'put':
      return putObject(core, operation.object, { manager, expect: operation.expect, dryRun });
    case 'patch': {
      const { ref, patch, expect } = operation;
      return patchObject(core, ref, patch, { manager, expect, dryRun });
    }
  }
}

/** A write that the disk refused may still be there after the next one: it has to be observed. */
async function confirm(store: ObjectStore, result: WriteResult): Promise<WriteResult> {
  try {
    await store.durable();
    return result;
  } catch (error) {
    return { kind: 'unknown', message: messageOf(error) };
  }
}

function refuseWrite(): Extract<WriteResult, { kind: 'rejected' }> {
  return {
    kind: 'rejected',
    reason: 'Forbidden',
    message: 'the store is open for reading only: another process writes to it',
    causes: [],
    retryable: false,
    immutable: false,
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
