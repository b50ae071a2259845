// The running state of one unit: what is wanted, what is remembered, what the last pass saw.
import type { PhaseResult } from '../apply/phase-engine.ts';
import type { DesiredState } from '../model/desired.ts';
import type { Manifest } from '../model/manifest.ts';
import type { Diagnostic, Location } from '../model/diagnostic.ts';
import type { UnitId, UnitName } from '../model/unit-id.ts';
import type { UnitMemory } from '../model/unit-memory.ts';
import type { RemovalReport } from '../status/report.ts';

/** What the newest snapshot asks of a unit. */
export type UnitWork =
  | {
      readonly kind: 'desired';
      readonly desired: DesiredState;
      readonly snapshot: string;
      readonly header: UnitHeader;
      /** Warnings of the render. */
      readonly diagnostics: readonly Diagnostic[];
      /** Of a package: the hash of what it was unpacked from. */
      readonly unpackedHash?: string | undefined;
    }
  /** Cannot be rendered: the running revision goes on beside it. */
  | {
      readonly kind: 'broken';
      readonly snapshot: string;
      readonly header: UnitHeader;
      readonly diagnostics: readonly Diagnostic[];
    }
  /** No manifest asks for it any more. */
  | {
      readonly kind: 'removed';
      readonly snapshot: string;
      readonly detach: boolean;
      /** Another unit asked for it and does not any more: it has answered for that already. */
      readonly ordered?: true;
    };

/** A unit by its name, and what a snapshot asks of it. */
export interface NamedWork {
  readonly name: UnitName;
  readonly work: UnitWork;
}

/** What one snapshot asks of all units. */
export type Works = ReadonlyMap<UnitId, NamedWork>;

/** Why a pass cannot go on, told as the readiness of the unit. */
export interface Stop {
  readonly reason: string;
  readonly message: string;
  readonly diagnostics: readonly Diagnostic[];
  readonly failed: boolean;
  readonly settled: boolean;
}

/** What is known of a unit before it is rendered. */
export interface UnitHeader {
  readonly apiVersion: string | undefined;
  readonly source: Location;
  readonly dependsOn: readonly UnitId[];
  readonly suspended: boolean;
  readonly suspendReason: string | undefined;
  readonly detach: boolean;
  /** `lifecycleState: Archived`: everything goes, the unit stays. */
  readonly archived: boolean;
  /** Digests of the fields that the API calls immutable; undefined for kinds that have none. */
  readonly immutableFields: Readonly<Record<string, string>> | undefined;
  /** For a unit that another unit asks for; undefined for units of Git. */
  readonly nested?: NestedHeader;
  /** Rehearse phases before their first write (units of the Package Operator API). */
  readonly rehearse: boolean;
}

/** Where a unit comes from that no file defines. */
export interface NestedHeader {
  readonly parent: UnitId;
  /** Of the object that the unit is made of. */
  readonly generation: number;
  /** The object as the status branch may keep it. */
  readonly object: Manifest;
}

export interface Readiness {
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  /** The snapshot at which it is ready: "ready at the input that it has in the same snapshot". */
  readonly snapshot: string;
  /** Nothing more will happen without a new commit, an event or a person. */
  readonly settled: boolean;
}

export interface UnitState {
  readonly id: UnitId;
  readonly name: UnitName;
  memory: UnitMemory;
  work: UnitWork;
  /** The newest content with stand-ins for phases that somebody else runs. */
  standIns:
    { readonly of: DesiredState; readonly number: number; readonly made: DesiredState } | undefined;
  /** What older revisions wanted, as long as they serve. */
  readonly desiredOf: Map<number, DesiredState>;
  /** Results of older revisions that still serve, by number and phase name. */
  readonly olderResults: Map<number, ReadonlyMap<string, PhaseResult>>;
  /** Results of the current revision by phase name. */
  results: Map<string, PhaseResult>;
  resultsOf: number;
  /** Keys that events have touched since the last pass, with the version that the last event told. */
  readonly dirty: Map<string, string | undefined>;
  allDirty: boolean;
  /** False after a restart, until the intent of the newest revision is where another daemon would look. */
  acknowledged: boolean;
  /** When each closed phase was first seen closed, in milliseconds. */
  readonly closedSince: Map<string, number>;
  /** When the current revision became available, in milliseconds. */
  availableSince: number | undefined;
  /** Rollouts in a row that a newer commit cut short. */
  supersedes: number;
  removals: readonly RemovalReport[];
  /** Failures in a row, for the backoff. */
  failures: number;
  readiness: Readiness;
  /** Hash of each status file as last handed to the committer. */
  readonly written: Map<string, string>;
}

/** A state for a unit whose memory is known and whose work has just been set. */
export function createUnitState(memory: UnitMemory, work: UnitWork): UnitState {
  return {
    id: memory.id,
    name: memory.name,
    memory,
    work,
    standIns: undefined,
    desiredOf: new Map(),
    olderResults: new Map(),
    results: new Map(),
    resultsOf: 0,
    dirty: new Map(),
    allDirty: true,
    acknowledged: true,
    closedSince: new Map(),
    availableSince: undefined,
    supersedes: 0,
    removals: [],
    failures: 0,
    readiness: rememberedReadiness(memory),
    written: new Map(),
  };
}

/** Until it has been looked at, a unit says what it said last: a restart alone is no news. */
function rememberedReadiness(memory: UnitMemory): Readiness {
  const ready = memory.conditions.find((condition) => condition.type === 'Ready');
  return {
    status: ready?.status ?? 'Unknown',
    reason: ready?.reason ?? 'Pending',
    message: ready?.message ?? '',
    snapshot: '',
    settled: false,
  };
}

/** Takes the dirty keys for a pass; what becomes dirty from now on is for the next one. */
export function takeDirty(state: UnitState): (key: string) => boolean {
  const all = state.allDirty;
  const keys = new Map(state.dirty);
  state.allDirty = false;
  state.dirty.clear();
  // An event may outrun the result of the write that caused it: only now is it known to be an echo.
  return (key) => all || (keys.has(key) && !isKnownVersion(state, key, keys.get(key)));
}

/** True where the last pass over the object ended in this very version. */
export function isKnownVersion(
  state: UnitState,
  key: string,
  version: string | undefined,
): boolean {
  if (version === undefined) return false;
  for (const phase of state.results.values()) {
    const outcome = phase.objects.get(key)?.outcome;
    if (outcome && 'version' in outcome) return outcome.version === version;
  }
  return false;
}
