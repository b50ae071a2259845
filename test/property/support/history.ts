// Random histories: commits, time, crashes and other people's hands, and what has to be true when all is calm again.
import { readManifests } from '../../../src/lang/yaml/index.ts';
import { MARKER } from '../../../src/model/annotations.ts';
import { annotationOf } from '../../../src/model/manifest.ts';
import { isDeepStrictEqual } from 'node:util';
import { createFaultLine } from '../../support/fault-line.ts';
import type { Fault, FaultLine } from '../../support/fault-line.ts';
import { createSimulation, INSTANCE, nameOf } from '../../support/simulation.ts';
import type { Simulation } from '../../support/simulation.ts';
import { isMarked, orphans } from '../../support/world-view.ts';
import { createOtherPeople } from './other-people.ts';
import type { HandEdit } from './other-people.ts';
import { manifestOf, objectKind, objectName, valueOf } from './wished-manifests.ts';
import {
  commitWorld,
  filesOf,
  healed,
  NOTHING,
  OBJECTS,
  olderUnit,
  retired,
  unitId,
  unitsAround,
} from './wished-world.ts';
import type { Edit, WishedWorld } from './wished-world.ts';

export type Happening =
  | { readonly what: 'commit'; readonly edits: readonly Edit[] }
  | { readonly what: 'time'; readonly ms: number }
  /** The session dies at the n-th step from now, or after some time; the next one starts with the newest commit. */
  | {
      readonly what: 'crash';
      readonly after: number;
      readonly fault: Fault;
      /** The data directory is lost as well: what is left of the status is the remote. */
      readonly diskLost: boolean;
    }
  | { readonly what: 'hand'; readonly object: number; readonly edit: HandEdit };

export interface History {
  readonly happenings: readonly Happening[];
  /** Milliseconds that requests take, one after another and again from the start. */
  readonly latencies: readonly number[];
}

/** Longer than the longest backoff. */
const CALM_MS = 1_800_000;
/** After so long without a commit no removal of the time before is on its way any more. */
const QUIET_MS = 3_000;

/** Lives through a history and returns what is wrong at its end, one sentence each. */
export async function liveThrough(history: History): Promise<readonly string[]> {
  const simulation = createSimulation({ pushes: true });
  const people = createOtherPeople(simulation.target);
  const { clock } = simulation;
  let requests = 0;
  const latency = async (): Promise<void> => {
    const ms = history.latencies[(requests += 1) % Math.max(1, history.latencies.length)] ?? 0;
    if (ms > 0) await clock.sleep(ms);
  };
  let world: WishedWorld = NOTHING;
  /** Uids of objects that every commit has asked for since they were seen: such an object is never pruned. */
  const kept = new Map<number, string>();
  const wrong: string[] = [];
  let commits = 0;
  let line: FaultLine = createFaultLine(undefined, latency);
  const accept = (): Promise<void> =>
    simulation.accept({ id: `commit-${commits}`, files: filesOf(world) });
  const restart = async (): Promise<void> => {
    simulation.crash();
    line = createFaultLine(undefined, latency);
    await simulation.start(line);
    await accept();
  };
  const note = async (): Promise<void> => {
    for (const object of world.wishes.keys()) {
      const uid = await people.uidOf(object);
      if (uid !== undefined && !kept.has(object)) kept.set(object, uid);
    }
  };
  const step = async (happening: Happening): Promise<void> => {
    switch (happening.what) {
      case 'commit':
        commits += 1;
        world = commitWorld(world, happening.edits);
        for (const object of kept.keys()) if (!world.wishes.has(object)) kept.delete(object);
        await accept();
        return;
      case 'time':
        await simulation.pass(happening.ms);
        if (happening.ms >= QUIET_MS) await note();
        return;
      case 'crash':
        line.arm({ at: happening.after, kind: happening.fault });
        await clock.runUntil(line.isDead, 3_000);
        if (happening.fault === 'lost') return;
        if (happening.diskLost) simulation.place.local = undefined;
        await restart();
        return;
      case 'hand':
        if (happening.edit === 'delete') kept.delete(happening.object);
        await people.edit(happening.object, happening.edit);
    }
  };

  await simulation.start(line);
  await accept();
  for (const happening of history.happenings) {
    await step(happening);
    if (line.isDead()) await restart();
  }
  const calmDown = async (next: WishedWorld): Promise<void> => {
    commits += 1;
    world = next;
    await accept();
    await simulation.pass(CALM_MS);
    await simulation.settle();
    wrong.push(...(await judge(simulation, world)));
  };
  const calm = healed(world);
  await people.makeWay([...OBJECTS].filter((object) => calm.wishes.has(object)));
  await calmDown(calm);
  if (calm.previous) await calmDown(retired(calm));
  for (const [object, uid] of kept) {
    const now = await people.uidOf(object);
    if (now !== uid) wrong.push(`${objectName(object)} was wanted all the time and made anew`);
  }
  wrong.push(...(await people.complaints()));
  await simulation.stop();
  return wrong;
}

async function judge(simulation: Simulation, world: WishedWorld): Promise<readonly string[]> {
  const wrong = simulation.faults.map((fault) => `fault: ${String(fault)}`);
  const objects = await simulation.objects();
  const files = simulation.place.local ?? new Map<string, string>();
  for (const name of orphans(objects, files)) wrong.push(`${name} is orphaned`);
  const wanted = new Set<string>();
  const units = new Set<string>();
  for (const [object, wish] of world.wishes) {
    const levers = world.levers[wish.unit];
    if (!levers) continue;
    const unit = unitId(wish.unit, levers);
    for (const id of [unit, ...unitsAround(wish.unit)]) units.add(id);
    const name = fullName(object);
    wanted.add(name);
    const live = objects.find((candidate) => nameOf(candidate) === name);
    if (!live) {
      wrong.push(`${name} of ${unit} is missing`);
      continue;
    }
    const owner = annotationOf(live, MARKER.owner) ?? 'nobody';
    if (!owner.startsWith(`${INSTANCE}/${unit}#`)) wrong.push(`${name} belongs to ${owner}`);
    if (!isMarked(live)) wrong.push(`${name} lacks its label`);
    const [is, shouldBe] = [valueOf(live), valueOf(manifestOf(object, wish))];
    if (!isDeepStrictEqual(is, shouldBe)) {
      wrong.push(`${name} is ${JSON.stringify(is)} and not ${JSON.stringify(shouldBe)}`);
    }
  }
  // How far an older set got on its own is its own matter.
  for (const object of world.previous?.objects ?? []) wanted.add(fullName(object));
  for (const object of objects) {
    if (isMarked(object) && !wanted.has(nameOf(object))) {
      wrong.push(`${nameOf(object)} should be gone`);
    }
  }
  const older = olderUnit(world);
  wrong.push(...judgeUnits(simulation, units, older), ...judgeFiles(files, units, older));
  return wrong;
}

function fullName(object: number): string {
  return `${objectKind(object).kind} default/${objectName(object)}`;
}

function judgeUnits(
  simulation: Simulation,
  units: ReadonlySet<string>,
  older: string | undefined,
): readonly string[] {
  const wrong: string[] = [];
  const states = simulation.session().coordinator.units();
  for (const { id, readiness, removals } of states) {
    if (id === older) continue;
    if (!units.has(id)) wrong.push(`${id} should be gone: ${readiness.message}`);
    else if (readiness.status !== 'True') {
      wrong.push(`${id} is not ready: ${readiness.reason} ${readiness.message}`);
    }
    for (const removal of removals) wrong.push(`${id} still removes: ${removal.reason}`);
  }
  const known = new Set(states.map((state) => state.id));
  for (const id of units) if (!known.has(id)) wrong.push(`${id} is not known`);
  return wrong;
}

function judgeFiles(
  files: ReadonlyMap<string, string>,
  units: ReadonlySet<string>,
  older: string | undefined,
): readonly string[] {
  const wrong: string[] = [];
  for (const [path, text] of files) {
    if (!path.endsWith('/unit.yaml')) continue;
    const value = readManifests(text, { file: path }).documents[0]?.value as
      { sluice?: { unit?: string; ready?: string } } | undefined;
    const unit = value?.sluice?.unit ?? path;
    if (unit === older) continue;
    if (!units.has(unit)) wrong.push(`${path} should be gone`);
    else if (value?.sluice?.ready !== 'True') wrong.push(`${path} does not say that it is ready`);
  }
  return wrong;
}
