// What a repository may ask for in the property test: four units that share a pool of eight objects between them. One
// is a deployment of Git, one is a deployment that another one asks for, one is a plain directory, one is a set that
// the next one replaces whenever its content changes.
import { isDeepStrictEqual } from 'node:util';
import {
  manifestOf,
  OUTER,
  objectSet,
  outerDeployment,
  wishedDeployment,
} from './wished-manifests.ts';
import type { Wish } from './wished-manifests.ts';

export const UNITS = [0, 1, 2, 3] as const;
export const OBJECTS = [0, 1, 2, 3, 4, 5, 6, 7] as const;
/** This unit is an ObjectDeployment inside another one, which is there as long as the unit is. */
const NESTED = 1;
/** This unit is a plain directory; the others but one are ObjectDeployments. */
const FOLDER = 2;
/** This unit is an ObjectSet, whose content never changes: another one of a new name takes its place. */
const SET = 3;

export interface UnitLevers {
  /** How often it was renamed, or had to be because its content changed. */
  readonly name: number;
  readonly suspended: boolean;
  readonly broken: boolean;
  /** Waits for the unit before it. */
  readonly depends: boolean;
}

export interface WishedWorld {
  /** By object. */
  readonly wishes: ReadonlyMap<number, Wish>;
  /** By unit. */
  readonly levers: readonly UnitLevers[];
  /** The set that the newest one names as previous, as long as it is in the repository. */
  readonly previous: OlderSet | undefined;
  /** What the newest set was written with. */
  readonly names: string | undefined;
}

export interface OlderSet {
  readonly name: string;
  readonly file: string;
  readonly objects: readonly number[];
}

export const NOTHING: WishedWorld = {
  wishes: new Map(),
  levers: UNITS.map(() => ({ name: 0, suspended: false, broken: false, depends: false })),
  previous: undefined,
  names: undefined,
};

export type Edit =
  | { readonly edit: 'put'; readonly object: number; readonly wish: Wish }
  | { readonly edit: 'drop'; readonly object: number }
  | { readonly edit: 'rename'; readonly unit: number }
  /** The older set leaves the repository. */
  | { readonly edit: 'retire' }
  | { readonly edit: 'clear'; readonly unit: number }
  | { readonly edit: 'levers'; readonly unit: number; readonly levers: Omit<UnitLevers, 'name'> };

/** The world after a commit. A set of other content has another name, and names the one before it as previous. */
export function commitWorld(world: WishedWorld, edits: readonly Edit[]): WishedWorld {
  return succeeded(world, edits.reduce(editWorld, world));
}

function succeeded(before: WishedWorld, after: WishedWorld): WishedWorld {
  const [old, wishes] = [wishesOf(before, SET), wishesOf(after, SET)];
  const [was, is] = [before.levers[SET], after.levers[SET]];
  if (!was || !is) return after;
  if (wishes.length === 0) return { ...after, previous: undefined, names: undefined };
  const isOther = !isDeepStrictEqual(old, wishes);
  if (!isOther && was.name === is.name) return after;
  const renamed =
    was.name === is.name
      ? withLevers(after, SET, (levers) => ({ ...levers, name: levers.name + 1 }))
      : after;
  if (old.length === 0) return { ...renamed, previous: undefined, names: undefined };
  const name = unitName(SET, was);
  const file = JSON.stringify(
    objectSet(name, {}, { wishes: old, broken: false, names: before.names }),
  );
  return {
    ...renamed,
    previous: { name, file, objects: old.map(([object]) => object) },
    names: name,
  };
}

function editWorld(world: WishedWorld, edit: Edit): WishedWorld {
  const wishes = new Map(world.wishes);
  switch (edit.edit) {
    case 'put':
      return { ...world, wishes: wishes.set(edit.object, edit.wish) };
    case 'drop':
      wishes.delete(edit.object);
      return { ...world, wishes };
    case 'clear':
      for (const [object, wish] of world.wishes) if (wish.unit === edit.unit) wishes.delete(object);
      return { ...world, wishes };
    case 'rename':
      return withLevers(world, edit.unit, (levers) => ({ ...levers, name: levers.name + 1 }));
    case 'retire':
      return retired(world);
    case 'levers':
      return withLevers(world, edit.unit, ({ name }) => ({ ...edit.levers, name }));
  }
}

/**
 * The same world with everything in order: nobody contends, all is healthy, nothing is held back. The older set stays
 * as long as nobody but its successor wants what it has.
 */
export function healed(world: WishedWorld): WishedWorld {
  const wishes = [...world.wishes].map(([object, { unit, phase, value }]): [number, Wish] => [
    object,
    { unit, phase, value, health: 'ready' },
  ]);
  const levers = world.levers.map(({ name }) => ({
    name,
    suspended: false,
    broken: false,
    depends: false,
  }));
  const next = succeeded(world, { ...world, wishes: new Map(wishes), levers });
  const isInTheWay = next.previous?.objects.some(
    (object) => (next.wishes.get(object)?.unit ?? SET) !== SET,
  );
  return isInTheWay === true ? retired(next) : next;
}

/** The same world without the older set. */
export function retired(world: WishedWorld): WishedWorld {
  return { ...world, previous: undefined };
}

/** The unit of the older set. */
export function olderUnit({ previous }: WishedWorld): string | undefined {
  return previous && idOf(SET, previous.name);
}

function withLevers(
  world: WishedWorld,
  unit: number,
  change: (levers: UnitLevers) => UnitLevers,
): WishedWorld {
  return {
    ...world,
    levers: world.levers.map((levers, index) => (index === unit ? change(levers) : levers)),
  };
}

export function unitId(unit: number, levers: UnitLevers): string {
  return idOf(unit, unitName(unit, levers));
}

function idOf(unit: number, name: string): string {
  if (unit === FOLDER) return `local:Folder/clusters/${name}`;
  const kind = unit === SET ? 'ObjectSet' : 'ObjectDeployment';
  return `local:${kind}.package-operator.run/default/${name}`;
}

/** Units that are there because another one is. */
export function unitsAround(unit: number): readonly string[] {
  return unit === NESTED ? [`local:ObjectDeployment.package-operator.run/default/${OUTER}`] : [];
}

function unitName(unit: number, { name }: UnitLevers): string {
  return `unit-${unit}-${name}`;
}

const CONFIG = `apiVersion: sluice.dev/v1alpha1
kind: Config
spec:
  targets: [{name: local, type: embedded, environment: {kubernetes: {version: v1.31.0}}}]
  sync: [{path: clusters, target: local, namespace: default}]
  safety: {maxDeletions: 100%, maxUnitDeletions: 10, allowEmpty: true}
`;

/** The repository's files; a unit without objects has none. */
export function filesOf(world: WishedWorld): Readonly<Record<string, string>> {
  const files: Record<string, string> = { 'sluice.yaml': CONFIG };
  const { previous } = world;
  if (previous) files[`clusters/${previous.name}.yaml`] = previous.file;
  for (const unit of UNITS) {
    const levers = world.levers[unit];
    const wishes = wishesOf(world, unit);
    if (!levers || wishes.length === 0) continue;
    const before = world.levers[unit - 1];
    const hasBefore = [...world.wishes.values()].some((wish) => wish.unit === unit - 1);
    const dependsOn = levers.depends && before && hasBefore ? unitId(unit - 1, before) : undefined;
    const name = unitName(unit, levers);
    if (unit === FOLDER) {
      const texts = wishes.map(([object, wish]) => JSON.stringify(manifestOf(object, wish)));
      files[`clusters/${name}/objects.yaml`] =
        (levers.broken ? 'a: [\n---\n' : '') + texts.join('\n---\n');
      continue;
    }
    const annotations = {
      ...(levers.suspended ? { 'sluice.dev/suspend': 'true' } : {}),
      ...(dependsOn === undefined ? {} : { 'sluice.dev/depends-on': dependsOn }),
    };
    const { broken } = levers;
    if (unit === SET) {
      const set = objectSet(name, annotations, { wishes, broken, names: world.names });
      files[`clusters/${name}.yaml`] = JSON.stringify(set);
      continue;
    }
    const own = wishedDeployment(name, annotations, { wishes, broken });
    files[`clusters/${unit === NESTED ? OUTER : name}.yaml`] = JSON.stringify(
      unit === NESTED ? outerDeployment(own) : own,
    );
  }
  return files;
}

function wishesOf(world: WishedWorld, unit: number): readonly (readonly [number, Wish])[] {
  return [...world.wishes]
    .filter(([, wish]) => wish.unit === unit || wish.contender === unit)
    .toSorted(([a], [b]) => a - b);
}
