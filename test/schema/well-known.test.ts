// Schemas of the kinds that every cluster has: levels that are complete, and those that are open.
import { describe, expect, test } from 'vitest';
import { BUILTIN_KINDS } from '../../src/schema/index.ts';
import { unionSchema } from '../../src/schema/union-schema.ts';
import { readFieldRows } from '../../src/schema/well-known/field-rows.ts';
import type { FieldSchema } from '../../src/schema/well-known/index.ts';
import { WELL_KNOWN_KINDS, wellKnownSchema } from '../../src/schema/well-known/index.ts';

function at(group: string, kind: string, path: string): FieldSchema | undefined {
  let schema = wellKnownSchema(group, kind);
  for (const part of path.split('.')) {
    if (part === '[]') schema = schema?.items;
    else if (part === '{}') schema = schema?.additionalProperties;
    else schema = schema?.properties?.[part];
  }
  return schema;
}

const OPEN = 'x-kubernetes-preserve-unknown-fields';

describe('well-known kinds', () => {
  test.each([
    ['apps', 'Deployment', 'spec.replicas', { type: 'integer' }],
    ['apps', 'Deployment', 'status.readyReplicas', { type: 'integer' }],
    ['apps', 'Deployment', 'spec.paused', { type: 'boolean' }],
    ['apps', 'Deployment', 'spec.strategy.rollingUpdate.maxSurge', { [OPEN]: true }],
    ['apps', 'StatefulSet', 'status.updateRevision', { type: 'string' }],
    [
      'apps',
      'StatefulSet',
      'spec.volumeClaimTemplates.[].spec.resources.requests.{}',
      { [OPEN]: true },
    ],
    ['', 'Pod', 'spec.containers.[].ports.[].containerPort', { type: 'integer' }],
    ['', 'Pod', 'status.containerStatuses.[].state.waiting.reason', { type: 'string' }],
    ['', 'Pod', 'spec.volumes.[].hostPath', { [OPEN]: true }],
    ['', 'ConfigMap', 'data.{}', { type: 'string' }],
    ['', 'Service', 'status.loadBalancer.ingress.[].ip', { type: 'string' }],
    ['', 'Node', 'metadata.labels.{}', { type: 'string' }],
    ['', 'Node', 'status.nodeInfo.kubeletVersion', { type: 'string' }],
    ['batch', 'Job', 'metadata.ownerReferences.[].controller', { type: 'boolean' }],
    ['batch', 'CronJob', 'spec.jobTemplate.spec.template.metadata.name', { type: 'string' }],
    ['networking.k8s.io', 'Ingress', 'spec.rules.[].host', { type: 'string' }],
    ['apiextensions.k8s.io', 'CustomResourceDefinition', 'spec.scope', { type: 'string' }],
    [
      'apiextensions.k8s.io',
      'CustomResourceDefinition',
      'spec.versions.[].schema.openAPIV3Schema',
      { [OPEN]: true },
    ],
    [
      'autoscaling',
      'HorizontalPodAutoscaler',
      'spec.targetCPUUtilizationPercentage',
      { type: 'integer' },
    ],
    ['autoscaling', 'HorizontalPodAutoscaler', 'spec.metrics.[].type', { type: 'string' }],
    ['apps', 'Deployment', 'spec.replica', undefined],
    ['', 'ConfigMap', 'spec', undefined],
    ['extensions', 'Deployment', 'spec', undefined],
  ])('%s/%s %s', (group, kind, path, expected) => {
    expect(at(group, kind, path)).toEqual(expected);
  });

  test('conditions may hold more than is listed, everything around them is complete', () => {
    expect(at('apps', 'Deployment', 'status.conditions.[]')?.[OPEN]).toBe(true);
    expect(at('apps', 'Deployment', 'status.conditions.[]')?.properties).toHaveProperty('reason');
    for (const path of ['spec', 'status', 'metadata', 'spec.template', 'spec.template.spec']) {
      expect(at('apps', 'Deployment', path)?.[OPEN]).toBeUndefined();
    }
  });

  test('are built-in kinds', () => {
    const builtin = new Set(BUILTIN_KINDS.map(({ group, kind }) => `${group}/${kind}`));
    expect(WELL_KNOWN_KINDS.length).toBeGreaterThan(35);
    expect(WELL_KNOWN_KINDS.filter((kind) => !builtin.has(kind))).toEqual([]);
  });

  test('a row that names no other row is refused when the table is read', () => {
    expect(() => readFieldRows(['A = b:C'])).toThrow('no row describes C');
  });
});

describe('two schemas of one kind', () => {
  const object = (properties: Record<string, FieldSchema>): FieldSchema => ({
    type: 'object',
    properties,
  });
  test.each<[string, FieldSchema, FieldSchema, FieldSchema]>([
    ['the same', { type: 'string' }, { type: 'string' }, { type: 'string' }],
    ['of unlike types say nothing', { type: 'string' }, { type: 'integer' }, { [OPEN]: true }],
    [
      'have the fields of both',
      object({ a: { type: 'string' }, b: { type: 'string' } }),
      object({ b: { type: 'integer' }, c: object({}) }),
      object({ a: { type: 'string' }, b: { [OPEN]: true }, c: object({}) }),
    ],
    [
      'are open where one is',
      { ...object({}), [OPEN]: true },
      object({ a: { type: 'string' } }),
      { ...object({ a: { type: 'string' } }), [OPEN]: true },
    ],
    [
      'of lists have the entries of both',
      { type: 'array', items: object({ a: { type: 'string' } }) },
      { type: 'array', items: object({}) },
      { type: 'array', items: object({ a: { type: 'string' } }) },
    ],
    [
      'of a map and an object say nothing',
      { type: 'object', additionalProperties: { type: 'string' } },
      object({}),
      { [OPEN]: true },
    ],
  ])('%s', (_name, a, b, expected) => {
    expect(unionSchema(a, b)).toEqual(expected);
    expect(unionSchema(b, a)).toEqual(expected);
  });
});
