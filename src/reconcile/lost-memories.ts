// Looks for what a target holds of ours where the status branch knows nothing of that target: branch and disk were
// lost, or the target is new to this repository. Nothing is removed from a target before it has been searched.
import type { Diagnostic } from '../model/diagnostic.ts';
import type { UnitMemory } from '../model/unit-memory.ts';
import { rebuildMemories } from './rebuild.ts';
import type { RunningTarget } from './unit-deps.ts';

export interface LostMemoriesDeps {
  readonly instance: string;
  /** Targets that the status branch names units of. */
  readonly known: Iterable<string>;
  readonly target: (name: string) => Promise<RunningTarget | Diagnostic>;
}

export interface LostMemories {
  /** What these targets hold, each asked once; one that cannot be reached is asked again the next time. */
  search(names: readonly string[], signal?: AbortSignal): Promise<readonly UnitMemory[]>;
}

/** Builds the search. */
export function createLostMemories(deps: LostMemoriesDeps): LostMemories {
  const searched = new Set(deps.known);
  return {
    async search(names, signal) {
      const found: UnitMemory[] = [];
      for (const name of names) {
        if (searched.has(name)) continue;
        const running = await deps.target(name);
        // Without the target no unit of it runs either, and its passes say why.
        if (!('target' in running)) continue;
        found.push(...(await rebuildMemories(running.target, deps.instance, signal)));
        searched.add(name);
      }
      return found;
    },
  };
}
