// Whatever an object looks like, probes and readiness answer with a value.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileHealthChecks, compileProbes, readinessOf } from '../../src/probes/index.ts';
import type { ProbedObject } from '../../src/probes/index.ts';

const KEYS = [
  'status',
  'conditions',
  'type',
  'observedGeneration',
  'metadata',
  'generation',
  '__proto__',
];
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5, depthSize: 'small' },
    fc.constantFrom(null, true, 1, 2.5, 'Ready', 'True', 'Pending'),
    fc.array(tie('tree'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...KEYS), tie('tree'), { maxKeys: 5 }),
  ),
}));
const kind = fc.constantFrom(
  ['apps/v1', 'Deployment'],
  ['apps/v1', 'StatefulSet'],
  ['apps/v1', 'DaemonSet'],
  ['apps/v1', 'ReplicaSet'],
  ['batch/v1', 'Job'],
  ['v1', 'Pod'],
  ['v1', 'Service'],
  ['v1', 'Namespace'],
  ['x.io/v1', 'Thing'],
  [1, null],
);
const object = fc
  .record({ kind, status: tree, metadata: tree, spec: tree })
  .map(({ kind: [apiVersion, name], ...rest }) => ({ apiVersion, kind: name, ...rest }));

const probes = compileProbes([
  {
    probes: [
      { condition: { type: 'Ready', status: 'True' } },
      { fieldsEqual: { fieldA: '.status.type', fieldB: '.metadata.type' } },
      { cel: { rule: 'self.status.conditions.all(c, c.type == "Ready")', message: 'no' } },
    ],
  },
]);
const checks = compileHealthChecks([
  {
    kind: 'Thing.x.io',
    current: 'status.conditions.exists(c, c.type == "Ready")',
    failed: 'status.type',
  },
]);

describe('Any object', () => {
  it('gets an answer of each kind', () => {
    if (!probes.ok || !checks.ok) throw new Error('does not compile');
    fc.assert(
      fc.property(object, (given) => {
        const result = probes.prober.probe(given as ProbedObject);
        expect(result.status).toMatch(/^(?:True|False|Unknown)$/);
        expect(readinessOf(given).message).toBeTypeOf('string');
        expect(checks.checks.readinessOf(given).status).toMatch(/^[A-Z]/);
      }),
      { numRuns: 500 },
    );
  });

  it('nested ten thousand deep is Unknown at worst', () => {
    if (!probes.ok) throw new Error('does not compile');
    let deep: unknown = 1;
    for (let depth = 0; depth < 20_000; depth++) deep = [deep];
    const given = { status: { type: deep, conditions: [] }, metadata: { type: deep } };
    const result = probes.prober.probe(given);
    expect(result.status).toBe('Unknown');
    expect(result.messages).not.toEqual([]);
    expect(result.messages.join()).not.toContain('[[');
  });
});
