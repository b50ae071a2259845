// The built-in controllers: objects become ready, are held back, fail and recover as in a cluster.
import { afterEach, describe, expect, it } from 'vitest';
import type { Manifest } from '../../../src/model/manifest.ts';
import { conditionsOf, createCluster, statusOf, workload } from './embedded-fixture.ts';
import type { Cluster } from './embedded-fixture.ts';

let open: Cluster | undefined;

function cluster(): Cluster {
  open = createCluster();
  return open;
}

afterEach(async () => {
  expect(open?.errors ?? []).toEqual([]);
  await open?.target.close();
  open = undefined;
});

const HOLD = { 'embedded.sluice.dev/hold': 'true' };
const FAIL = { 'embedded.sluice.dev/fail': 'no such image' };

describe('deployments', () => {
  const deployment = workload('Deployment', { spec: { replicas: 2 } });

  it('are seen at once, progress, and are available after a while', async () => {
    const { create, get, pass, list } = cluster();
    const created = await create(deployment);
    expect(statusOf(created)).toEqual({});
    await pass(0);
    const started = await get(deployment);
    expect(statusOf(started)).toMatchObject({
      observedGeneration: 1,
      replicas: 2,
      updatedReplicas: 2,
      unavailableReplicas: 2,
    });
    expect(conditionsOf(started)).toEqual({
      Available: 'False/MinimumReplicasUnavailable',
      Progressing: 'True/ReplicaSetUpdated',
    });
    await pass(300);
    const ready = await get(deployment);
    expect(statusOf(ready)).toMatchObject({
      observedGeneration: 1,
      replicas: 2,
      updatedReplicas: 2,
      readyReplicas: 2,
      availableReplicas: 2,
    });
    expect(statusOf(ready)).not.toHaveProperty('unavailableReplicas');
    expect(conditionsOf(ready)).toEqual({
      Available: 'True/MinimumReplicasAvailable',
      Progressing: 'True/NewReplicaSetAvailable',
    });
    expect(await list('apps/v1', 'ReplicaSet')).toHaveLength(1);
    expect(await list('v1', 'Pod')).toHaveLength(2);
  });

  it('roll to a new template while the old pods serve', async () => {
    const { create, apply, get, pass, list } = cluster();
    await create(deployment);
    await pass(300);
    await apply(workload('Deployment', { image: 'nginx:2', spec: { replicas: 2 } }));
    await pass(0);
    const rolling = await get(deployment);
    expect(statusOf(rolling)).toMatchObject({
      observedGeneration: 2,
      replicas: 4,
      updatedReplicas: 2,
      availableReplicas: 2,
    });
    expect(conditionsOf(rolling)).toMatchObject({
      Available: 'True/MinimumReplicasAvailable',
      Progressing: 'True/ReplicaSetUpdated',
    });
    await pass(1000);
    expect(statusOf(await get(deployment))).toMatchObject({ replicas: 2, availableReplicas: 2 });
    const sets = await list('apps/v1', 'ReplicaSet');
    expect(sets.map((set) => Number(statusOf(set)['replicas'])).toSorted((a, b) => a - b)).toEqual([
      0, 2,
    ]);
    expect(await list('v1', 'Pod')).toHaveLength(2);
  });

  it('are scaled', async () => {
    const { create, apply, get, pass } = cluster();
    await create(deployment);
    await pass(300);
    await apply(workload('Deployment', { spec: { replicas: 1 } }));
    await pass(1000);
    expect(statusOf(await get(deployment))).toMatchObject({ replicas: 1, availableReplicas: 1 });
    await apply(workload('Deployment', { spec: { replicas: 0 } }));
    await pass(1000);
    const idle = await get(deployment);
    expect(statusOf(idle)).not.toHaveProperty('replicas');
    expect(conditionsOf(idle)).toMatchObject({ Progressing: 'True/NewReplicaSetAvailable' });
  });

  it('count more replicas than there are pods', async () => {
    const { create, get, pass, list } = cluster();
    await create(workload('Deployment', { spec: { replicas: 500 } }));
    await pass(300);
    expect(statusOf(await get(deployment))).toMatchObject({
      replicas: 500,
      availableReplicas: 500,
    });
    expect(await list('v1', 'Pod')).toHaveLength(20);
  });

  it('wait as long as the annotation says', async () => {
    const { create, get, pass } = cluster();
    await create(
      workload('Deployment', { annotations: { 'embedded.sluice.dev/ready-after': '3s' } }),
    );
    await pass(2900);
    expect(conditionsOf(await get(deployment))['Available']).toBe(
      'False/MinimumReplicasUnavailable',
    );
    await pass(100);
    expect(conditionsOf(await get(deployment))['Available']).toBe('True/MinimumReplicasAvailable');
  });

  it('are held until the annotation goes', async () => {
    const { create, apply, get, pass } = cluster();
    await create(workload('Deployment', { annotations: HOLD }));
    await pass(60_000);
    const held = await get(deployment);
    expect(conditionsOf(held)).toEqual({
      Available: 'False/MinimumReplicasUnavailable',
      Progressing: 'True/ReplicaSetUpdated',
    });
    await pass(600_000);
    expect(conditionsOf(await get(deployment))['Progressing']).toBe(
      'False/ProgressDeadlineExceeded',
    );
    await apply(workload('Deployment'));
    await pass(1000);
    expect(conditionsOf(await get(deployment))).toEqual({
      Available: 'True/MinimumReplicasAvailable',
      Progressing: 'True/NewReplicaSetAvailable',
    });
  });

  it('fail with the message, and recover', async () => {
    const { create, apply, get, pass } = cluster();
    await create(workload('Deployment', { annotations: FAIL }));
    await pass(300);
    const failed = await get(deployment);
    expect(conditionsOf(failed)).toEqual({
      Available: 'False/MinimumReplicasUnavailable',
      Progressing: 'False/ProgressDeadlineExceeded',
    });
    expect(JSON.stringify(statusOf(failed))).toContain('has timed out progressing: no such image');
    await apply(workload('Deployment'));
    await pass(1000);
    expect(conditionsOf(await get(deployment))['Progressing']).toBe('True/NewReplicaSetAvailable');
  });

  it('break when the annotation comes to running ones', async () => {
    const { create, apply, get, pass } = cluster();
    await create(deployment);
    await pass(300);
    await apply(workload('Deployment', { annotations: FAIL, spec: { replicas: 2 } }));
    await pass(1000);
    expect(conditionsOf(await get(deployment))).toEqual({
      Available: 'False/MinimumReplicasUnavailable',
      Progressing: 'False/ProgressDeadlineExceeded',
    });
  });

  it('take their pods with them', async () => {
    const { create, remove, pass, list } = cluster();
    await create(deployment);
    await pass(300);
    await remove(deployment);
    await pass(1000);
    expect(await list('apps/v1', 'ReplicaSet')).toEqual([]);
    expect(await list('v1', 'Pod')).toEqual([]);
  });
});

describe('stateful sets', () => {
  const set = workload('StatefulSet', {
    spec: {
      replicas: 2,
      serviceName: 'web',
      volumeClaimTemplates: [
        {
          metadata: { name: 'data' },
          spec: {
            accessModes: ['ReadWriteOnce'],
            resources: { requests: { storage: '1Gi' } },
          },
        },
      ],
    },
  });

  it('start one pod after the other, each with its claim', async () => {
    const { create, get, pass, list } = cluster();
    await create(set);
    await pass(300);
    expect(statusOf(await get(set))).toMatchObject({ replicas: 2, readyReplicas: 1 });
    await pass(300);
    expect(statusOf(await get(set))).toMatchObject({
      observedGeneration: 1,
      replicas: 2,
      readyReplicas: 2,
      currentReplicas: 2,
      updatedReplicas: 2,
      availableReplicas: 2,
    });
    await pass(300);
    const claims = await list('v1', 'PersistentVolumeClaim');
    expect(claims.map((claim) => [claim.metadata.name, statusOf(claim)['phase']])).toEqual([
      ['data-web-0', 'Bound'],
      ['data-web-1', 'Bound'],
    ]);
  });

  it('replace their pods from the last to the first', async () => {
    const { create, apply, get, pass } = cluster();
    await create(set);
    await pass(300);
    await pass(300);
    const spec = set['spec'] as Record<string, unknown>;
    const template = (workload('x', { image: 'nginx:2' })['spec'] as Record<string, unknown>)[
      'template'
    ];
    await apply({ ...set, spec: { ...spec, template } } as Manifest);
    await pass(0);
    expect(statusOf(await get(set))).toMatchObject({ updatedReplicas: 0, observedGeneration: 2 });
    for (let turn = 0; turn < 6; turn++) await pass(300);
    const status = statusOf(await get(set));
    expect(status).toMatchObject({ updatedReplicas: 2, readyReplicas: 2 });
    expect(status['currentRevision']).toBe(status['updateRevision']);
  });
});

describe('other workloads', () => {
  it('daemon sets have one pod on the one node', async () => {
    const { create, get, pass } = cluster();
    const set = workload('DaemonSet');
    await create(set);
    await pass(0);
    expect(statusOf(await get(set))).toMatchObject({ desiredNumberScheduled: 1, numberReady: 0 });
    await pass(300);
    expect(statusOf(await get(set))).toMatchObject({
      observedGeneration: 1,
      desiredNumberScheduled: 1,
      currentNumberScheduled: 1,
      updatedNumberScheduled: 1,
      numberReady: 1,
      numberAvailable: 1,
    });
  });

  const job = (annotations: Readonly<Record<string, string>> = {}): Manifest => ({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'migrate', namespace: 'default', annotations },
    spec: {
      template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'busybox' }] } },
    },
  });

  it('jobs run and complete', async () => {
    const { create, get, pass } = cluster();
    await create(job());
    await pass(0);
    expect(statusOf(await get(job()))).toMatchObject({ active: 1 });
    await pass(300);
    const finished = await get(job());
    expect(conditionsOf(finished)).toEqual({
      SuccessCriteriaMet: 'True/CompletionsReached',
      Complete: 'True/CompletionsReached',
    });
    expect(statusOf(finished)).toMatchObject({ succeeded: 1 });
    expect(statusOf(finished)['completionTime']).toBeDefined();
  });

  it('jobs fail with their message', async () => {
    const { create, get, pass } = cluster();
    await create(job(FAIL));
    await pass(300);
    const failed = await get(job());
    expect(conditionsOf(failed)['Failed']).toBe('True/BackoffLimitExceeded');
    expect(JSON.stringify(statusOf(failed))).toContain('no such image');
  });

  it('pods run, and crash when told to', async () => {
    const { create, get, apply, pass } = cluster();
    const pod = (annotations: Readonly<Record<string, string>>): Manifest => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', namespace: 'default', annotations },
      spec: { containers: [{ name: 'c', image: 'nginx' }] },
    });
    await create(pod({}));
    expect(statusOf(await get(pod({})))).toMatchObject({ phase: 'Pending' });
    await pass(300);
    const running = await get(pod({}));
    expect(statusOf(running)).toMatchObject({ phase: 'Running' });
    expect(conditionsOf(running)['Ready']).toBe('True/');
    await apply(pod(FAIL));
    await pass(300);
    const crashing = await get(pod({}));
    expect(conditionsOf(crashing)['Ready']).toBe('False/ContainersNotReady');
    expect(JSON.stringify(statusOf(crashing))).toContain('CrashLoopBackOff');
  });

  it('load balancers get an address, other services need none', async () => {
    const { create, get, pass } = cluster();
    const service = (name: string, type: string): Manifest => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace: 'default' },
      spec: { type, ports: [{ port: 80 }] },
    });
    const inner = await create(service('inner', 'ClusterIP'));
    expect(inner['spec']).toMatchObject({ clusterIP: expect.stringMatching(/^10\./) as string });
    await create(service('outer', 'LoadBalancer'));
    await pass(0);
    expect(statusOf(await get(service('outer', 'x')))).toEqual({ loadBalancer: {} });
    await pass(300);
    expect(JSON.stringify(statusOf(await get(service('outer', 'x'))))).toContain('"ip":');
  });

  it('disruption budgets count the pods they select', async () => {
    const { create, get, pass } = cluster();
    const budget: Manifest = {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'web', namespace: 'default' },
      spec: { minAvailable: 1, selector: { matchLabels: { app: 'web' } } },
    };
    await create(budget);
    await pass(0);
    expect(statusOf(await get(budget))).toMatchObject({ expectedPods: 0, currentHealthy: 0 });
    await create(workload('Deployment', { spec: { replicas: 2 } }));
    await pass(300);
    expect(statusOf(await get(budget))).toMatchObject({
      observedGeneration: 1,
      currentHealthy: 2,
      desiredHealthy: 1,
      disruptionsAllowed: 1,
    });
  });
});
