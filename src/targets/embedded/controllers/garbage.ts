// Garbage collection by owner references: dependants of what is gone go too; owners wait or let go when asked to.
import { isObject, listAt } from '../../../model/json.ts';
import type { LiveObject } from '../../target.ts';
import { withKey } from '../../../schema/plain-object.ts';
import { FOREGROUND, finalizersOf, ORPHAN } from '../delete.ts';
import { isTerminating, parseStorageKey, uidOf } from '../object-id.ts';
import { ownerKey, ownersOf } from '../owner-references.ts';
import type { OwnerReference } from '../owner-references.ts';
import { dropFinalizer, remove, rewrite } from './world.ts';
import type { World } from './world.ts';

/** Looks at one object as dependant and as owner; called for whatever changed and for dependants of what went. */
export function collectGarbage(object: LiveObject, world: World): void {
  const finalizers = isTerminating(object) ? finalizersOf(object) : [];
  if (finalizers.includes(ORPHAN)) {
    letGo(object, world);
    return;
  }
  if (finalizers.includes(FOREGROUND)) {
    waitForDependants(object, world);
    return;
  }
  if (ownersOf(object).length > 0) judgeDependant(object, world);
}

function judgeDependant(object: LiveObject, world: World): void {
  const states = ownersOf(object).map((owner) => ({
    owner,
    state: stateOf(object, owner, world),
  }));
  const dangling = states.filter(({ state }) => state === 'absent');
  if (states.some(({ state }) => state === 'live')) {
    if (dangling.length > 0) {
      dropOwners(
        world,
        object,
        dangling.map(({ owner }) => owner.uid),
      );
    }
    return;
  }
  if (isTerminating(object)) return;
  const waitedFor = states.some(({ state }) => state === 'waiting');
  const hasDependants = world.core.owners.dependants(uidOf(object)).length > 0;
  remove(world, object, { propagation: waitedFor && hasDependants ? 'Foreground' : 'Background' });
}

/** `waiting`: the owner is being deleted and waits for its dependants to go first. */
function stateOf(
  object: LiveObject,
  owner: OwnerReference,
  world: World,
): 'live' | 'waiting' | 'absent' {
  const scope = world.core.kinds.find(owner.apiVersion, owner.kind)?.scope;
  // A namespaced owner is only looked for in the dependant's own namespace.
  const found = world.core.get(ownerKey(owner, scope, object.metadata.namespace ?? ''));
  if (!found || uidOf(found) !== owner.uid) return 'absent';
  return isTerminating(found) && finalizersOf(found).includes(FOREGROUND) ? 'waiting' : 'live';
}

function letGo(owner: LiveObject, world: World): void {
  for (const dependant of dependantsOf(owner, world)) dropOwners(world, dependant, [uidOf(owner)]);
  dropFinalizer(world, owner, ORPHAN);
}

function waitForDependants(owner: LiveObject, world: World): void {
  const uid = uidOf(owner);
  for (const dependant of dependantsOf(owner, world)) judgeDependant(dependant, world);
  const blocking = dependantsOf(owner, world).some((dependant) =>
    ownersOf(dependant).some((ref) => ref.uid === uid && ref.blockOwnerDeletion),
  );
  if (!blocking) dropFinalizer(world, owner, FOREGROUND);
}

function dependantsOf(owner: LiveObject, world: World): readonly LiveObject[] {
  return world.core.owners
    .dependants(uidOf(owner))
    .map((name) => world.core.get(parseStorageKey(name)))
    .filter((object) => object !== undefined);
}

function dropOwners(world: World, object: LiveObject, uids: readonly string[]): void {
  const rest = listAt(object.metadata, 'ownerReferences').filter(
    (entry) => !isObject(entry) || !uids.includes(String(entry['uid'])),
  );
  const metadata = withKey(
    object.metadata,
    'ownerReferences',
    rest.length === 0 ? undefined : rest,
  );
  rewrite(world, object, { ...object, metadata });
}
