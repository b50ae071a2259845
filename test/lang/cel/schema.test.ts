// Types from schemas: what they let the checker find.
import { describe, expect, it } from 'vitest';
import {
  compile,
  declare,
  healthEnvironmentFor,
  probeEnvironment,
  withVariables,
} from '../../../src/lang/cel/index.ts';
import type { OpenApiSchema } from '../../../src/lang/cel/index.ts';
import { evaluate } from './evaluate.ts';

const schema: OpenApiSchema = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        replicas: { type: 'integer' },
        weight: { type: 'number' },
        name: { type: 'string' },
        since: { type: 'string', format: 'date-time' },
        tags: { type: 'array', items: { type: 'string' } },
        labels: { type: 'object', additionalProperties: { type: 'string' } },
        port: { 'x-kubernetes-int-or-string': true },
        free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        open: {
          type: 'object',
          'x-kubernetes-preserve-unknown-fields': true,
          properties: { known: { type: 'string' } },
        },
        other: { $ref: '#/definitions/Other' },
        maybe: { type: 'string', nullable: true },
        embedded: { type: 'object', 'x-kubernetes-embedded-resource': true, properties: {} },
      },
    },
  },
};
const resolve = (ref: string): OpenApiSchema | undefined =>
  ref.endsWith('Other')
    ? { type: 'object', properties: { next: { $ref: ref }, ok: { type: 'boolean' } } }
    : undefined;
const environment = {
  ...withVariables(probeEnvironment, declare('self', schema, { isObject: true, resolve })),
  result: undefined,
};

describe('Types from a schema', () => {
  it.each([
    ['self.spec.repicas == 1', "1:10: undefined field 'repicas'"],
    ['has(self.spec.repicas)', "1:14: undefined field 'repicas'"],
    ['self.stauts == 1', "1:5: undefined field 'stauts'"],
    ['self.spec.replicas == "1"', "applied to '(int, string)'"],
    ['self.spec.name.size() + "x"', "applied to '(int, string)'"],
    ['self.spec.tags.exists(t, t == 1)', "applied to '(string, int)'"],
    ['self.spec.tags[0].lowerAscii(1)', "applied to 'string.(int)'"],
    ['self.spec.labels["a"] + 1', "applied to '(string, int)'"],
    ['self.spec.replicas.name', "type 'int' does not support field selection"],
    ['self.spec.open.known == 1', "applied to '(string, int)'"],
    ['self.spec.other.next.next.ok == 1', "applied to '(bool, int)'"],
    ['self.spec.replicas.all(x, true)', "expression of type 'int' cannot be range"],
    ['self.metadata.name == 1', "applied to '(string, int)'"],
    ['self["spec"]["replicas"] == "1"', "applied to '(int, string)'"],
    ['self[1] == 1', "applied to '(object, int)'"],
  ])('%s is refused', (expression, message) => {
    expect(evaluate(expression, environment)).toContain(message);
  });

  it.each([
    ['self.spec.weight / 2 == 1', '1:18: noSuchOverload', { weight: 2.5 }],
    ['self.spec.weight / 2 == 1', 'true', { weight: 2 }],
    ['timestamp(self.spec.since) > timestamp(0)', 'true', { since: '2024-01-01T00:00:00Z' }],
    ['self.spec.port == 80', 'true', { port: 80 }],
    ['self.spec.port == "http"', 'true', { port: 'http' }],
    ['self.spec.free.any.thing == 1', 'true', { free: { any: { thing: 1 } } }],
    ['self.spec.open.unknown == 1', 'true', { open: { unknown: 1 } }],
    ['self.apiVersion == "v1"', 'true', {}],
    ['self.spec["replicas"] == 3', 'true', { replicas: 3 }],
    ['self.spec["unheard-of"] == 3', 'true', { 'unheard-of': 3 }],
    ['"replicas" in self.spec && size(self.spec) == 1', 'true', { replicas: 3 }],
    ['self.spec.all(k, k.startsWith("re"))', 'true', { replicas: 3 }],
    ['self.spec.all(k, v, v == 3)', 'true', { replicas: 3 }],
    ['self.spec == {"replicas": 3} && {"replicas": 3} == self.spec', 'true', { replicas: 3 }],
    ['self.spec != self.spec.free', 'true', { free: {} }],
    ['self.spec == null || true', 'true', {}],
    ['self.spec.maybe == null', 'true', { maybe: null }],
    ['self.spec.?replicas.orValue(1) == 1', 'true', {}],
    ['self.spec[?"replicas"].orValue(1) == 1', 'true', {}],
    ['(true ? self.spec : {}) == self.spec', 'true', {}],
    ['type(self.spec) == map', 'true', {}],
    [
      'self.spec.embedded.metadata.labels.a == "b"',
      'true',
      { embedded: { metadata: { labels: { a: 'b' } } } },
    ],
  ])('%s is decided by the value', (expression, expected, spec) => {
    expect(evaluate(expression, environment, { self: { apiVersion: 'v1', spec } })).toContain(
      expected,
    );
  });

  it.each([
    ['self.spec.replica == 1', "Did you mean 'replicas'?"],
    ['self.spec.NAME == ""', "Did you mean 'name'?"],
    ['slef.spec.name == ""', "Did you mean 'self'?"],
    ['self.spec.name.lowerASCII() == ""', "Did you mean 'lowerAscii'?"],
    ['self.spec.tagz.size() == 1', "Did you mean 'tags'?"],
    ['self.spec.qqq == 1', undefined],
    ['self.spec.x == 1', undefined],
  ])('%s: %s', (expression, hint) => {
    const compiled = compile(expression, environment);
    expect(compiled.ok).toBe(false);
    if (!compiled.ok) expect(compiled.diagnostics[0]?.hint).toBe(hint);
  });

  it('declares the top-level fields of a kind for health checks', () => {
    const health = healthEnvironmentFor(schema);
    expect(evaluate('spec.replicas == 1', health, { spec: { replicas: 1 } })).toBe('true');
    expect(evaluate('status.ready == 1', health)).toContain("undeclared reference to 'status'");
    expect(evaluate('spec.replica == 1', health)).toContain("undefined field 'replica'");
  });
});
