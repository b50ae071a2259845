// Units whose parent is about to ask for something else: what they give up then may be taken before they know. Pure.
import type { UnitId } from '../model/unit-id.ts';
import type { ClaimKey } from './ownership-index.ts';
import { claimsOf } from './yielding.ts';
import type { Works, Yields } from './yielding.ts';

/**
 * What outdated units give up: everything that a unit wants which is up to date. The parent gets to the new object
 * of the outdated one only phases later, and would wait for itself.
 */
export function yieldsOfOutdated(entries: Works, outdated: ReadonlySet<UnitId>): Yields {
  const given = new Map<UnitId, ReadonlySet<ClaimKey>>();
  if (outdated.size === 0) return given;
  const wanted = new Set<ClaimKey>();
  for (const [id, { name, work }] of entries) {
    if (outdated.has(id)) continue;
    for (const claim of claimsOf(name, work)) wanted.add(claim);
  }
  for (const id of outdated) {
    const entry = entries.get(id);
    if (!entry) continue;
    const claims = claimsOf(entry.name, entry.work).filter((claim) => wanted.has(claim));
    if (claims.length > 0) given.set(id, new Set(claims));
  }
  return given;
}
