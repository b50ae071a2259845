// The manifests that the property test's repository holds: objects, deployments, sets.
import type { Json, JsonObject } from '../../../src/model/json.ts';

/** Objects from here on are Deployments, which hold their gate until they are ready. */
const FIRST_DEPLOYMENT = 5;
/** The deployment that is there for the sake of another one in it. */
export const OUTER = 'outer';

export type Health = 'ready' | 'hold' | 'fail';

export interface Wish {
  readonly unit: number;
  /** A second unit that claims the object as well. */
  readonly contender?: number;
  readonly phase: number;
  readonly value: number;
  readonly health: Health;
}

export function objectName(object: number): string {
  return object < FIRST_DEPLOYMENT ? `map-${object}` : `deploy-${object}`;
}

export function objectKind(object: number): { readonly apiVersion: string; readonly kind: string } {
  return object < FIRST_DEPLOYMENT
    ? { apiVersion: 'v1', kind: 'ConfigMap' }
    : { apiVersion: 'apps/v1', kind: 'Deployment' };
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

export interface Content {
  readonly wishes: readonly (readonly [number, Wish])[];
  /** Nothing that can be rendered. */
  readonly broken: boolean;
}

const HEADER = { apiVersion: 'package-operator.run/v1alpha1' };
const WORKLOADS = { group: 'apps', kind: 'Deployment' };

export function wishedDeployment(
  name: string,
  annotations: JsonObject,
  content: Content,
): JsonObject {
  return deployment(name, annotations, phasesOf(content, WORKLOADS));
}

export function outerDeployment(inner: JsonObject): JsonObject {
  const phases = [{ name: 'inner', objects: [{ object: inner }] }];
  const inners = { group: 'package-operator.run', kind: 'ObjectDeployment' };
  return deployment(OUTER, {}, { phases, availabilityProbes: probesFor(inners) });
}

function deployment(name: string, annotations: JsonObject, template: JsonObject): JsonObject {
  const labels = { app: name };
  const spec = {
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: template },
  };
  const metadata = { name, namespace: 'default', annotations };
  return { ...HEADER, kind: 'ObjectDeployment', metadata, spec };
}

export function objectSet(
  name: string,
  annotations: JsonObject,
  content: Content & { readonly names: string | undefined },
): JsonObject {
  const metadata = { name, namespace: 'default', annotations };
  const previous = content.names === undefined ? {} : { previous: [{ name: content.names }] };
  return {
    ...HEADER,
    kind: 'ObjectSet',
    metadata,
    spec: { ...phasesOf(content, WORKLOADS), ...previous },
  };
}

function phasesOf({ wishes, broken }: Content, probed: JsonObject): JsonObject {
  const all = [0, 1, 2].map((phase) => ({
    name: `phase-${phase}`,
    objects: wishes
      .filter(([, wish]) => wish.phase === phase)
      .map(([object, wish]) => ({ object: manifestOf(object, wish) })),
  }));
  // The same phase twice cannot be rendered.
  const phases = broken ? [...all, ...all] : all.filter(({ objects }) => objects.length > 0);
  return { phases, availabilityProbes: probesFor(probed) };
}

/** The kind whose objects hold the gates until they are available. */
function probesFor(kind: JsonObject): readonly JsonObject[] {
  const probe = { condition: { type: 'Available', status: 'True' } };
  return [{ selector: { kind }, probes: [probe] }];
}
