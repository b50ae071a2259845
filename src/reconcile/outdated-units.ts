// Units whose parent is about to ask for something else: what they give up then may be taken before they know, and
// what they will want stays until they do. Pure.
import type { UnitId } from '../model/unit-id.ts';
import type { ClaimKey } from './ownership-index.ts';
import { claimsOf } from './yielding.ts';
import type { Works } from './unit-state.ts';
import type { Yields } from './yielding.ts';

export interface Outlook {
  /** Units as they will be. */
  readonly ahead: Works;
  /** Units that nobody asks for any more. */
  readonly unwanted: ReadonlySet<UnitId>;
}

/**
 * What outdated units give up to those that are up to date: a parent gets to their new objects only phases later,
 * and would wait for itself.
 */
export function yieldsOfOutdated(entries: Works, { ahead, unwanted }: Outlook): Yields {
  const given = new Map<UnitId, ReadonlySet<ClaimKey>>();
  const outdated = new Set([...ahead.keys(), ...unwanted]);
  if (outdated.size === 0) return given;
  const wanted = new Set<ClaimKey>();
  for (const [id, { name, work }] of entries) {
    if (outdated.has(id)) continue;
    for (const claim of claimsOf(name, work)) wanted.add(claim);
  }
  for (const id of outdated) {
    const entry = entries.get(id);
    const next = ahead.get(id);
    // What it will want is not known, so it keeps what it has.
    if (!entry || next?.work.kind === 'broken') continue;
    const kept = new Set(next ? claimsOf(next.name, next.work) : []);
    const claims = claimsOf(entry.name, entry.work).filter(
      (claim) => wanted.has(claim) && !kept.has(claim),
    );
    if (claims.length > 0) given.set(id, new Set(claims));
  }
  return given;
}

/** What units will want once their parents get to them. */
export function claimsAhead({ ahead }: Pick<Outlook, 'ahead'>): ReadonlyMap<ClaimKey, UnitId> {
  const found = new Map<ClaimKey, UnitId>();
  for (const [id, { name, work }] of ahead) {
    for (const claim of claimsOf(name, work)) found.set(claim, id);
  }
  return found;
}
