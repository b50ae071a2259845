// The registries of units of one instance: what was applied to them is read like a snapshot, what units report goes
// back as status, and the status branch keeps the objects for the next start.
import { randomUUID } from 'node:crypto';
import { formatTime } from '../lib/clock.ts';
import type { Clock } from '../lib/clock.ts';
import type { Condition } from '../model/conditions.ts';
import { parseLocation } from '../model/diagnostic.ts';
import type { Location } from '../model/diagnostic.ts';
import type { JsonObject } from '../model/json.ts';
import { isObject, stringAt } from '../model/json.ts';
import type { Manifest } from '../model/manifest.ts';
import { formatObjectKey, parseObjectKey, refOf } from '../model/object-key.ts';
import { readMarkers, withoutMarkers } from '../model/owner-marker.ts';
import { unitsPlace } from '../model/place.ts';
import { holdsRedacted } from '../model/secrecy.ts';
import { formatUnitId } from '../model/unit-id.ts';
import type { UnitId, UnitName } from '../model/unit-id.ts';
import { reportStatus } from '../status/unit-files.ts';
import type { UnitReport } from '../status/report.ts';
import { createUnitRegistry, isReleased } from '../targets/units/index.ts';
import type { UnitRegistry } from '../targets/units/index.ts';
import type { LiveObject } from '../targets/target.ts';
import { isChangingHands } from './nesting-check.ts';
import { managerOf } from './target-hub.ts';
import type { UnitState } from './unit-state.ts';

/** One object of a registry, as the intake reads it. */
export interface AppliedUnit {
  readonly id: UnitId;
  readonly target: string;
  /** The unit that asked for it; undefined where its marker is gone. */
  readonly parent: UnitId | undefined;
  /** Without what a server or an owner adds. */
  readonly manifest: Manifest;
  /** With all of it, for the status branch. */
  readonly object: LiveObject;
  readonly generation: number;
  /** On its way out; `released` leaves what the unit made. */
  readonly leaving: 'no' | 'removed' | 'released';
  /** Where it came from when it was last recorded, for the time until its parent says so again. */
  readonly source: Location | undefined;
  /** Secret leaves are missing since the restart: only its parent knows them. */
  readonly incomplete: boolean;
}

export interface NestedUnits {
  /** The registry of units that go to a target. */
  registry(target: string): UnitRegistry;
  /** Grows with everything that is asked for. */
  version(): number;
  objects(): readonly AppliedUnit[];
  /** Takes in the objects that the status branch kept. */
  restore(units: readonly { readonly name: UnitName; readonly object: JsonObject }[]): void;
  /** What a unit says becomes the status of its object. */
  report(state: UnitState, report: UnitReport): void;
  /** Nothing is left of a unit. */
  finish(unit: UnitName): void;
  /** Somebody else defines the unit from now on, or there never was one. */
  letGo(unit: AppliedUnit): void;
}

export interface NestedUnitsDeps {
  readonly instance: string;
  readonly clock: Clock;
  /** Identity of a target. */
  readonly identity: (target: string) => Promise<string>;
  readonly unit: (id: UnitId) => UnitState | undefined;
  /** Something else is asked for than before. */
  readonly onChange: () => void;
}

/** Builds the registries; each is made when first used. */
export function createNestedUnits(deps: NestedUnitsDeps): NestedUnits {
  const registries = new Map<string, UnitRegistry>();
  const sources = new Map<UnitId, Location>();
  let version = 0;

  const registry = (target: string): UnitRegistry => {
    const known = registries.get(target);
    if (known) return known;
    const made = createUnitRegistry({
      name: unitsPlace(target),
      identity: async () => `units of ${await deps.identity(target)}`,
      now: () => formatTime(deps.clock.now()),
      newUid: randomUUID,
      defined: (key) => definedObject(deps, target, key),
      onChange: () => {
        version += 1;
        deps.onChange();
      },
    });
    registries.set(target, made);
    return made;
  };

  return {
    registry,
    version: () => version,
    objects: () =>
      [...registries].flatMap(([target, one]) =>
        one.objects().map((object) => appliedUnit(object, target, sources)),
      ),
    restore: (units) => {
      for (const { name, object } of units) {
        const { sluice, ...manifest } = object;
        const source = isObject(sluice) ? stringAt(sluice, 'source') : undefined;
        if (source !== undefined) sources.set(formatUnitId(name), parseLocation(source));
        registry(name.target).restore(
          [manifest as unknown as LiveObject],
          managerOf(deps.instance),
        );
      }
    },
    report: (state, report) => {
      const nested = state.work.kind === 'removed' ? undefined : state.work.header.nested;
      if (!nested) return;
      const key = formatObjectKey(state.name);
      registries.get(state.name.target)?.report(key, reportStatus(report), nested.generation);
    },
    finish: (name) => registries.get(name.target)?.drop(formatObjectKey(name)),
    letGo: ({ target, object }) => registries.get(target)?.drop(formatObjectKey(refOf(object))),
  };
}

function appliedUnit(
  object: LiveObject,
  target: string,
  sources: ReadonlyMap<UnitId, Location>,
): AppliedUnit {
  const ref = refOf(object);
  const id = formatUnitId({ ...ref, target });
  const leaving = object.metadata['deletionTimestamp'] !== undefined;
  return {
    id,
    target,
    parent: readMarkers(object, ref)?.owner.unit,
    manifest: bare(object),
    object,
    generation: Number(object.metadata['generation'] ?? 0),
    leaving: leaving ? (isReleased(object) ? 'released' : 'removed') : 'no',
    source: sources.get(id),
    incomplete: holdsRedacted(object),
  };
}

const SERVER_FIELDS: readonly string[] = [
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'managedFields',
];

function bare(object: LiveObject): Manifest {
  const { status: _status, ...rest } = object;
  const metadata = Object.fromEntries(
    Object.entries(rest.metadata).filter(([name]) => !SERVER_FIELDS.includes(name)),
  );
  return withoutMarkers({ ...rest, metadata });
}

/** The object that a unit of Git is in the registry: there, with its conditions, and nobody's to write. */
function definedObject(
  deps: NestedUnitsDeps,
  target: string,
  text: string,
): LiveObject | undefined {
  const key = parseObjectKey(text);
  const state = key && deps.unit(formatUnitId({ ...key, target }));
  if (!key || !state || state.work.kind === 'removed' || isChangingHands(state.work))
    return undefined;
  const { apiVersion, nested } = state.work.header;
  if (apiVersion === undefined || nested) return undefined;
  const conditions = state.memory.conditions.map((condition: Condition) => ({ ...condition }));
  return {
    apiVersion,
    kind: key.kind,
    metadata: {
      name: key.name,
      ...(key.namespace === '' ? {} : { namespace: key.namespace }),
      uid: `git:${state.id}`,
      resourceVersion: `${state.readiness.snapshot} ${state.readiness.status}`,
    },
    status: { conditions },
  };
}
