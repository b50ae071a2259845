// Whoever runs the phases of a class: makes their objects, says so in their status, and tears them down when they go.
import { isObject, listAt, objectAt, stringAt } from '../../src/model/json.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { annotationOf, labelsOf } from '../../src/model/manifest.ts';
import type { Manifest } from '../../src/model/manifest.ts';
import { refOf } from '../../src/model/object-key.ts';
import type { LiveObject, Target } from '../../src/targets/target.ts';
import type { Simulation } from './simulation.ts';

const API_VERSION = 'package-operator.run/v1alpha1';
const KIND = 'ObjectSetPhase';
const MANAGER = 'far';
const FINALIZER = 'far.example.test/teardown';
const CONTROLLER = 'far.example.test/phase';
const REVISION = 'far.example.test/revision';
/** Between two looks, in simulated milliseconds. */
const PERIOD_MS = 700;

/** The kind without a status subresource: what the controller writes there counts as a new generation. */
export const PHASE_CRD = JSON.stringify({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'objectsetphases.package-operator.run' },
  spec: {
    group: 'package-operator.run',
    scope: 'Namespaced',
    names: { kind: KIND, plural: 'objectsetphases', singular: 'objectsetphase' },
    versions: [
      {
        name: 'v1alpha1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        },
      },
    ],
  },
});

/** Starts it beside the sessions of a simulation; it outlives them and knows nothing of them. */
export function runPhaseController({ target, clock }: Simulation, phaseClass: string): void {
  const look = async (): Promise<void> => {
    const all = (await target.list({ apiVersion: API_VERSION, kind: KIND })) ?? [];
    const ours = all.filter(
      (live) => labelsOf(live)['package-operator.run/phase-class'] === phaseClass,
    );
    // Older revisions first, so that a newer one takes over what both want.
    for (const live of ours.toSorted((a, b) => revisionOf(a) - revisionOf(b))) {
      if (live.metadata['deletionTimestamp'] === undefined) await bringOut(target, live);
      else await tearDown(target, live);
    }
  };
  const run = async (): Promise<void> => {
    for (;;) {
      await clock.sleep(PERIOD_MS);
      await look();
    }
  };
  void run();
}

async function bringOut(target: Target, phase: LiveObject): Promise<void> {
  if (listAt(phase.metadata as JsonObject, 'finalizers').length === 0) {
    await patch(target, phase, { metadata: { finalizers: [FINALIZER] } });
    return;
  }
  for (const wanted of objectsOf(phase)) await apply(target, phase, wanted);
  const generation = Number(phase.metadata['generation'] ?? 0);
  const [said] = listAt(objectAt(phase, 'status'), 'conditions').filter(isObject);
  if (said?.['observedGeneration'] === generation) return;
  const available = {
    type: 'Available',
    status: 'True',
    reason: 'Available',
    message: '',
    observedGeneration: generation + 1,
    lastTransitionTime: '2026-01-01T00:00:00Z',
  };
  await patch(target, phase, { status: { conditions: [available] } });
}

/** Makes the object, or takes it over from an older phase. */
async function apply(target: Target, phase: LiveObject, wanted: Manifest): Promise<void> {
  const marks = {
    [CONTROLLER]: phase.metadata.name ?? '',
    [REVISION]: String(revisionOf(phase)),
  };
  const object = { ...wanted, metadata: { ...wanted.metadata, annotations: marks } };
  const [now] = await target.read([refOf(wanted)]);
  if (now?.state === 'absent') {
    await target.write({ verb: 'create', object, manager: MANAGER });
    return;
  }
  if (now?.state !== 'live') return;
  const holder = Number(annotationOf(now.object, REVISION) ?? 0);
  if (holder >= revisionOf(phase)) return;
  await patch(target, now.object, { metadata: { annotations: marks }, data: wanted['data'] ?? {} });
}

/** Deletes what this phase still controls, and lets the phase go when all of it is gone. */
async function tearDown(target: Target, phase: LiveObject): Promise<void> {
  let left = 0;
  for (const wanted of objectsOf(phase)) {
    const [now] = await target.read([refOf(wanted)]);
    if (now?.state !== 'live') continue;
    if (annotationOf(now.object, CONTROLLER) !== phase.metadata.name) continue;
    left += 1;
    await target.remove(refOf(wanted), { uid: String(now.object.metadata['uid']) });
  }
  if (left === 0) await patch(target, phase, { metadata: { finalizers: null } });
}

async function patch(target: Target, live: LiveObject, change: JsonObject): Promise<void> {
  await target.write({
    verb: 'patch',
    ref: refOf(live),
    patch: change,
    manager: MANAGER,
    expect: {
      uid: String(live.metadata['uid']),
      version: String(live.metadata['resourceVersion']),
    },
  });
}

function objectsOf(phase: LiveObject): readonly Manifest[] {
  return listAt(objectAt(phase, 'spec'), 'objects').flatMap((item) => {
    const object = isObject(item) ? objectAt(item, 'object') : {};
    return stringAt(object, 'kind') === undefined ? [] : [object as Manifest];
  });
}

function revisionOf(phase: LiveObject): number {
  return Number(objectAt(phase, 'spec')['revision'] ?? 0);
}
