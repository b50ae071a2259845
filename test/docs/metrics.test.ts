// docs/reference/metrics.md lists the metrics that a daemon serves.
import { expect, it } from 'vitest';
import { createMetrics } from '../../src/daemon/metrics.ts';
import { readText, section, tableRows } from './pages.ts';

const page = readText('docs/reference/metrics.md');

it('lists every metric with its type and its labels', async () => {
  const metrics = await createMetrics(false).registry.getMetricsAsJSON();
  const listed = tableRows(section(page, '## Metrics')).map(([name, type]) => `${name} ${type}`);
  const real = metrics.map(({ name, type }) => `\`${name}\` ${String(type)}`);
  expect(listed.toSorted()).toEqual(real.toSorted());
});

it('names the labels that the code sets', async () => {
  const metrics = createMetrics(false);
  metrics.poll('changed', 1);
  metrics.snapshot(1);
  metrics.object('created');
  metrics.status('pushed');
  metrics.units({ ready: 1, notReady: 0 });
  const rows = new Map(tableRows(section(page, '## Metrics')).map((cells) => [cells[0], cells[2]]));
  for (const { name, values, type } of await metrics.registry.getMetricsAsJSON()) {
    if (String(type) === 'histogram') continue;
    for (const { labels } of values) {
      for (const label of Object.keys(labels))
        expect(rows.get(`\`${name}\``)).toContain(`\`${label}\``);
    }
  }
});
