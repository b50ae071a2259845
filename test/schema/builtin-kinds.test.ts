// Built-in kinds: scopes and resource names, spot-checked against discovery of real servers.
import { describe, expect, it } from 'vitest';
import {
  BUILTIN_KINDS,
  builtinKind,
  pluralOf,
  scopeOfBuiltin,
} from '../../src/schema/builtin-kinds.ts';

describe('built-in kinds', () => {
  it.each([
    ['v1', 'ConfigMap', 'Namespaced'],
    ['v1', 'Namespace', 'Cluster'],
    ['apps/v1', 'Deployment', 'Namespaced'],
    ['rbac.authorization.k8s.io/v1', 'ClusterRole', 'Cluster'],
    ['rbac.authorization.k8s.io/v1', 'Role', 'Namespaced'],
    ['policy/v1beta1', 'PodDisruptionBudget', 'Namespaced'],
    ['apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'Cluster'],
    ['storage.k8s.io/v1', 'StorageClass', 'Cluster'],
    ['example.com/v1', 'Deployment', undefined],
    ['v1', 'Widget', undefined],
  ])('%s %s is %s', (apiVersion, kind, scope) => {
    expect(scopeOfBuiltin(apiVersion, kind)).toBe(scope);
  });

  it.each([
    ['Ingress', 'ingresses'],
    ['NetworkPolicy', 'networkpolicies'],
    ['Endpoints', 'endpoints'],
    ['APIService', 'apiservices'],
    ['IPAddress', 'ipaddresses'],
    ['ServiceCIDR', 'servicecidrs'],
    ['CSIStorageCapacity', 'csistoragecapacities'],
  ])('the resource of %s is %s', (kind, resource) => {
    expect(pluralOf(kind)).toBe(resource);
  });

  it('names no kind twice', () => {
    const names = BUILTIN_KINDS.map((kind) => `${kind.group}/${kind.kind}`);
    expect(new Set(names).size).toBe(names.length);
  });

  it('knows which kinds keep status apart and count generations', () => {
    expect(builtinKind('apps', 'Deployment')).toMatchObject({ status: true, generation: true });
    expect(builtinKind('', 'ConfigMap')).toMatchObject({ status: false, generation: false });
    expect(builtinKind('', 'Service')).toMatchObject({ status: true, generation: false });
  });
});
