// Phases of a class that is no target of ours: an ObjectSetPhase is kept, and what it says of itself is the phase's
// result (package-operator §7.4). Wraps the phase engine, which creates, takes over and removes that object.
import type { ConditionInput } from '../model/conditions.ts';
import type { DesiredPhase } from '../model/desired.ts';
import { isObject, listAt, objectAt, stringAt } from '../model/json.ts';
import type { Manifest } from '../model/manifest.ts';
import { probeRemotePhase } from '../probes/index.ts';
import type { LiveObject } from '../targets/target.ts';
import { mapConditions } from './condition-map.ts';
import type { ObjectState, PhaseContext, PhaseEngine, PhaseResult } from './phase-engine.ts';

/** Builds the runner of all phases over the one of phases that we run ourselves. */
export function withRemotePhases(phases: PhaseEngine): PhaseEngine {
  return {
    reconcile: (phase, index, context) =>
      phase.remote === true
        ? reconcileRemote(phases, phase, index, context)
        : phases.reconcile(phase, index, context),
    teardown: (entries, context) => phases.teardown(entries, context),
  };
}

async function reconcileRemote(
  phases: PhaseEngine,
  phase: DesiredPhase,
  index: number,
  context: PhaseContext,
): Promise<PhaseResult> {
  const reports = new Map<string, LiveObject>();
  const probing: PhaseContext = {
    ...context,
    probe: (live) => {
      reports.set(live.metadata.name ?? '', live);
      return probeRemotePhase(live);
    },
  };
  const looked = await phases.reconcile(phase, index, probing);
  const isThere = [...looked.objects.values()].some(
    ({ outcome }) => 'uid' in outcome && (outcome.kind !== 'left' || outcome.ours),
  );
  // Pausing is an order to whoever runs the phase; a phase that does not exist yet is not begun for it.
  const result =
    context.paused && isThere
      ? await phases.reconcile(withPause(phase), index, {
          ...probing,
          paused: false,
          rehearse: false,
          before: looked,
          dirty: () => true,
        })
      : looked;
  const objects = [...result.objects].map(
    ([key, state]) => [key, withReport(state, reports.get(state.ref.name))] as const,
  );
  return { ...result, objects: new Map(objects), remote: true };
}

function withPause(phase: DesiredPhase): DesiredPhase {
  const objects = phase.objects.map((object) => {
    const manifest: Manifest = {
      ...object.manifest,
      spec: { ...objectAt(object.manifest, 'spec'), paused: true },
    };
    return { ...object, manifest };
  });
  return { ...phase, objects };
}

/** Conditions of other domains and the list of controlled objects count as the phase's own. */
function withReport(state: ObjectState, live: LiveObject | undefined): ObjectState {
  if (!live) return state;
  const status = objectAt(live, 'status');
  const mapped: readonly ConditionInput[] = mapConditions(
    live,
    listAt(status, 'conditions').flatMap((condition) => {
      const type = isObject(condition) ? (stringAt(condition, 'type') ?? '') : '';
      return type.includes('/') ? [{ sourceType: type, destinationType: type }] : [];
    }),
  );
  return { ...state, mapped, controls: listAt(status, 'controllerOf').filter(isObject) };
}
