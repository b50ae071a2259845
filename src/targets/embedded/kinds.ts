// The kinds that the embedded target serves: built-in ones, and those of stored CRDs once they are established.
import { isObject, listAt, objectAt, stringAt } from '../../model/json.ts';
import type { JsonObject } from '../../model/json.ts';
import {
  BUILTIN_KINDS,
  builtinType,
  customResourceType,
  DEDUCED,
  listKeysIn,
} from '../../schema/index.ts';
import type { MergeType, Scope } from '../../schema/index.ts';
import type { KindDescription, LiveObject } from '../target.ts';

export interface ServedKind {
  readonly group: string;
  readonly version: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly scope: Scope;
  /** Plural, as in messages. */
  readonly resource: string;
  readonly status: boolean;
  readonly generation: boolean;
  readonly type: MergeType;
  /** Structural schema of a custom resource; undefined for built-in kinds. */
  readonly schema: JsonObject | undefined;
}

export interface Kinds {
  find(apiVersion: string, kind: string): ServedKind | undefined;
  /** Any served version of the kind, for objects that are only known by group and kind. */
  findAny(group: string, kind: string): ServedKind | undefined;
  /** Every kind served, each in the version it is stored in. */
  all(): readonly ServedKind[];
  /** Follows a CRD that was written or (undefined) removed. */
  updateCrd(name: string, crd: LiveObject | undefined): void;
  /** Forgets all CRDs and takes these. */
  replaceCrds(crds: ReadonlyMap<string, LiveObject>): void;
}

export function createKinds(): Kinds {
  const builtin = new Map<string, ServedKind>();
  for (const entry of BUILTIN_KINDS) {
    for (const version of entry.versions) {
      const apiVersion = entry.group === '' ? version : `${entry.group}/${version}`;
      const kind: ServedKind = {
        ...entry,
        version,
        apiVersion,
        type: builtinType(apiVersion, entry.kind) ?? DEDUCED,
        schema: undefined,
      };
      builtin.set(`${apiVersion} ${entry.kind}`, kind);
      if (version === entry.versions[0]) builtin.set(`${entry.group}/* ${entry.kind}`, kind);
    }
  }
  const custom = new Map<string, readonly ServedKind[]>();
  const customKinds = (): ServedKind[] => [...custom.values()].flat();

  const updateCrd = (name: string, crd: LiveObject | undefined): void => {
    const served = crd && isEstablished(crd) ? kindsOfCrd(crd) : [];
    if (served.length > 0) custom.set(name, served);
    else custom.delete(name);
  };

  return {
    find: (apiVersion, kind) =>
      builtin.get(`${apiVersion} ${kind}`) ??
      customKinds().find((entry) => entry.apiVersion === apiVersion && entry.kind === kind),
    findAny: (group, kind) =>
      builtin.get(`${group}/* ${kind}`) ??
      customKinds().find((entry) => entry.group === group && entry.kind === kind),
    all: () => [
      ...[...builtin].filter(([name]) => name.includes('/* ')).map(([, kind]) => kind),
      ...[...custom.values()].flatMap((versions) => versions.slice(0, 1)),
    ],
    updateCrd,
    replaceCrds(crds) {
      custom.clear();
      for (const [name, crd] of crds) updateCrd(name, crd);
    },
  };
}

/** What the port says about a kind. */
export function describeKind(kind: ServedKind): KindDescription {
  return {
    apiVersion: kind.apiVersion,
    kind: kind.kind,
    scope: kind.scope,
    update: 'apply',
    dryRun: true,
    markers: true,
    preconditions: true,
    listKeys: (path) => listKeysIn(kind.type, path),
  };
}

/** The kinds that a CRD defines, its storage version first. */
export function kindsOfCrd(crd: LiveObject): readonly ServedKind[] {
  const spec = objectAt(crd, 'spec');
  const names = objectAt(spec, 'names');
  const group = stringAt(spec, 'group') ?? '';
  const kind = stringAt(names, 'kind') ?? '';
  const scope: Scope = spec['scope'] === 'Cluster' ? 'Cluster' : 'Namespaced';
  return listAt(spec, 'versions')
    .filter(isObject)
    .filter((version) => version['served'] !== false)
    .toSorted((a, b) => Number(b['storage'] === true) - Number(a['storage'] === true))
    .map((entry) => {
      const version = stringAt(entry, 'name') ?? '';
      const schema = objectAt(entry, 'schema')['openAPIV3Schema'];
      const structural = isObject(schema) ? schema : undefined;
      return {
        group,
        version,
        apiVersion: `${group}/${version}`,
        kind,
        scope,
        resource: stringAt(names, 'plural') ?? '',
        status: isObject(objectAt(entry, 'subresources')['status']),
        generation: true,
        type: customResourceType(structural),
        schema: structural,
      };
    });
}

export function isEstablished(crd: JsonObject): boolean {
  return listAt(objectAt(crd, 'status'), 'conditions')
    .filter(isObject)
    .some((condition) => condition['type'] === 'Established' && condition['status'] === 'True');
}

/** `Deployment.apps`, `ConfigMap` */
export function kindName(kind: { readonly group: string; readonly kind: string }): string {
  return kind.group === '' ? kind.kind : `${kind.kind}.${kind.group}`;
}

/** `deployments.apps`, `configmaps` */
export function resourceName(kind: { readonly group: string; readonly resource: string }): string {
  return kind.group === '' ? kind.resource : `${kind.resource}.${kind.group}`;
}
