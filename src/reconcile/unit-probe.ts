// The probe of a unit: its availability probes, readiness by health checks and built-in rules, or both.
import type { Probe, ProbeOutcome } from '../apply/phase-engine.ts';
import type { DesiredState } from '../model/desired.ts';
import { compileHealthChecks, compileProbes, probeOf, readinessOf } from '../probes/index.ts';
import type { AvailabilityProbe, HealthChecks, Readiness } from '../probes/index.ts';
import type { HealthCheck } from '../render/repository-config.ts';

/** A clock, so that the deadline of an expression counts beside its cost limit. */
const LIMITS = { now: () => performance.now() } as const;

export interface UnitProbes {
  readonly probe: (desired: DesiredState) => Probe;
  /** Puts the health checks of sluice.yaml in force. @returns true when they changed */
  setHealthChecks(checks: readonly HealthCheck[]): boolean;
}

/** A factory that keeps compiled probes as long as the desired state lives. @param now milliseconds since 1970 */
export function createUnitProbes(now: () => number): UnitProbes {
  let compiled = new WeakMap<DesiredState, Probe>();
  let health: HealthChecks | undefined;
  let fingerprint = '[]';
  return {
    probe: (desired) => {
      const known = compiled.get(desired);
      if (known) return known;
      const probe = buildProbe(desired, (live) => {
        const options = { now: now() };
        return health ? health.readinessOf(live, options) : readinessOf(live, options);
      });
      compiled.set(desired, probe);
      return probe;
    },
    setHealthChecks: (checks) => {
      const next = JSON.stringify(checks);
      if (next === fingerprint) return false;
      fingerprint = next;
      compiled = new WeakMap();
      const result = compileHealthChecks(checks.map(specOf), { limits: LIMITS });
      // A wrong check was refused with the configuration it stands in.
      health = result.ok && checks.length > 0 ? result.checks : undefined;
      return true;
    },
  };
}

function specOf(check: HealthCheck): Parameters<typeof compileHealthChecks>[0][number] {
  return {
    kind: check.group === '' ? check.kind : `${check.kind}.${check.group}`,
    current: check.current,
    ...(check.inProgress === undefined ? {} : { inProgress: check.inProgress }),
    ...(check.failed === undefined ? {} : { failed: check.failed }),
  };
}

function buildProbe(desired: DesiredState, readiness: (live: unknown) => Readiness): Probe {
  // Rendering has checked them against the schema of the API.
  const result = compileProbes(desired.availabilityProbes as readonly AvailabilityProbe[], {
    limits: LIMITS,
  });
  if (!result.ok) {
    // Rendering refuses such probes; after a restart with a newer engine the record may still hold one.
    const messages = result.diagnostics.map((item) => item.message);
    return () => ({ status: 'Unknown', messages });
  }
  const { prober } = result;
  return (live): ProbeOutcome => {
    const declared = prober.probe(live);
    if (declared.status !== 'True' || !desired.builtinProbes) return declared;
    return probeOf(readiness(live));
  };
}
