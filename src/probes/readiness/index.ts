// Built-in readiness: kstatus' states and rules.
export { readinessOf } from './compute.ts';
export type { ReadinessOptions } from './compute.ts';
export { probeOf, readinessProber } from './probe.ts';
export { staleReadiness } from './generic.ts';
export type { Readiness, ReadinessStatus } from './readiness.ts';
