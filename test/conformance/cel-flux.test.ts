// Flux' cheat sheet of health checks: every expression compiles, means what Flux says it means, and judges a live object.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { compile, healthEnvironment } from '../../src/lang/cel/index.ts';
import type { Value } from '../../src/lang/cel/index.ts';
import { compileHealthChecks } from '../../src/probes/index.ts';
import type { ProbedObject } from '../../src/probes/result.ts';

const root =
  process.env['SLUICE_CASES'] ?? fileURLToPath(new URL('../../../shared/cases', import.meta.url));
const file = `${root}/third-party/cel/flux-cheatsheet.json`;
const present = existsSync(file);
if (!present) console.log(`Flux health checks: skipped, ${file} is not there`);

interface Check {
  readonly apiVersion: string;
  readonly kind?: string;
  readonly failed?: string;
  readonly inProgress?: string;
  readonly current?: string;
}
const { healthCheckExprs: checks } = present
  ? (JSON.parse(readFileSync(file, 'utf8')) as { healthCheckExprs: readonly Check[] })
  : { healthCheckExprs: [] };

/** An object whose conditions all have one status, and whose Ceph status is as given. */
function object(status: 'True' | 'False', health: string): Record<string, Value> {
  const types = ['Ready', 'Healthy', 'Synced', 'Stalled'];
  return {
    metadata: { generation: 4 },
    status: {
      ceph: { health },
      conditions: types.map((type) => ({
        type,
        status: type === 'Stalled' ? (status === 'True' ? 'False' : 'True') : status,
        reason: 'ReconcileError',
        observedGeneration: 4,
      })),
    },
  };
}

const good = object('True', 'HEALTH_OK');
const bad = object('False', 'HEALTH_ERR');

function answer(expression: string, variables: Record<string, Value>): unknown {
  const compilation = compile(expression, healthEnvironment);
  if (!compilation.ok) return compilation.diagnostics[0]?.message;
  const outcome = compilation.program.evaluate(variables);
  return outcome.kind === 'value' ? outcome.value : outcome.kind;
}

/** The status that a health check gives a live object. */
function readiness(check: Check, object: Record<string, Value>): string {
  const { apiVersion, kind = 'Any', current = 'true' } = check;
  const compiled = compileHealthChecks([{ ...check, kind, current }]);
  if (!compiled.ok) return compiled.diagnostics[0]?.message ?? 'not compiled';
  const metadata = { name: 'x', generation: 4 };
  return compiled.checks.readinessOf({ ...object, apiVersion, kind, metadata } as ProbedObject)
    .status;
}

describe.runIf(present)('Flux health checks', () => {
  for (const check of checks) {
    const title = `${check.kind ?? 'any kind'} of ${check.apiVersion}`;
    it(`${title} makes objects current and failed`, () => {
      expect([readiness(check, good), readiness(check, bad)]).toEqual(['Current', 'Failed']);
    });
    it(title, () => {
      const { current = 'true', failed = 'false' } = check;
      expect([answer(current, good), answer(current, bad)]).toEqual([true, false]);
      expect([answer(failed, good), answer(failed, bad)]).toEqual([false, true]);
      // Before a status is reported at all, the answer is an error and the check waits.
      expect(answer(current, { metadata: { generation: 4 } })).toBe('error');
    });
  }
  console.log(`Flux health checks: ${checks.length} kinds ran`);
});
