// Objects that a plan finds in the hands of another instance: most often the plan was asked for under the wrong name.
import { diagnostic } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { DesiredState } from '../model/desired.ts';
import { inventoryKey } from '../model/inventory.ts';
import { readMarkers } from '../model/owner-marker.ts';
import type { ReadResult } from '../targets/target.ts';

/** How many objects there are, by instance. */
export type OtherInstances = Map<string, number>;

/** Counts the wanted objects that carry the marker of another instance. */
export function countOthers(
  others: OtherInstances,
  wanted: { readonly desired: DesiredState | undefined; readonly instance: string },
  reads: ReadonlyMap<string, ReadResult>,
): void {
  for (const { ref } of wanted.desired?.phases.flatMap(({ objects }) => objects) ?? []) {
    const read = reads.get(inventoryKey(ref));
    const owner = read?.state === 'live' ? readMarkers(read.object, ref)?.owner : undefined;
    if (owner === undefined || owner.instance === wanted.instance) continue;
    others.set(owner.instance, (others.get(owner.instance) ?? 0) + 1);
  }
}

/** One warning per instance. */
export function othersTold(others: OtherInstances, instance: string): readonly Diagnostic[] {
  return [...others].map(([name, count]) => {
    const objects = count === 1 ? 'one object belongs' : `${count} objects belong`;
    const message = `${objects} to the instance ${name}; this plan is for ${instance}`;
    const hint = `Where that instance is meant, name it: --instance ${name}.`;
    return diagnostic('CollisionDetected', message, { severity: 'warning', hint });
  });
}
