// Keys of lists by path, for built-in kinds and for CRD schemas.
import { describe, expect, it } from 'vitest';
import { customResourceType } from '../../src/schema/crd-type.ts';
import { listKeysIn, listKeysOf } from '../../src/schema/list-keys.ts';

describe('list keys of built-in kinds', () => {
  it.each([
    ['apps/v1', 'Deployment', 'spec.template.spec.containers', ['name']],
    ['apps/v1', 'Deployment', 'spec.template.spec.containers.env', ['name']],
    ['apps/v1', 'Deployment', 'spec.template.spec.containers.ports', ['containerPort', 'protocol']],
    ['apps/v1', 'Deployment', 'spec.template.spec.containers.args', 'atomic'],
    ['apps/v1', 'Deployment', 'spec.template.spec.tolerations', 'atomic'],
    ['apps/v1', 'Deployment', 'status.conditions', ['type']],
    ['batch/v1', 'CronJob', 'spec.jobTemplate.spec.template.spec.volumes', ['name']],
    ['v1', 'Service', 'spec.ports', ['port', 'protocol']],
    ['v1', 'ConfigMap', 'metadata.finalizers', 'set'],
    ['v1', 'Secret', 'metadata.ownerReferences', ['uid']],
    ['v1', 'ConfigMap', 'data', undefined],
    ['rbac.authorization.k8s.io/v1', 'ClusterRole', 'rules', 'atomic'],
    ['v1', 'ServiceAccount', 'imagePullSecrets', 'atomic'],
    ['example.com/v1', 'Widget', 'spec.things', 'atomic'],
  ] as const)('%s %s %s', (apiVersion, kind, path, keys) => {
    expect(listKeysOf(apiVersion, kind, path.split('.'))).toEqual(keys);
  });
});

describe('list keys of a CRD schema', () => {
  const type = customResourceType({
    type: 'object',
    properties: {
      spec: {
        type: 'object',
        properties: {
          tags: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
          ports: {
            type: 'array',
            'x-kubernetes-list-type': 'map',
            'x-kubernetes-list-map-keys': ['port', 'protocol'],
            items: {
              type: 'object',
              properties: {
                port: { type: 'integer' },
                protocol: { type: 'string', default: 'TCP' },
                names: { type: 'array', items: { type: 'string' } },
              },
            },
          },
        },
      },
    },
  });

  it.each([
    ['spec.tags', 'set'],
    ['spec.ports', ['port', 'protocol']],
    ['spec.ports.names', 'atomic'],
    ['spec', undefined],
    ['metadata.finalizers', 'set'],
  ] as const)('%s', (path, keys) => {
    expect(listKeysIn(type, path.split('.'))).toEqual(keys);
  });
});
