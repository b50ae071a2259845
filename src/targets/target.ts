// The port to where objects really live: the embedded control plane, a Kubernetes API server, a Kraken server.
import type { JsonObject } from '../model/json.ts';
import type { Manifest } from '../model/manifest.ts';
import type { ObjectKey, ObjectRef } from '../model/object-key.ts';

/** An object as the target holds it, with `uid`, `resourceVersion` and friends in its metadata. */
export type LiveObject = Manifest;

/** How objects of one kind are written and what the target can promise for them. */
export interface KindDescription {
  readonly apiVersion: string;
  readonly kind: string;
  readonly scope: 'Namespaced' | 'Cluster';
  /** `apply`: field ownership by manager; `put`: whole objects only; `none`: created and deleted, never changed. */
  readonly update: 'apply' | 'put' | 'none';
  /** Whether a write can be rehearsed without effect. */
  readonly dryRun: boolean;
  /** Whether annotations and labels of ours survive on the object, as proof of ownership. */
  readonly markers: boolean;
  /** Whether uid and version can be given as precondition of a write and a removal. */
  readonly preconditions: boolean;
  /** Keys of list entries, by field path such as `spec.template.spec.containers`; used to compare lists. */
  readonly listKeys: (path: readonly string[]) => readonly string[] | 'set' | 'atomic' | undefined;
}

/** Unreadable is never absent. */
export type ReadResult =
  | { readonly state: 'live'; readonly object: LiveObject }
  /** `revocable`: an apply takes the deletion back. */
  | { readonly state: 'terminating'; readonly object: LiveObject; readonly revocable?: true }
  | { readonly state: 'absent' }
  /** The target does not know the kind: the object cannot exist there now. */
  | { readonly state: 'unknownKind' }
  | { readonly state: 'unreadable'; readonly reason: string; readonly retryable: boolean };

/** What the write was planned on; a later write never goes without it. */
export interface Expectation {
  readonly uid: string;
  /** Opaque version of the object. */
  readonly version: string;
}

export type WriteOperation =
  /**
   * POST: refuses with `exists` where an object has the name, whoever made it. What the manager sets here it owns as
   * if it had applied it: its next apply gives up what it leaves out.
   */
  | { readonly verb: 'create'; readonly object: Manifest; readonly manager: string }
  /** Field-owning merge; without `force` a foreign owner of a changed field gives `conflict`. */
  | {
      readonly verb: 'apply';
      readonly object: Manifest;
      readonly manager: string;
      readonly force: boolean;
      readonly expect: Expectation;
    }
  /** Whole-object update. */
  | {
      readonly verb: 'put';
      readonly object: Manifest;
      readonly manager: string;
      readonly expect: Expectation;
    }
  /** JSON merge patch, for the few places where a single marker changes and nothing may be owned by it. */
  | {
      readonly verb: 'patch';
      readonly ref: ObjectRef;
      readonly patch: JsonObject;
      readonly manager: string;
      readonly expect: Expectation;
    };

export interface FieldConflict {
  readonly field: string;
  readonly manager: string;
}

export interface RejectionCause {
  /** Field path as the server names it; may be empty. */
  readonly field: string;
  readonly reason: string;
  readonly message: string;
}

export type WriteResult =
  | {
      readonly kind: 'done';
      readonly uid: string;
      readonly version: string;
      /** False when the target found nothing to change. */
      readonly changed: boolean;
      /** The object after the write (for a dry run: as it would be). */
      readonly object: LiveObject;
      /** Opaque handle to find the object again where names do not suffice. */
      readonly handle?: string;
    }
  | {
      readonly kind: 'conflict';
      readonly conflicts: readonly FieldConflict[];
      readonly message: string;
    }
  /** Create: an object of that name is there. */
  | { readonly kind: 'exists' }
  /** The expected object is not there any more (404, or another uid). */
  | { readonly kind: 'gone' }
  /** The expected version has passed (409): observe and plan again. */
  | { readonly kind: 'stale' }
  | {
      readonly kind: 'rejected';
      /** Kubernetes reason such as Invalid, Forbidden, NotFound (namespace), or the target's own word. */
      readonly reason: string;
      readonly message: string;
      readonly causes: readonly RejectionCause[];
      readonly retryable: boolean;
      /** True when only delete-and-create could bring the change about. */
      readonly immutable: boolean;
    }
  /** No answer came back: it may or may not have happened, and must be observed next. */
  | { readonly kind: 'unknown'; readonly message: string };

export interface RemoveOptions {
  /** Proof of which object is meant; the target refuses another one. */
  readonly uid: string;
  readonly version?: string;
  readonly propagation?: 'Foreground' | 'Background' | 'Orphan';
  readonly gracePeriodSeconds?: number;
  readonly dryRun?: boolean;
}

export type RemoveResult =
  /** Accepted; `gone` when the object no longer exists, false when finalizers or dependants hold it. */
  | { readonly kind: 'accepted'; readonly gone: boolean }
  | { readonly kind: 'absent' }
  /** The object has another uid or version than the precondition says. */
  | { readonly kind: 'mismatch' }
  | {
      readonly kind: 'rejected';
      readonly reason: string;
      readonly message: string;
      readonly retryable: boolean;
    }
  | { readonly kind: 'unknown'; readonly message: string };

export type TargetEvent =
  | { readonly type: 'changed'; readonly key: ObjectKey; readonly object: LiveObject }
  | { readonly type: 'removed'; readonly key: ObjectKey }
  /** Everything that exists has been sent; what comes now is news. */
  | { readonly type: 'synced' }
  /** Events may have been missed: whoever cares must read again. */
  | { readonly type: 'lost'; readonly reason: string };

export interface WatchScope {
  /** Label selector as `key=value`; undefined watches everything the target is willing to send. */
  readonly instance?: string;
  /** Objects that carry no marker of ours but are waited for. */
  readonly refs?: readonly ObjectRef[];
}

export interface Target {
  /** The name in the configuration. */
  readonly name: string;
  /** Stable identity of the place itself: store id, uid of kube-system, base URL. */
  identity(signal?: AbortSignal): Promise<string>;
  /** Undefined when the target does not know the kind. */
  describe(
    apiVersion: string,
    kind: string,
    signal?: AbortSignal,
  ): Promise<KindDescription | undefined>;
  /** One answer per reference, in order. */
  read(refs: readonly ObjectRef[], signal?: AbortSignal): Promise<readonly ReadResult[]>;
  /** Never cancelled once sent. */
  write(operation: WriteOperation, options?: { readonly dryRun?: boolean }): Promise<WriteResult>;
  /** Never cancelled once sent. */
  remove(ref: ObjectRef, options: RemoveOptions): Promise<RemoveResult>;
  /** Ends when the signal aborts. */
  watch(scope: WatchScope, signal: AbortSignal): AsyncIterable<TargetEvent>;
  /** Every object that carries the instance label, to rebuild a lost inventory. */
  find(instance: string, signal?: AbortSignal): AsyncIterable<LiveObject>;
  close(): Promise<void>;
}
