// A unit: what is reconciled on its own, found in a snapshot but not yet rendered.
import type { Position } from '../lang/yaml/index.ts';
import type { Diagnostic, Location } from '../model/diagnostic.ts';
import type { DesiredState } from '../model/desired.ts';
import type { Json } from '../model/json.ts';
import type { Manifest } from '../model/manifest.ts';
import type { ObjectRef } from '../model/object-key.ts';
import type { UnitId, UnitName } from '../model/unit-id.ts';

export interface UnitDocument {
  readonly manifest: Manifest;
  readonly source: Location;
  /** Position of a value inside the document, for diagnostics; with `at`, of a character of its text. */
  readonly locate: (path: readonly (string | number)[], at?: Position) => Location;
}

export interface Unit {
  readonly id: UnitId;
  readonly name: UnitName;
  /** Name of the target everything of this unit is applied to. */
  readonly target: string;
  readonly source: Location;
  /** One document for a Package or ObjectDeployment, all documents of the folder for a plain directory. */
  readonly documents: readonly UnitDocument[];
  /** Default namespace of objects that name none; empty for cluster-scoped units. */
  readonly namespace: string;
  readonly dependsOn: readonly UnitId[];
  readonly suspended: boolean;
  /** Message for people why it is suspended. */
  readonly suspendReason: string | undefined;
  /** `sluice.dev/detach`: the unit may go, its objects stay. */
  readonly detach: boolean;
  /** `lifecycleState: Archived` of an ObjectSet: everything it controls goes, in reverse order. */
  readonly archived: boolean;
  /** `sluice.dev/timeout`: progress deadline of a phase in milliseconds; 0 for none, undefined for the default. */
  readonly timeoutMs: number | undefined;
  /** What is wrong with the unit already before it is rendered; an error among them makes its render fail. */
  readonly problems: readonly Diagnostic[];
  /** Other instances of the same package in the same namespace of the same target. */
  readonly siblings: readonly UnitId[];
  /** Hash over everything in the snapshot that this unit reads; the same hash renders the same. */
  readonly inputHash: string;
  /** Paths of files and folders (with a trailing `/`) it reads: cache key, watch list and wake-up list. */
  readonly reads: readonly string[];
}

/** What a render needs from outside; content comes back addressed by digest. */
export type Ask =
  /**
   * All files below a folder of the same snapshot (no trailing slash, empty for the root), dot files
   * included. The answer's paths are relative to the repository; symlinks and submodules are left out.
   */
  | { readonly kind: 'files'; readonly prefix: string }
  /** Whether a kind is namespaced, from the target the unit goes to. */
  | { readonly kind: 'scope'; readonly apiVersion: string; readonly objectKind: string }
  /** The facts of `.environment` in package templates. */
  | { readonly kind: 'environment' }
  /** A live object (ObjectTemplate sources, `lookup`, `valuesFrom`). */
  | { readonly kind: 'object'; readonly ref: ObjectRef }
  /** The package in an image: what `spec.image` says. */
  | { readonly kind: 'image'; readonly reference: string }
  /** The package in a folder of another repository: `git+https://host/repo//path@ref`. */
  | { readonly kind: 'gitFiles'; readonly reference: string };

export type Answer =
  | { readonly kind: 'files'; readonly files: ReadonlyMap<string, Uint8Array> }
  | { readonly kind: 'scope'; readonly scope: 'Namespaced' | 'Cluster' | 'unknown' }
  | { readonly kind: 'environment'; readonly environment: Json }
  | { readonly kind: 'object'; readonly object: Manifest | undefined }
  | {
      readonly kind: 'package';
      /** By path inside the package. */
      readonly files: ReadonlyMap<string, Uint8Array>;
      /** Address of the content: a digest, or a commit and a folder. */
      readonly version: string;
    }
  | {
      readonly kind: 'failed';
      readonly diagnostic: Diagnostic;
      /** Asking again later may help although nothing in the snapshot has changed. Default false. */
      readonly retry?: boolean;
      /** Address of the content that is no package: asking again helps when something else stands there. */
      readonly version?: string;
    };

/** Answers by `askKey`. */
export type Answers = ReadonlyMap<string, Answer>;

export type RenderResult =
  | {
      readonly kind: 'rendered';
      readonly desired: DesiredState;
      readonly diagnostics: readonly Diagnostic[];
    }
  | { readonly kind: 'asks'; readonly asks: readonly Ask[] }
  | { readonly kind: 'failed'; readonly diagnostics: readonly Diagnostic[] };

/** The key of an ask in `Answers`. */
export function askKey(ask: Ask): string {
  switch (ask.kind) {
    case 'files':
      return `files:${ask.prefix}`;
    case 'scope':
      return `scope:${ask.apiVersion}/${ask.objectKind}`;
    case 'environment':
      return 'environment';
    case 'object':
      return `object:${ask.ref.apiVersion}/${ask.ref.kind}/${ask.ref.namespace}/${ask.ref.name}`;
    case 'image':
    case 'gitFiles':
      return `${ask.kind}:${ask.reference}`;
  }
}
