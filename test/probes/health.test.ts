// Health checks: Flux' order, its view of the object, and mistakes found before anything runs.
import { describe, expect, it } from 'vitest';
import { compileHealthChecks } from '../../src/probes/index.ts';
import type { HealthCheckSpec } from '../../src/probes/index.ts';

const check: HealthCheckSpec = {
  kind: 'Cluster.postgresql.cnpg.io',
  inProgress: "status.phase == 'Setting up'",
  failed: "status.phase.startsWith('Error')",
  current: "status.conditions.exists(c, c.type == 'Ready' && c.status == 'True')",
};

function cluster(status: Readonly<Record<string, unknown>>, metadata = {}) {
  return {
    apiVersion: 'postgresql.cnpg.io/v1',
    kind: 'Cluster',
    metadata: { name: 'db', ...metadata },
    status,
  };
}

function checksOf(...specs: readonly HealthCheckSpec[]) {
  const compiled = compileHealthChecks(specs);
  if (!compiled.ok) throw new Error(compiled.diagnostics.map((item) => item.message).join('\n'));
  return compiled.checks;
}

const ready = [{ type: 'Ready', status: 'True' }];

describe('A health check', () => {
  it.each([
    ['asks for progress first', { phase: 'Setting up', conditions: ready }, 'InProgress'],
    ['then for failure', { phase: 'Error: disk', conditions: ready }, 'Failed'],
    ['then whether it is current', { phase: 'Healthy', conditions: ready }, 'Current'],
    ['is in progress where nothing is true', { phase: 'Healthy', conditions: [] }, 'InProgress'],
    ['is Unknown where an expression fails', { conditions: ready }, 'Unknown'],
  ])('%s', (_, status, expected) => {
    expect(checksOf(check).readinessOf(cluster(status)).status).toBe(expected);
  });

  it('says which expression decided, or why none could', () => {
    const checks = checksOf(check);
    expect(checks.readinessOf(cluster({ phase: 'Error' })).message).toBe(
      "health check failed: status.phase.startsWith('Error')",
    );
    expect(checks.readinessOf(cluster({})).message).toBe(
      'health check inProgress: no such key: phase',
    );
  });

  it('waits for the latest generation before any expression', () => {
    const stale = cluster({ observedGeneration: 1, phase: 'Error' }, { generation: 2 });
    expect(checksOf(check).readinessOf(stale).reason).toBe('LatestGenerationNotObserved');
  });

  it('leaves deletion and absence to the general rules', () => {
    const checks = checksOf(check);
    const deleted = cluster({ phase: 'Error' }, { deletionTimestamp: '2026-01-01T00:00:00Z' });
    expect(checks.readinessOf(deleted).status).toBe('Terminating');
    expect(checks.readinessOf(undefined).status).toBe('NotFound');
  });

  it('leaves other kinds to the rules of kstatus', () => {
    const other = { ...cluster({ phase: 'Error' }), apiVersion: 'other.io/v1' };
    expect(checksOf(check).readinessOf(other).status).toBe('Current');
  });

  it("takes Flux' way of naming the kind", () => {
    const flux = { apiVersion: 'postgresql.cnpg.io/v1', kind: 'Cluster', current: 'status.ok' };
    expect(checksOf(flux).readinessOf(cluster({ ok: true })).status).toBe('Current');
    expect(checksOf(flux).readinessOf(cluster({ ok: 'yes' })).status).toBe('Unknown');
  });
});

describe('Compiling health checks refuses', () => {
  it.each([
    ['a syntax error', { ...check, failed: 'status.' }, /Cluster\.postgresql\.cnpg\.io failed: 1:/],
    ['an unknown function', { ...check, current: 'nope(status)' }, /current: 1:\d+: .*'nope'/],
    ['a result that is no bool', { ...check, current: '1 + 1' }, /current: .*bool/],
    ['a check without `current`', { ...check, current: '' }, /needs an expression `current`/],
  ])('%s', (_, spec, message) => {
    const compiled = compileHealthChecks([spec]);
    expect(compiled.ok).toBe(false);
    if (!compiled.ok) expect(compiled.diagnostics[0]?.message).toMatch(message);
  });

  it('two checks of one kind', () => {
    const compiled = compileHealthChecks([
      check,
      { ...check, apiVersion: 'postgresql.cnpg.io/v2', kind: 'Cluster' },
    ]);
    expect(compiled.ok).toBe(false);
  });

  it('unknown fields of a kind with a known schema, and only there', () => {
    const schemaOf = () => ({
      type: 'object',
      properties: { status: { type: 'object', properties: { phase: { type: 'string' } } } },
    });
    const phase = { ...check, failed: '', inProgress: '' };
    const compiles = (current: string) =>
      compileHealthChecks([{ ...phase, current }], { schemaOf }).ok;
    expect(compiles("status.phase == 'x'")).toBe(true);
    expect(compiles('metadata.generation == 1')).toBe(true);
    expect(compiles("status.phsae == 'x'")).toBe(false);
    expect(compiles("sttaus.phase == 'x'")).toBe(false);
    expect(compileHealthChecks([{ ...phase, current: "sttaus.phase == 'x'" }]).ok).toBe(true);
  });
});
