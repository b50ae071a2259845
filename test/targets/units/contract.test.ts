// The registry of units keeps the contract of the port, as far as its kinds can: no namespaces, and units that take
// their time to go.
import type { Manifest } from '../../../src/model/manifest.ts';
import { formatObjectKey, refOf } from '../../../src/model/object-key.ts';
import { createUnitRegistry } from '../../../src/targets/units/index.ts';
import type { UnitRegistry } from '../../../src/targets/units/index.ts';
import { describeTarget } from '../../contract/target.contract.ts';
import type { TargetTraits } from '../../contract/target.contract.ts';

const GROUP = 'package-operator.run/v1alpha1';

const PACKAGES: TargetTraits = {
  settingsAt: ['spec', 'config'],
  object: (name, namespace, config) => ({
    apiVersion: GROUP,
    kind: 'Package',
    metadata: { name, namespace },
    spec: { image: './packages/some', config },
  }),
  kinds: [
    { apiVersion: GROUP, kind: 'Package', scope: 'Namespaced' },
    { apiVersion: GROUP, kind: 'ClusterObjectSet', scope: 'Cluster' },
  ],
  namespaces: false,
  sealed: (name, namespace) => {
    const set = (phase: string): Manifest => ({
      apiVersion: GROUP,
      kind: 'ObjectSet',
      metadata: { name, namespace },
      spec: { phases: [{ name: phase, objects: [] }] },
    });
    const message = 'ObjectSet "sealed" is invalid: spec.phases: phases is immutable';
    return { first: set('one'), next: set('two'), message };
  },
};

/** Whatever a unit made is gone a moment later here. */
function letUnitsGo(registry: UnitRegistry): void {
  for (const object of registry.objects()) {
    const isLeaving = object.metadata['deletionTimestamp'] !== undefined;
    if (isLeaving) registry.drop(formatObjectKey(refOf(object)));
  }
}

describeTarget(
  'a registry of units',
  () => {
    let uids = 0;
    const target: UnitRegistry = createUnitRegistry({
      name: 'local+units',
      identity: () => Promise.resolve('units of a test'),
      now: () => '2026-01-01T00:00:00Z',
      newUid: () => `uid-${(uids += 1)}`,
      defined: () => undefined,
      onChange: () => void setImmediate(() => letUnitsGo(target)),
    });
    return Promise.resolve({
      target,
      namespace: 'contract',
      settle: () => new Promise<void>((resolve) => void setImmediate(resolve)),
      close: () => target.close(),
    });
  },
  PACKAGES,
);
