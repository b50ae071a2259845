// Who has to wait for whose running pass. A unit that took over claims must not look at their objects while the unit
// that gave them still has writes under way, or it would take "not there yet" for "gone". For the same reason nobody
// takes an object away while a pass that had it on loan may still write it.
import type { UnitId } from '../model/unit-id.ts';
import type { ClaimKey } from './ownership-index.ts';

export interface Turns {
  /** @param lent claims that others have and that the pass may still write */
  begin(unit: UnitId, lent: readonly ClaimKey[]): void;
  /** @returns units that waited for the end of this pass, and for nothing else */
  end(unit: UnitId): readonly UnitId[];
  /** What running passes have on loan, by who runs. */
  lent(): readonly (readonly [UnitId, readonly ClaimKey[]])[];
  /** The taker waits until the pass of the giver that runs now has ended, and for whom the giver itself waits. */
  letFinish(giver: UnitId, taker: UnitId): void;
  mustWait(unit: UnitId): boolean;
}

/** Nobody runs and nobody waits. */
export function createTurns(): Turns {
  const running = new Map<UnitId, readonly ClaimKey[]>();
  /** By taker. */
  const waits = new Map<UnitId, Set<UnitId>>();
  return {
    begin: (unit, lent) => void running.set(unit, lent),
    end: (unit) => {
      running.delete(unit);
      const free: UnitId[] = [];
      for (const [taker, givers] of waits) {
        if (!givers.delete(unit) || givers.size > 0) continue;
        waits.delete(taker);
        free.push(taker);
      }
      return free;
    },
    lent: () => [...running].filter(([, claims]) => claims.length > 0),
    letFinish: (giver, taker) => {
      const givers = [...(waits.get(giver) ?? []), ...(running.has(giver) ? [giver] : [])];
      if (givers.length === 0) return;
      waits.set(taker, new Set([...(waits.get(taker) ?? []), ...givers]));
    },
    mustWait: (unit) => waits.has(unit),
  };
}
