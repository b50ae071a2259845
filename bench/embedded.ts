// Figures of the embedded target: creating, applying, reading, watching and reopening 10,000 objects on disk.
// Run: node bench/embedded.ts [objects]   (Node 22.18 or newer runs TypeScript; older: npx tsx)
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Manifest } from '../src/model/manifest.ts';
import { refOf } from '../src/model/object-key.ts';
import { createEmbeddedTarget } from '../src/targets/embedded/index.ts';
import type { EmbeddedTarget } from '../src/targets/embedded/index.ts';

const COUNT = Number(process.argv[2] ?? 10_000);
/** Writes under way at a time, as the apply engine has them. */
const WIDTH = 16;
/** Every twentieth object is a Deployment with two replicas. */
const DEPLOYMENT_EVERY = 20;

function manifest(index: number, value: string): Manifest {
  const metadata = {
    name: `object-${index}`,
    namespace: 'default',
    labels: { 'sluice.dev/instance': 'bench', app: `app-${index % 100}` },
    annotations: { 'sluice.dev/owner': `bench/local:Folder/f#/x/default/object-${index}` },
  };
  if (index % DEPLOYMENT_EVERY !== 0) {
    const data = { value, text: 'x'.repeat(400) };
    return { apiVersion: 'v1', kind: 'ConfigMap', metadata, data };
  }
  const labels = { app: `object-${index}` };
  const containers = [{ name: 'c', image: `nginx:${value}`, env: [{ name: 'A', value }] }];
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata,
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers } },
    },
  };
}

async function inParallel(task: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < COUNT) await task(next++);
  };
  await Promise.all(Array.from({ length: WIDTH }, worker));
}

async function measure(name: string, task: () => Promise<unknown>): Promise<void> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  await task();
  const { user, system } = process.cpuUsage(cpu);
  const wall = Math.round(performance.now() - start);
  const spent = Math.round((user + system) / 1000);
  const memory = Math.round(process.memoryUsage.rss() / 1e6);
  console.log(
    `${name.padEnd(44)} ${String(wall).padStart(7)} ms wall ${String(spent).padStart(7)} ms cpu ${memory} MB`,
  );
}

async function ready(target: EmbeddedTarget): Promise<void> {
  const kind = { apiVersion: 'apps/v1', kind: 'Deployment' };
  for (;;) {
    const list = (await target.list(kind)) ?? [];
    const text = list.map((object) => JSON.stringify(object['status']));
    if (text.every((status) => status.includes('NewReplicaSetAvailable'))) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const path = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
try {
  let target = createEmbeddedTarget({ name: 'bench', path });
  const expected = new Map<number, { uid: string; version: string }>();
  const manager = 'sluice-bench';
  await measure(`create ${COUNT}, ${COUNT / DEPLOYMENT_EVERY} of them Deployments`, () =>
    inParallel(async (index) => {
      const object = manifest(index, '1');
      const result = await target.write({ verb: 'create', object, manager });
      if (result.kind !== 'done') throw new Error(JSON.stringify(result));
    }),
  );
  await measure('until every Deployment is available', () => ready(target));
  await measure(`read ${COUNT} one by one`, async () => {
    for (let index = 0; index < COUNT; index++) {
      const [state] = await target.read([refOf(manifest(index, '1'))]);
      if (state?.state !== 'live') throw new Error('not live');
      const { uid, resourceVersion } = state.object.metadata;
      expected.set(index, { uid: String(uid), version: String(resourceVersion) });
    }
  });
  const applyAll = (value: string): Promise<void> =>
    inParallel(async (index) => {
      const expect = expected.get(index) ?? { uid: '', version: '' };
      const object = manifest(index, value);
      const result = await target.write({ verb: 'apply', object, manager, force: false, expect });
      if (result.kind !== 'done') throw new Error(JSON.stringify(result));
      expected.set(index, result);
    });
  await measure(`apply ${COUNT} without a change`, () => applyAll('1'));
  await measure(`apply ${COUNT} changed`, () => applyAll('2'));
  await measure('until every Deployment is available', () => ready(target));
  await measure('watch until synced', async () => {
    const stop = new AbortController();
    for await (const event of target.watch({ instance: 'bench' }, stop.signal)) {
      if (event.type === 'synced') break;
    }
    stop.abort();
  });
  await measure('close', () => target.close());
  await measure('reopen and find all of the instance', async () => {
    target = createEmbeddedTarget({ name: 'bench', path });
    let found = 0;
    for await (const object of target.find('bench')) found += Number(object.kind !== '');
    if (found < COUNT) throw new Error(`found ${found}`);
  });
  await target.close();
} finally {
  rmSync(path, { recursive: true, force: true });
}
