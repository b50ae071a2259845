// What a repository may ask for in the property test: three units that share a pool of eight objects between them. One
// is a deployment of Git, one is a deployment that another one asks for, one is a plain directory.
import type { Json, JsonObject } from '../../../src/model/json.ts';

export const UNITS = [0, 1, 2] as const;
export const OBJECTS = [0, 1, 2, 3, 4, 5, 6, 7] as const;
/** Objects from here on are Deployments, which hold their gate until they are ready. */
const FIRST_DEPLOYMENT = 5;
/** This unit is an ObjectDeployment inside another one, which is there as long as the unit is. */
const NESTED = 1;
const OUTER = 'outer';
/** This unit is a plain directory; the others are ObjectDeployments. */
const FOLDER = 2;

export type Health = 'ready' | 'hold' | 'fail';

export interface Wish {
  readonly unit: number;
  /** A second unit that claims the object as well. */
  readonly contender?: number;
  readonly phase: number;
  readonly value: number;
  readonly health: Health;
}

export interface UnitLevers {
  /** How often it was renamed. */
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
}

export const NOTHING: WishedWorld = {
  wishes: new Map(),
  levers: UNITS.map(() => ({ name: 0, suspended: false, broken: false, depends: false })),
};

export type Edit =
  | { readonly edit: 'put'; readonly object: number; readonly wish: Wish }
  | { readonly edit: 'drop'; readonly object: number }
  | { readonly edit: 'rename'; readonly unit: number }
  | { readonly edit: 'clear'; readonly unit: number }
  | { readonly edit: 'levers'; readonly unit: number; readonly levers: Omit<UnitLevers, 'name'> };

export function editWorld(world: WishedWorld, edit: Edit): WishedWorld {
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
    case 'levers':
      return withLevers(world, edit.unit, ({ name }) => ({ ...edit.levers, name }));
  }
}

/** The same world with everything in order: nobody contends, all is healthy, nothing is held back. */
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
  return { wishes: new Map(wishes), levers };
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

export function objectName(object: number): string {
  return object < FIRST_DEPLOYMENT ? `map-${object}` : `deploy-${object}`;
}

export function objectKind(object: number): { readonly apiVersion: string; readonly kind: string } {
  return object < FIRST_DEPLOYMENT
    ? { apiVersion: 'v1', kind: 'ConfigMap' }
    : { apiVersion: 'apps/v1', kind: 'Deployment' };
}

export function unitId(unit: number, levers: UnitLevers): string {
  const name = unitName(unit, levers);
  return unit === FOLDER
    ? `local:Folder/clusters/${name}`
    : `local:ObjectDeployment.package-operator.run/default/${name}`;
}

/** Units that are there because another one is. */
export function unitsAround(unit: number): readonly string[] {
  return unit === NESTED ? [`local:ObjectDeployment.package-operator.run/default/${OUTER}`] : [];
}

function unitName(unit: number, { name }: UnitLevers): string {
  return `unit-${unit}-${name}`;
}

/** The object as the repository holds it, with its value where `valueOf` finds it. */
export function manifestOf(object: number, wish: Wish): { readonly [key: string]: Json } {
  const { apiVersion, kind } = objectKind(object);
  const name = objectName(object);
  const steering = wish.health === 'ready' ? {} : { annotations: steeringOf(wish.health) };
  const metadata = { name, namespace: 'default', ...steering };
  if (kind === 'ConfigMap') return { apiVersion, kind, metadata, data: { value: `${wish.value}` } };
  const env = [{ name: 'VALUE', value: `${wish.value}` }];
  const template = {
    metadata: { labels: { app: name } },
    spec: { containers: [{ name: 'main', image: 'registry.example.test/main:1', env }] },
  };
  const spec = { replicas: 1, selector: { matchLabels: { app: name } }, template };
  return { apiVersion, kind, metadata, spec };
}

/** What of an object the repository settles, for comparing; fields that others added are theirs. */
export function valueOf(object: { readonly [key: string]: Json | undefined }): Json | undefined {
  const data = object['data'] as { value?: Json } | undefined;
  if (data !== undefined) return data.value;
  const spec = object['spec'] as { template?: { spec?: { containers?: { env?: Json }[] } } };
  return spec?.template?.spec?.containers?.[0]?.env;
}

function steeringOf(health: Exclude<Health, 'ready'>): { readonly [key: string]: string } {
  return health === 'hold'
    ? { 'embedded.sluice.dev/hold': 'true' }
    : { 'embedded.sluice.dev/fail': 'it broke' };
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
  for (const unit of UNITS) {
    const levers = world.levers[unit];
    const wishes = [...world.wishes].filter(
      ([, wish]) => wish.unit === unit || wish.contender === unit,
    );
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
    const own = wishedDeployment(name, levers, { wishes, dependsOn });
    files[`clusters/${unit === NESTED ? OUTER : name}.yaml`] = JSON.stringify(
      unit === NESTED ? outerDeployment(own) : own,
    );
  }
  return files;
}

function wishedDeployment(
  name: string,
  levers: UnitLevers,
  content: {
    readonly wishes: readonly (readonly [number, Wish])[];
    readonly dependsOn: string | undefined;
  },
): JsonObject {
  const phases = [0, 1, 2].map((phase) => ({
    name: `phase-${phase}`,
    objects: content.wishes
      .filter(([, wish]) => wish.phase === phase)
      .map(([object, wish]) => ({ object: manifestOf(object, wish) })),
  }));
  const annotations = {
    ...(levers.suspended ? { 'sluice.dev/suspend': 'true' } : {}),
    ...(content.dependsOn === undefined ? {} : { 'sluice.dev/depends-on': content.dependsOn }),
  };
  return deployment({
    name,
    annotations,
    probed: { group: 'apps', kind: 'Deployment' },
    // A unit that cannot be rendered: the same phase twice.
    phases: levers.broken ? [...phases, ...phases] : phases.filter((p) => p.objects.length > 0),
  });
}

function outerDeployment(inner: JsonObject): JsonObject {
  return deployment({
    name: OUTER,
    annotations: {},
    probed: { group: 'package-operator.run', kind: 'ObjectDeployment' },
    phases: [{ name: 'inner', objects: [{ object: inner }] }],
  });
}

function deployment(given: {
  readonly name: string;
  readonly annotations: JsonObject;
  /** The kind whose objects hold the gates until they are available. */
  readonly probed: { readonly group: string; readonly kind: string };
  readonly phases: readonly JsonObject[];
}): JsonObject {
  const { name, annotations, probed, phases } = given;
  const labels = { app: name };
  const probe = { condition: { type: 'Available', status: 'True' } };
  return {
    apiVersion: 'package-operator.run/v1alpha1',
    kind: 'ObjectDeployment',
    metadata: { name, namespace: 'default', annotations },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          availabilityProbes: [{ selector: { kind: { ...probed } }, probes: [probe] }],
          phases,
        },
      },
    },
  };
}
