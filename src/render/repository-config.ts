// What sluice.yaml means, with units worked out and defaults filled in.
import type { Json } from '../model/json.ts';
import type { CollisionProtection } from '../model/desired.ts';

/** Where a folder goes, and with which settings. */
export interface SyncRule {
  /** Folder in the repository; empty for the whole of it. */
  readonly path: string;
  readonly target: string;
  /** For documents that name none. */
  readonly namespace: string;
  /** Unit ids as written, for every folder unit of this entry. */
  readonly dependsOn: readonly string[];
  readonly suspended: boolean;
  readonly detach: boolean;
  /** Milliseconds; undefined takes the default. */
  readonly timeoutMs: number | undefined;
  /** Line in sluice.yaml, for messages. */
  readonly line: number | undefined;
}

export interface ConfiguredTarget {
  readonly name: string;
  /** `.environment` of package templates; undefined asks the target. */
  readonly environment: Json | undefined;
}

/** A number of objects, or a share of what there is (rounded up). */
export type Amount =
  | { readonly kind: 'count'; readonly count: number }
  | { readonly kind: 'share'; readonly percent: number };

export interface SafetyConfig {
  /** Per unit and commit. */
  readonly maxDeletions: Amount;
  /** Units that disappear, per commit and target. */
  readonly maxUnitDeletions: Amount;
  readonly allowEmpty: boolean;
}

export interface IgnoreRule {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  /** Field paths with a leading dot. */
  readonly fields: readonly string[];
}

/** CEL expressions over the object that say how far it is (design: config-repo). */
export interface HealthCheck {
  readonly group: string;
  readonly kind: string;
  readonly current: string;
  readonly inProgress: string | undefined;
  readonly failed: string | undefined;
}

export interface RepositoryConfig {
  /** False when the repository has no sluice.yaml. */
  readonly present: boolean;
  readonly targets: readonly ConfiguredTarget[];
  readonly sync: readonly SyncRule[];
  readonly safety: SafetyConfig;
  /** Approved plan hashes, `sha256:…`. */
  readonly approvals: readonly string[];
  readonly defaults: {
    readonly collisionProtection: CollisionProtection;
    readonly builtinProbes: boolean;
    /** Progress deadline of a phase in milliseconds; 0 for none. */
    readonly timeoutMs: number;
  };
  readonly ignoreDifferences: readonly IgnoreRule[];
  readonly healthChecks: readonly HealthCheck[];
}
