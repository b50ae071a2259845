// Who wants which key in one snapshot; two units that want the same object are told, and the holder keeps it. Pure.
import { diagnostic } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { inventoryKey } from '../model/inventory.ts';
import type { ObjectRef } from '../model/object-key.ts';
import type { UnitId, UnitName } from '../model/unit-id.ts';
import { claimKey } from './ownership-index.ts';
import type { ClaimKey } from './ownership-index.ts';
import type { UnitWork } from './unit-state.ts';

type Works = ReadonlyMap<UnitId, { readonly name: UnitName; readonly work: UnitWork }>;

interface Wanter {
  readonly unit: UnitId;
  readonly ref: ObjectRef;
  readonly source: { readonly file: string; readonly line?: number; readonly column?: number };
}

/**
 * Of several units that want one object, the one whose inventory names it keeps it; the others (all, where
 * nobody holds it) do not start their new revision and say why.
 */
export function settleClaims(
  entries: Works,
  holder: (claim: ClaimKey) => UnitId | undefined,
): { readonly works: Works; readonly wanted: ReadonlyMap<ClaimKey, UnitId> } {
  const first = new Map<ClaimKey, Wanter>();
  const contested = new Map<ClaimKey, Wanter[]>();
  for (const [unit, { name, work }] of entries) {
    if (work.kind !== 'desired') continue;
    for (const phase of work.desired.phases) {
      for (const { ref, source, external } of phase.objects) {
        if (external === true) continue;
        const claim = claimKey(name.target, inventoryKey(ref));
        const before = first.get(claim);
        if (!before) first.set(claim, { unit, ref, source });
        else if (before.unit !== unit) {
          const list = contested.get(claim) ?? [before];
          list.push({ unit, ref, source });
          contested.set(claim, list);
        }
      }
    }
  }
  const losers = new Map<UnitId, Diagnostic[]>();
  for (const [claim, wanters] of contested) {
    const winner = holder(claim);
    for (const wanter of wanters) {
      if (wanter.unit === winner) continue;
      const others = wanters.filter((other) => other.unit !== wanter.unit).map(({ unit }) => unit);
      const message = `the object is also defined by ${others.join(', ')}`;
      const item = diagnostic('ObjectClaimed', message, { object: wanter.ref, ...wanter.source });
      losers.set(wanter.unit, [...(losers.get(wanter.unit) ?? []), item]);
    }
  }
  return {
    works: withLosers(entries, losers),
    wanted: wantedKeys(first, contested, losers, holder),
  };
}

function withLosers(entries: Works, losers: ReadonlyMap<UnitId, readonly Diagnostic[]>): Works {
  if (losers.size === 0) return entries;
  const works = new Map(entries);
  for (const [unit, diagnostics] of losers) {
    const entry = entries.get(unit);
    if (!entry || entry.work.kind !== 'desired') continue;
    const { header, snapshot } = entry.work;
    works.set(unit, { name: entry.name, work: { kind: 'broken', snapshot, header, diagnostics } });
  }
  return works;
}

function wantedKeys(
  first: ReadonlyMap<ClaimKey, Wanter>,
  contested: ReadonlyMap<ClaimKey, readonly Wanter[]>,
  losers: ReadonlyMap<UnitId, readonly Diagnostic[]>,
  holder: (claim: ClaimKey) => UnitId | undefined,
): ReadonlyMap<ClaimKey, UnitId> {
  const wanted = new Map<ClaimKey, UnitId>();
  for (const [claim, { unit }] of first) {
    const owner = contested.has(claim) ? holder(claim) : unit;
    if (owner !== undefined && !losers.has(owner)) wanted.set(claim, owner);
  }
  return wanted;
}
