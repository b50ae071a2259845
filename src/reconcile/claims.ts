// Who wants which key in one snapshot; of units that want the same object only the one that has it goes on. Pure.
import type { Diagnostic } from '../model/diagnostic.ts';
import type { UnitId } from '../model/unit-id.ts';
import { claimOwnership } from '../render/index.ts';
import type { ClaimKey } from './ownership-index.ts';
import type { UnitWork, Works } from './unit-state.ts';

/**
 * Of several units that want one object, the one whose inventory names it keeps it; the others (all, where
 * nobody holds it) do not start their new revision and say why.
 */
export function settleClaims(
  entries: Works,
  holder: (claim: ClaimKey) => UnitId | undefined,
): { readonly works: Works; readonly wanted: ReadonlyMap<ClaimKey, UnitId> } {
  const claims = [...entries].flatMap(([unit, { name, work }]) =>
    work.kind === 'desired' ? [{ unit, target: name.target, desired: work.desired }] : [],
  );
  const { owners, conflicts, diagnostics } = claimOwnership(claims, holder);
  const losers = new Set(
    conflicts.flatMap(({ units, keeper }) => units.filter((unit) => unit !== keeper)),
  );
  if (losers.size === 0) return { works: entries, wanted: owners };
  const works = new Map(entries);
  for (const unit of losers) {
    const entry = entries.get(unit);
    if (entry) works.set(unit, { name: entry.name, work: refused(entry.work, diagnostics, unit) });
  }
  return { works, wanted: new Map([...owners].filter(([, unit]) => !losers.has(unit))) };
}

function refused(
  work: UnitWork,
  diagnostics: ReadonlyMap<UnitId, readonly Diagnostic[]>,
  unit: UnitId,
): UnitWork {
  if (work.kind !== 'desired') return work;
  const { snapshot, header } = work;
  return { kind: 'broken', snapshot, header, diagnostics: diagnostics.get(unit) ?? [] };
}
