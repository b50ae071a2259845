// Explanations: the sub-expressions that decided, with their values.
import { describe, expect, it } from 'vitest';
import { compile, explain, probeEnvironment } from '../../../src/lang/cel/index.ts';
import type { Value } from '../../../src/lang/cel/index.ts';

const self: Value = {
  metadata: { generation: 2, name: 'web' },
  spec: { replicas: 3 },
  status: {
    readyReplicas: 1,
    observedGeneration: 2,
    conditions: [
      { type: 'Ready', status: 'False' },
      { type: 'Synced', status: 'True' },
    ],
  },
};

const ROWS: readonly (readonly [string, string, readonly string[]])[] = [
  [
    'a comparison shows both sides',
    'self.status.readyReplicas == self.spec.replicas',
    ['self.status.readyReplicas (1) == self.spec.replicas (3)'],
  ],
  [
    'a literal speaks for itself',
    'self.metadata.name == "api"',
    ['self.metadata.name ("web") == "api"'],
  ],
  [
    'a false && shows the operand that is false',
    'self.status.observedGeneration == self.metadata.generation && self.status.readyReplicas == 3',
    ['self.status.readyReplicas (1) == 3'],
  ],
  [
    'a false || shows all operands',
    'self.spec.replicas == 0 || self.status.readyReplicas == 3',
    ['self.spec.replicas (3) == 0', 'self.status.readyReplicas (1) == 3'],
  ],
  [
    'a choice shows its condition and the branch taken',
    'self.spec.replicas > 0 ? self.status.readyReplicas > 2 : true',
    ['self.spec.replicas (3) > 0', 'self.status.readyReplicas (1) > 2'],
  ],
  [
    'a false all shows the element that decided',
    'self.status.conditions.all(c, c.status == "True")',
    ['self.status.conditions[0]: c.status ("False") == "True"'],
  ],
  [
    'a false exists shows its value',
    'self.status.conditions.exists(c, c.type == "Gone")',
    ['self.status.conditions.exists(c, c.type == "Gone") (false)'],
  ],
  [
    'what is missing is said',
    'self.status.updatedReplicas == 3',
    ['self.status.updatedReplicas (no such key: updatedReplicas) == 3'],
  ],
  ['a negation is looked through', '!(self.spec.replicas == 3)', ['(self.spec.replicas (3) == 3)']],
  [
    'large values are counted',
    'size(self.status.conditions) == 3 && self.status.conditions == []',
    ['size(self.status.conditions) (2) == 3'],
  ],
];

describe('Explanations', () => {
  it.each(ROWS)('%s', (_sentence, expression, lines) => {
    const compilation = compile(expression, probeEnvironment);
    if (!compilation.ok) throw new Error(compilation.diagnostics[0]?.message);
    expect(explain(compilation.program, { self })).toEqual(lines);
  });
});
