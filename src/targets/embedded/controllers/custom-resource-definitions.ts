// CRDs: accepted and established after a while; deleted only after their objects.
import { listAt, objectAt, stringAt } from '../../../model/json.ts';
import type { Json, JsonObject } from '../../../model/json.ts';
import { isObject } from '../../../model/json.ts';
import type { LiveObject } from '../../target.ts';
import { CRD_CLEANUP } from '../delete.ts';
import { isEstablished } from '../kinds.ts';
import { isTerminating, kindPrefix } from '../object-id.ts';
import { behaviourOf } from './behaviour.ts';
import { dropFinalizer, remaining, remove, setStatus, transition } from './world.ts';
import type { World } from './world.ts';

export function reconcileCrd(crd: LiveObject, world: World): number | undefined {
  if (isTerminating(crd)) return terminate(crd, world);
  const names = objectAt(objectAt(crd, 'spec'), 'names');
  const status = objectAt(crd, 'status');
  if (!isEstablished(crd)) {
    const behaviour = behaviourOf(crd, world.readyAfterMs);
    if (behaviour.hold) return undefined;
    const wait = remaining(world, crd, 'establish', behaviour.readyAfterMs);
    if (wait > 0) return wait;
    const rival = behaviour.fail ?? conflictingName(crd, world);
    if (rival !== undefined) {
      setStatus(world, crd, { ...status, conditions: refused(crd, world, rival) });
      return undefined;
    }
  }
  setStatus(world, crd, {
    ...status,
    conditions: transition(listAt(status, 'conditions'), world.now, [
      {
        type: 'NamesAccepted',
        status: 'True',
        reason: 'NoConflicts',
        message: 'no conflicts found',
      },
      {
        type: 'Established',
        status: 'True',
        reason: 'InitialNamesAccepted',
        message: 'the initial names have been accepted',
      },
    ]),
    acceptedNames: acceptedNames(names),
    storedVersions: storedVersions(crd),
  });
  return undefined;
}

function terminate(crd: LiveObject, world: World): number | undefined {
  const spec = objectAt(crd, 'spec');
  const group = stringAt(spec, 'group') ?? '';
  const kind = stringAt(objectAt(spec, 'names'), 'kind') ?? '';
  const instances = [...world.core.store.entries(kindPrefix(group, kind))];
  for (const [, instance] of instances) {
    if (!isTerminating(instance)) remove(world, instance, { propagation: 'Background' });
  }
  const left = [...world.core.store.keys(kindPrefix(group, kind))].length;
  if (left === 0) {
    dropFinalizer(world, crd, CRD_CLEANUP);
    return undefined;
  }
  const status = objectAt(crd, 'status');
  const others = listAt(status, 'conditions').filter(
    (entry): entry is JsonObject => isObject(entry) && entry['type'] !== 'Terminating',
  );
  const message = 'CustomResource deletion is in progress';
  const terminating = { type: 'Terminating', status: 'True', reason: 'InstanceDeletionInProgress' };
  const before = listAt(status, 'conditions');
  const [condition] = transition(before, world.now, [{ ...terminating, message }]);
  setStatus(world, crd, { ...status, conditions: [...others, ...(condition ? [condition] : [])] });
  return undefined;
}

/** The kind of another CRD of the same group that has this one's kind or plural. */
function conflictingName(crd: LiveObject, world: World): string | undefined {
  const spec = objectAt(crd, 'spec');
  const names = objectAt(spec, 'names');
  for (const kind of world.core.kinds.all()) {
    const own = `${kind.resource}.${kind.group}` === crd.metadata.name;
    if (own || kind.group !== spec['group']) continue;
    if (kind.kind === names['kind']) return `"${kind.kind}" is already in use`;
  }
  return undefined;
}

function refused(crd: LiveObject, world: World, message: string): readonly JsonObject[] {
  return transition(listAt(objectAt(crd, 'status'), 'conditions'), world.now, [
    { type: 'NamesAccepted', status: 'False', reason: 'KindConflict', message },
    {
      type: 'Established',
      status: 'False',
      reason: 'NotAccepted',
      message: 'not all names are accepted',
    },
  ]);
}

function acceptedNames(names: JsonObject): JsonObject {
  const kind = stringAt(names, 'kind') ?? '';
  return {
    ...names,
    singular: stringAt(names, 'singular') ?? kind.toLowerCase(),
    listKind: stringAt(names, 'listKind') ?? `${kind}List`,
  };
}

function storedVersions(crd: LiveObject): readonly Json[] {
  const known = listAt(objectAt(crd, 'status'), 'storedVersions');
  const current = listAt(objectAt(crd, 'spec'), 'versions')
    .filter((version) => isObject(version) && version['storage'] === true)
    .map((version) => (isObject(version) ? (version['name'] ?? '') : ''));
  return [...new Set([...known, ...current])];
}
