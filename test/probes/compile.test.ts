// Availability probes: what they answer, in which words, and what is refused when they are compiled.
import { describe, expect, it } from 'vitest';
import { compileProbes } from '../../src/probes/index.ts';
import type { AvailabilityProbe, ProbedObject, ProbeSpec } from '../../src/probes/index.ts';

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {
    name: 'web',
    namespace: 'shop',
    generation: 2,
    labels: { app: 'web', tier: 'front' },
  },
  spec: { replicas: 3 },
  status: {
    observedGeneration: 2,
    replicas: 3,
    updatedReplicas: 1,
    conditions: [
      { type: 'Available', status: 'True' },
      { type: 'Progressing', status: 'False', observedGeneration: 1 },
      { type: 'Broken' },
    ],
  },
} satisfies ProbedObject;

function proberOf(spec: readonly AvailabilityProbe[]) {
  const compiled = compileProbes(spec);
  if (!compiled.ok) throw new Error(compiled.diagnostics.map((item) => item.message).join('\n'));
  return compiled.prober;
}

function probe(spec: ProbeSpec | readonly ProbeSpec[], object: ProbedObject = deployment) {
  const probes = Array.isArray(spec) ? (spec as readonly ProbeSpec[]) : [spec as ProbeSpec];
  const { status, messages } = proberOf([{ probes }]).probe(object);
  return { status, messages };
}

/** A sentence, two arguments of the probe, the status and the message. */
type Row = readonly [string, string, string, string, string];

describe('A condition probe', () => {
  it.each<Row>([
    [
      'passes with the wanted status',
      'Available',
      'True',
      'True',
      '.status.condition["Available"] is True',
    ],
    [
      'fails with another one',
      'Available',
      'False',
      'False',
      '.status.condition["Available"] is True',
    ],
    [
      'ignores an older generation',
      'Progressing',
      'True',
      'Unknown',
      '.status.condition["Progressing"] outdated',
    ],
    [
      'waits for one that is not there',
      'Ready',
      'True',
      'Unknown',
      'missing .status.condition["Ready"]',
    ],
    [
      'fails on one without a status',
      'Broken',
      'True',
      'False',
      '.status.condition["Broken"] is unset',
    ],
  ])('%s', (...row) => {
    const [, type, wanted, status, message] = row;
    expect(probe({ condition: { type, status: wanted } })).toEqual({ status, messages: [message] });
  });

  it.each([
    ['without a status', { metadata: {} }, 'missing .status.conditions'],
    ['with a status of another form', { status: 'x' }, 'missing .status.conditions'],
    ['with null conditions', { status: { conditions: null } }, 'malformed .status.conditions'],
    [
      'with text in its conditions',
      { status: { conditions: ['x'] } },
      'malformed .status.conditions',
    ],
  ])('knows nothing about an object %s', (_, object, message) => {
    const result = probe({ condition: { type: 'Ready', status: 'True' } }, object as ProbedObject);
    expect(result).toEqual({ status: 'Unknown', messages: [message] });
  });

  it('lets the first condition of its type decide', () => {
    const conditions = [
      { type: 'Ready', status: 'False' },
      { type: 'Ready', status: 'True' },
    ];
    expect(
      probe({ condition: { type: 'Ready', status: 'True' } }, { status: { conditions } }),
    ).toEqual({
      status: 'False',
      messages: ['.status.condition["Ready"] is False'],
    });
  });
});

describe('A fieldsEqual probe', () => {
  it.each<Row>([
    [
      'equal numbers',
      '.spec.replicas',
      '.status.replicas',
      'True',
      '".spec.replicas" == ".status.replicas"',
    ],
    [
      'unequal numbers',
      '.status.updatedReplicas',
      '.status.replicas',
      'False',
      '".status.updatedReplicas" != ".status.replicas" expected: 1 got: 3',
    ],
    [
      'paths without a dot',
      'spec.replicas',
      'status.replicas.',
      'True',
      '"spec.replicas" == "status.replicas."',
    ],
    ['a missing first field', '.spec.nope', '.status.nope', 'False', '".spec.nope" missing'],
    ['a missing second field', '.spec.replicas', '.status.nope', 'False', '".status.nope" missing'],
    [
      'a path through a number',
      '.spec.replicas.x',
      '.spec.replicas',
      'False',
      '".spec.replicas.x" missing',
    ],
    [
      'a field of every JavaScript object',
      '.spec.constructor',
      '.spec.constructor',
      'False',
      '".spec.constructor" missing',
    ],
  ])('compares %s', (...row) => {
    const [, fieldA, fieldB, status, message] = row;
    expect(probe({ fieldsEqual: { fieldA, fieldB } })).toEqual({ status, messages: [message] });
  });

  it('compares objects by content and shows them with sorted keys', () => {
    const object = { a: { y: 1, x: ['<'] }, b: { x: ['<'], y: 1 }, c: { y: 2, x: ['<'] } };
    expect(probe({ fieldsEqual: { fieldA: '.a', fieldB: '.b' } }, object).status).toBe('True');
    expect(probe({ fieldsEqual: { fieldA: '.a', fieldB: '.c' } }, object).messages).toEqual([
      String.raw`".a" != ".c" expected: {"x":["\u003c"],"y":1} got: {"x":["\u003c"],"y":2}`,
    ]);
  });

  it('does not show the fields of a Secret', () => {
    const secret = { apiVersion: 'v1', kind: 'Secret', data: { a: 'cGFzcw==', b: 'd29yZA==' } };
    const [message = ''] = probe(
      { fieldsEqual: { fieldA: '.data.a', fieldB: '.data.b' } },
      secret,
    ).messages;
    expect(message).toBe('".data.a" != ".data.b" expected: (hidden) got: (hidden)');
  });
});

describe('A cel probe', () => {
  const rule = 'self.status.updatedReplicas == self.spec.replicas';

  it('passes in silence', () => {
    const result = probe({ cel: { rule: 'self.metadata.name == "web"', message: 'no' } });
    expect(result).toEqual({ status: 'True', messages: [] });
  });

  it('fails with its message and with the values that decided', () => {
    const { prober } = compiledOk([{ probes: [{ cel: { rule, message: 'still updating' } }] }]);
    expect(prober.probe(deployment)).toEqual({
      status: 'False',
      messages: ['still updating'],
      because: ['self.status.updatedReplicas (1) == self.spec.replicas (3)'],
    });
  });

  it('keeps the values of a Secret to itself', () => {
    const secret = { apiVersion: 'v1', kind: 'Secret', data: { a: 'cGFzcw==' } };
    const cel = { rule: 'self.data.a == "x"', message: 'no' };
    const result = proberOf([{ probes: [{ cel }] }]).probe(secret);
    expect(result.because).toEqual([]);
    expect(JSON.stringify(result)).not.toContain('cGFzcw');
  });

  it('is Unknown where the rule fails', () => {
    const result = probe({ cel: { rule: 'self.status.nope == 1', message: 'no' } });
    expect(result.status).toBe('Unknown');
    expect(result.messages).toEqual(['CEL program failed: no such key: nope']);
  });

  it('is Unknown where the rule exceeds its limit', () => {
    const cel = { rule: 'lists.range(1000000).all(i, i < 0 || i >= 0)', message: 'no' };
    const result = probe({ cel });
    expect(result.status).toBe('Unknown');
    expect(result.messages[0]).toMatch(/^CEL program failed: .*cost limit/);
  });
});

describe('A list of probes', () => {
  it('answers nothing while the status is of an older generation', () => {
    const stale = { ...deployment, metadata: { ...deployment.metadata, generation: 3 } };
    const result = probe({ condition: { type: 'Available', status: 'True' } }, stale);
    expect(result).toEqual({ status: 'Unknown', messages: ['.status outdated'] });
  });

  it('collects every message that is not a pass; Unknown outweighs False', () => {
    const result = probe([
      { condition: { type: 'Available', status: 'True' } },
      { condition: { type: 'Available', status: 'False' } },
      { condition: { type: 'Ready', status: 'True' } },
    ]);
    expect(result).toEqual({
      status: 'Unknown',
      messages: ['.status.condition["Available"] is True', 'missing .status.condition["Ready"]'],
    });
  });

  it('takes fieldsEqual before condition before cel, and skips an entry with none', () => {
    const condition = { type: 'Available', status: 'False' };
    const cel = { rule: 'false', message: 'never asked' };
    const fieldsEqual = { fieldA: '.spec.replicas', fieldB: '.status.replicas' };
    expect(probe([{ fieldsEqual, condition, cel }, {}]).status).toBe('True');
    expect(probe({ condition, cel }).messages).toEqual(['.status.condition["Available"] is True']);
  });

  it('fails for an object that does not exist', () => {
    expect(proberOf([]).probe(undefined)).toEqual({
      status: 'False',
      messages: ['not found'],
      because: [],
    });
  });
});

describe('A selector', () => {
  const failing = [{ cel: { rule: 'false', message: 'asked' } }];
  const kind = { group: 'apps', kind: 'Deployment' };
  it.each([
    ['nothing given', {}, true],
    ['its kind', { kind }, true],
    ['another kind', { kind: { group: 'apps', kind: 'StatefulSet' } }, false],
    ['another group', { kind: { group: '', kind: 'Deployment' } }, false],
    ['its labels', { selector: { matchLabels: { app: 'web' } } }, true],
    ['an empty label selector', { selector: {} }, true],
    ['other labels', { selector: { matchLabels: { app: 'web', tier: 'back' } } }, false],
    ['kind and other labels', { kind, selector: { matchLabels: { app: 'x' } } }, false],
    ['a label in a set', expression('app', 'In', ['a', 'web']), true],
    ['a label not in a set', expression('app', 'NotIn', ['web']), false],
    ['an absent label not in a set', expression('zone', 'NotIn', ['web']), true],
    ['an existing label', expression('app', 'Exists'), true],
    ['an absent label as existing', expression('zone', 'Exists'), false],
    ['an absent label as absent', expression('zone', 'DoesNotExist'), true],
  ])('with %s asks its probes: %#', (_, selector, asked) => {
    const result = proberOf([{ selector, probes: failing }]).probe(deployment);
    expect(result.status).toBe(asked ? 'False' : 'True');
  });
});

function expression(key: string, operator: string, values?: readonly string[]) {
  const requirement = values === undefined ? { key, operator } : { key, operator, values };
  return { selector: { matchExpressions: [requirement] } };
}

function compiledOk(spec: readonly AvailabilityProbe[]) {
  return { prober: proberOf(spec) };
}

describe('Compiling refuses', () => {
  it.each([
    [
      'a rule that is no bool',
      'self.test',
      /^parsing probe #0: cel expression must evaluate to a bool$/,
    ],
    ['an unknown function', 'foo(self)', /^parsing probe #0: compiling CEL: 1:\d+: .*'foo'/],
    ['an unknown name', 'other.x == 1', /1:1: .*'other'/],
    ['a broken literal regex', 'self.x.matches("[")', /1:\d+: .*reg/],
    ['a syntax error, with a caret', 'self.x ==', /\n \| self\.x ==\n \| \.+\^/],
  ])('%s', (_, rule, message) => {
    const compiled = compileProbes([{ probes: [{ cel: { rule, message: '' } }] }], {
      file: 'p.yaml',
    });
    expect(compiled.ok).toBe(false);
    if (compiled.ok) return;
    expect(compiled.diagnostics).toHaveLength(1);
    expect(compiled.diagnostics[0]).toMatchObject({ code: 'CelInvalid', file: 'p.yaml' });
    expect(compiled.diagnostics[0]?.message).toMatch(message);
  });

  it('every mistake at once, selectors included', () => {
    const compiled = compileProbes([
      {
        selector: expression('app', 'Near', []),
        probes: [{}, { cel: { rule: '1', message: '' } }],
      },
      { selector: expression('a b', 'In', []), probes: [] },
    ]);
    const messages = compiled.ok ? [] : compiled.diagnostics.map((item) => item.message);
    expect(messages).toEqual([
      'parsing probe #1: cel expression must evaluate to a bool',
      'probe selector: label "app": "Near" is not a label selector operator',
      expect.stringMatching(/^probe selector: label key "a b": /),
      'probe selector: label "a b": operator In needs values',
    ]);
  });

  it('fields that the schema of the selected kind does not have', () => {
    const schemaOf = (group: string, kind: string) =>
      group === 'x.io' && kind === 'Thing'
        ? {
            type: 'object',
            properties: { status: { type: 'object', properties: { phase: { type: 'string' } } } },
          }
        : undefined;
    const rule = (text: string, kind: string) =>
      compileProbes(
        [
          {
            selector: { kind: { group: 'x.io', kind } },
            probes: [{ cel: { rule: text, message: '' } }],
          },
        ],
        { schemaOf },
      ).ok;
    expect(rule('self.status.phase == "Up"', 'Thing')).toBe(true);
    expect(rule('self.status.phsae == "Up"', 'Thing')).toBe(false);
    expect(rule('self.status.phsae == "Up"', 'Other')).toBe(true);
    expect(rule('self.metadata.labels["a"] == "b"', 'Thing')).toBe(true);
    expect(rule('self.metadata.finalizers.size() == 0', 'Thing')).toBe(true);
  });
});
