// The ObjectSetPhase that stands for a phase which somebody else runs (package-operator §7.4). Pure.
import { PKO } from '../model/annotations.ts';
import type { DesiredObject, DesiredPhase, DesiredState } from '../model/desired.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { Manifest } from '../model/manifest.ts';
import { refOf } from '../model/object-key.ts';
import { withoutSluiceKeys } from '../model/owner-marker.ts';
import type { UnitMemory } from '../model/unit-memory.ts';
import { revisionName } from './api-status/revision-name.ts';
import type { UnitState } from './unit-state.ts';

const SETS: ReadonlySet<string> = new Set(['ObjectSet', 'ClusterObjectSet']);

/** The same state where every phase is ours; else with stand-ins, made once per revision. */
export function standIn(state: UnitState, desired: DesiredState, number: number): DesiredState {
  const known = state.standIns;
  if (known?.of === desired && known.number === number) return known.made;
  const made = withStandIns(desired, { memory: state.memory, number });
  if (made !== desired) state.standIns = { of: desired, number, made };
  return made;
}

/** Puts one ObjectSetPhase in the place of the objects of each phase that somebody else runs. */
export function withStandIns(
  desired: DesiredState,
  revision: { readonly memory: UnitMemory; readonly number: number },
): DesiredState {
  if (!desired.phases.some((phase) => phase.remote === true)) return desired;
  const phases = desired.phases.map((phase) =>
    phase.remote === true ? { ...phase, objects: [standInOf(phase, desired, revision)] } : phase,
  );
  return { ...desired, phases };
}

function standInOf(
  phase: DesiredPhase,
  desired: DesiredState,
  { memory, number }: { readonly memory: UnitMemory; readonly number: number },
): DesiredObject {
  const { namespace } = memory.name;
  const objects = phase.objects.filter((object) => object.external !== true);
  const external = phase.objects.filter((object) => object.external === true);
  const previous = previousNames(memory, number);
  const standInWith = (contentOf: (object: DesiredObject) => Manifest): Manifest => ({
    apiVersion: 'package-operator.run/v1alpha1',
    kind: namespace === '' ? 'ClusterObjectSetPhase' : 'ObjectSetPhase',
    metadata: {
      name: `${setName(desired, memory, number)}-${phase.name}`,
      ...(namespace === '' ? {} : { namespace }),
      labels: { [PKO.phaseClass]: phase.class ?? '' },
    },
    spec: {
      revision: number,
      ...(previous.length === 0 ? {} : { previous: previous.map((name) => ({ name })) }),
      availabilityProbes: desired.availabilityProbes.map(({ selector, probes }) => ({
        selector,
        probes,
      })),
      objects: entriesOf(objects, contentOf),
      ...(external.length === 0 ? {} : { externalObjects: entriesOf(external, contentOf) }),
    },
  });
  const manifest = standInWith((object) => object.manifest);
  return {
    ref: refOf(manifest),
    manifest,
    ...secrecyOf(phase, standInWith),
    collisionProtection: 'Prevent',
    conditionMappings: [],
    source: phase.objects[0]?.source ?? { file: '' },
  };
}

/**
 * What `spec.previous` of a revision's phases says. It is settled when the revision begins: that old revisions are
 * forgotten later is no reason to close the gate of what runs.
 */
export function previousNames(memory: UnitMemory, number: number): readonly string[] {
  const recorded = memory.revisions.find((record) => record.number === number)?.previous;
  if (recorded) return recorded;
  const before = memory.revisions.filter((record) => record.number < number);
  return before.map((record) => setName({ templateHash: record.hash }, memory, record.number));
}

/** An ObjectSet keeps its own name; revisions of everything else are called as upstream calls their sets. */
function setName(
  { templateHash }: Pick<DesiredState, 'templateHash'>,
  memory: UnitMemory,
  number: number,
): string {
  if (SETS.has(memory.name.kind)) return memory.name.name;
  return revisionName(memory, { hash: templateHash, number });
}

/** What is secret in an object of the phase is no less secret inside the ObjectSetPhase that carries it. */
function secrecyOf(
  { objects }: DesiredPhase,
  standInWith: (contentOf: (object: DesiredObject) => Manifest) => Manifest,
): Pick<DesiredObject, 'secrecy'> {
  if (!objects.some(({ secrecy }) => secrecy)) return {};
  const values = [...new Set(objects.flatMap(({ secrecy }) => secrecy?.values ?? []))];
  const shown = standInWith(({ secrecy, manifest }) => secrecy?.shown ?? manifest);
  return { secrecy: { shown, values } };
}

function entriesOf(
  objects: readonly DesiredObject[],
  contentOf: (object: DesiredObject) => Manifest,
): readonly Json[] {
  return objects.map((object) => entryOf(object, contentOf(object)));
}

function entryOf(object: DesiredObject, content: Manifest): Json {
  const { collisionProtection, conditionMappings } = object;
  const manifest: JsonObject = withoutSluiceKeys(content);
  return {
    object: manifest,
    collisionProtection,
    ...(conditionMappings.length === 0
      ? {}
      : { conditionMappings: conditionMappings.map((mapping) => ({ ...mapping })) }),
  };
}
