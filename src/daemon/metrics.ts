// Prometheus metrics of one running instance.
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

export interface Metrics {
  readonly registry: Registry;
  poll(result: string, ms: number): void;
  snapshot(ms: number): void;
  object(what: string): void;
  status(kind: string): void;
  units(counts: { readonly ready: number; readonly notReady: number }): void;
}

/** @param processMetrics also the usual metrics of the Node.js process */
export function createMetrics(processMetrics: boolean): Metrics {
  const registry = new Registry();
  const registers = [registry];
  if (processMetrics) collectDefaultMetrics({ register: registry });
  const polls = new Counter({
    name: 'sluice_polls_total',
    help: 'Polls of the source by result.',
    labelNames: ['result'],
    registers,
  });
  const pollSeconds = new Histogram({
    name: 'sluice_poll_duration_seconds',
    help: 'Duration of one poll of the source.',
    buckets: [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30],
    registers,
  });
  const snapshotSeconds = new Histogram({
    name: 'sluice_snapshot_duration_seconds',
    help: 'Reading, discovering and rendering one snapshot.',
    buckets: [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30],
    registers,
  });
  const objects = new Counter({
    name: 'sluice_objects_total',
    help: 'What was done with objects, by kind of result.',
    labelNames: ['result'],
    registers,
  });
  const status = new Counter({
    name: 'sluice_status_events_total',
    help: 'Commits, pushes and failures of the status branch.',
    labelNames: ['event'],
    registers,
  });
  const units = new Gauge({
    name: 'sluice_units',
    help: 'Units by readiness.',
    labelNames: ['ready'],
    registers,
  });
  return {
    registry,
    poll: (result, ms) => {
      polls.inc({ result });
      pollSeconds.observe(ms / 1000);
    },
    snapshot: (ms) => snapshotSeconds.observe(ms / 1000),
    object: (what) => objects.inc({ result: what }),
    status: (kind) => status.inc({ event: kind }),
    units: ({ ready, notReady }) => {
      units.set({ ready: 'true' }, ready);
      units.set({ ready: 'false' }, notReady);
    },
  };
}
