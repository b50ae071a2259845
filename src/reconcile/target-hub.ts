// The running targets: engines for each, and one watch each whose events wake the units that own what changed.
import { createObjectEngine } from '../apply/object-engine.ts';
import { createPhaseEngine } from '../apply/phase-engine.ts';
import { withRemotePhases } from '../apply/remote-phase.ts';
import { createRevisionEngine } from '../apply/revision-engine.ts';
import type { TargetPlace } from '../apply/target-place.ts';
import type { ApplyEvent } from '../apply/result.ts';
import type { Clock } from '../lib/clock.ts';
import { createSlots } from '../lib/slots.ts';
import { diagnostic } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { inventoryKey } from '../model/inventory.ts';
import { targetOfUnits } from '../model/place.ts';
import type { LiveObject, Target, TargetEvent } from '../targets/target.ts';
import { createPlaceReader } from './place-reader.ts';
import type { RunningTarget } from './unit-deps.ts';

/** Requests to one target at the same time. */
const TARGET_SLOTS = 32;
/** Before a broken watch is opened again, in milliseconds. */
const REWATCH_MS = 1_000;

export interface TargetHubDeps {
  readonly instance: string;
  readonly clock: Clock;
  /** Targets that the daemon defines. */
  readonly targets: readonly Target[];
  /** Makes an embedded target that sluice.yaml defines. */
  readonly embedded: (name: string) => Target;
  /** The registry of the units that go to a target. */
  readonly units: (target: string) => Target;
  readonly onApply: (event: ApplyEvent) => void;
  /** An object changed or went; `object` is undefined when it is gone. */
  readonly onChange: (target: string, key: string, object: LiveObject | undefined) => void;
  /** Events may have been missed on this target. */
  readonly onLost: (target: string) => void;
}

export interface TargetHub {
  /** Makes sure that the embedded targets of these names exist, and watches them. */
  define(names: readonly string[]): void;
  all(): readonly Target[];
  get(name: string): Promise<RunningTarget | Diagnostic>;
  /** Watches every target until stopped. */
  start(): void;
  /** Ends the watches and closes the targets. */
  stop(): Promise<void>;
}

/** Field manager of an instance. */
export function managerOf(instance: string): string {
  return `sluice-${instance}`;
}

/** Builds the hub; targets are opened when first used. */
export function createTargetHub(deps: TargetHubDeps): TargetHub {
  const byName = new Map(deps.targets.map((target) => [target.name, target]));
  const running = new Map<string, RunningTarget>();
  const stopping = new AbortController();
  const watches: Promise<void>[] = [];
  let started = false;

  const open = async (target: Target): Promise<RunningTarget> => {
    const known = running.get(target.name);
    if (known) return known;
    const identity = await target.identity(stopping.signal);
    const manager = managerOf(deps.instance);
    const objects = createObjectEngine({ target, clock: deps.clock, manager });
    const own: TargetPlace = { target, identity, objects, slots: createSlots(TARGET_SLOTS) };
    const phases = createPhaseEngine({
      open: (place) => (place === undefined ? Promise.resolve(own) : openPlace(place)),
      manager,
      onEvent: deps.onApply,
    });
    const made: RunningTarget = {
      ...own,
      manager,
      engine: createRevisionEngine(withRemotePhases(phases)),
      places: createPlaceReader(own, openPlace, (place) => running.get(place)),
    };
    const raced = running.get(target.name) ?? made;
    running.set(target.name, raced);
    return raced;
  };

  const watch = async (target: Target): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        for await (const event of target.watch({ instance: deps.instance }, stopping.signal)) {
          dispatch(target.name, event, deps);
        }
      } catch {
        // The next round reads everything again; the units' own reads report what is wrong.
        deps.onLost(target.name);
      }
      await deps.clock.sleep(REWATCH_MS, stopping.signal).catch(() => undefined);
    }
  };

  /** A registry of units comes with its target. */
  const openUnits = (name: string): Target | undefined => {
    const of = targetOfUnits(name);
    if (of === undefined || !byName.has(of)) return undefined;
    const registry = deps.units(of);
    byName.set(name, registry);
    if (started) watches.push(watch(registry));
    return registry;
  };

  const openPlace = async (name: string): Promise<RunningTarget | Diagnostic> => {
    const target = byName.get(name) ?? openUnits(name);
    if (!target) return diagnostic('TargetUnknown', `no target is named ${JSON.stringify(name)}`);
    try {
      return await open(target);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      return diagnostic('TargetUnreachable', `target ${name}: ${text}`);
    }
  };

  return {
    define: (names) => {
      for (const name of names) {
        if (byName.has(name)) continue;
        const target = deps.embedded(name);
        byName.set(name, target);
        if (started) watches.push(watch(target));
      }
    },
    all: () => [...byName.values()],
    get: openPlace,
    start: () => {
      started = true;
      for (const target of byName.values()) watches.push(watch(target));
    },
    stop: async () => {
      stopping.abort(new Error('shutting down'));
      await Promise.allSettled(watches);
      await Promise.allSettled([...byName.values()].map((target) => target.close()));
    },
  };
}

function dispatch(target: string, event: TargetEvent, deps: TargetHubDeps): void {
  switch (event.type) {
    case 'changed':
      deps.onChange(target, inventoryKey(event.key), event.object);
      return;
    case 'removed':
      deps.onChange(target, inventoryKey(event.key), undefined);
      return;
    case 'lost':
      deps.onLost(target);
      return;
    case 'synced':
      return;
  }
}
