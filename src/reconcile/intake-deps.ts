// What reading a snapshot needs from around it.
import type { ImmutableDigests } from '../api/immutability.ts';
import type { PackageInputs } from '../inputs/package-inputs.ts';
import type { UnitId } from '../model/unit-id.ts';
import type { KnownTarget } from '../render/sluice-config.ts';
import type { Target } from '../targets/target.ts';
import type { ClaimKey } from './ownership-index.ts';
import type { DocumentCache } from './document-cache.ts';
import type { NestedSource } from './nested-intake.ts';

/** What earlier runs know of the source, from the status branch. */
export interface SourceMemory {
  /** Text of the sluice.yaml in force; undefined when there was none. */
  readonly config: string | undefined;
  /** First commits of the repository's history. */
  readonly roots: readonly string[];
}

export interface IntakeDeps {
  readonly documents: DocumentCache;
  /** Targets that the daemon defines. */
  readonly targets: readonly KnownTarget[];
  /** Makes sure that the embedded targets of sluice.yaml exist. */
  readonly define: (names: readonly string[]) => void;
  /** A target to ask about kinds; undefined where none can be reached. */
  readonly target: (name: string) => Promise<Target | undefined>;
  /** The unit whose inventory names a key now. */
  readonly holder: (claim: ClaimKey) => UnitId | undefined;
  /** Digests of a unit's immutable fields as last accepted. */
  readonly accepted?: (unit: UnitId) => ImmutableDigests | undefined;
  readonly memory: SourceMemory | undefined;
  /** Packages from outside the repository; nothing is loaded without it. */
  readonly packages?: PackageInputs | undefined;
  /** What was applied to the registries of units; without it, whatever renders ask for counts as applied. */
  readonly nested?: NestedSource;
}
