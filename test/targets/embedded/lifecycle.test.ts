// Namespaces, owners, CRDs, restarts and readers beside the writer.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { open } from 'lmdb';
import { afterEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/model/json.ts';
import type { Manifest } from '../../../src/model/manifest.ts';
import { identifyProcess } from '../../../src/lib/process-identity.ts';
import { refOf } from '../../../src/model/object-key.ts';
import { createEmbeddedTarget } from '../../../src/targets/embedded/index.ts';
import { conditionsOf, createCluster, statusOf, workload } from './embedded-fixture.ts';
import type { Cluster } from './embedded-fixture.ts';

const opened: Cluster[] = [];
const folders: string[] = [];

function cluster(...args: Parameters<typeof createCluster>): Cluster {
  const made = createCluster(...args);
  opened.push(made);
  return made;
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'sluice-embedded-'));
  folders.push(path);
  return path;
}

afterEach(async () => {
  for (const { target, errors } of opened.splice(0)) {
    expect(errors).toEqual([]);
    await target.close();
  }
  for (const path of folders.splice(0)) rmSync(path, { recursive: true, force: true });
});

function settings(name: string, more: JsonObject = {}, namespace = 'default'): Manifest {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace, ...more }, data: {} };
}

function ownedBy(owner: Manifest, uid: unknown, more: JsonObject = {}): JsonObject {
  const { apiVersion, kind } = owner;
  const name = owner.metadata.name ?? '';
  return { ownerReferences: [{ apiVersion, kind, name, uid: String(uid), ...more }] };
}

const crd: Manifest = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'widgets', kind: 'Widget' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                required: ['size'],
                properties: {
                  size: { type: 'integer', minimum: 1 },
                  mode: { type: 'string', default: 'a' },
                  tags: {
                    type: 'array',
                    'x-kubernetes-list-type': 'set',
                    items: { type: 'string' },
                  },
                },
              },
              status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
            },
          },
        },
      },
    ],
  },
};

describe('owners', () => {
  it('take their dependants with them', async () => {
    const { create, remove, get, pass } = cluster();
    const owner = await create(settings('owner'));
    await create(settings('child', ownedBy(owner, owner.metadata['uid'])));
    await pass(0);
    expect(await get(settings('child'))).toBeDefined();
    expect(await remove(settings('owner'))).toEqual({ kind: 'accepted', gone: true });
    await pass(0);
    expect(await get(settings('child'))).toBeUndefined();
  });

  it('that do not exist mean collection', async () => {
    const { create, get, pass } = cluster();
    const stranger = ownedBy(settings('owner'), '22222222-2222-2222-2222-222222222222');
    await create(settings('dangling', stranger));
    expect(await get(settings('dangling'))).toBeDefined();
    await pass(0);
    expect(await get(settings('dangling'))).toBeUndefined();
  });

  it('of another namespace do not exist', async () => {
    const { create, get, pass } = cluster();
    const owner = await create(settings('owner', {}, 'kube-public'));
    await create(settings('dependant', ownedBy(owner, owner.metadata['uid'])));
    await pass(0);
    expect(await get(settings('dependant'))).toBeUndefined();
  });

  it('let go when they are deleted as orphaning', async () => {
    const { create, remove, get, pass } = cluster();
    const owner = await create(settings('owner'));
    await create(settings('child', ownedBy(owner, owner.metadata['uid'])));
    await pass(0);
    expect(await remove(settings('owner'), { propagation: 'Orphan' })).toEqual({
      kind: 'accepted',
      gone: false,
    });
    await pass(0);
    expect(await get(settings('owner'))).toBeUndefined();
    expect((await get(settings('child')))?.metadata).not.toHaveProperty('ownerReferences');
  });

  it('wait for blocking dependants in the foreground', async () => {
    const { create, remove, get, pass } = cluster();
    const owner = await create(settings('owner'));
    const reference = ownedBy(owner, owner.metadata['uid'], { blockOwnerDeletion: true });
    const finalizers = ['example.com/hold'];
    const child = await create(settings('child', { ...reference, finalizers }));
    await remove(settings('owner'), { propagation: 'Foreground' });
    await pass(0);
    expect((await get(settings('owner')))?.metadata['finalizers']).toEqual(['foregroundDeletion']);
    const held = await get(settings('child'));
    expect(held?.metadata['deletionTimestamp']).toBeDefined();
    const { apply } = opened[0] ?? cluster();
    await apply(settings('child', { ...reference, finalizers: [] }));
    expect(child.metadata['uid']).toBe(held?.metadata['uid']);
    await pass(0);
    expect(await get(settings('child'))).toBeUndefined();
    expect(await get(settings('owner'))).toBeUndefined();
  });

  it('keep a dependant while one of them lives', async () => {
    const { create, remove, get, pass } = cluster();
    const first = await create(settings('first'));
    const second = await create(settings('second'));
    const ownerReferences = [first, second].flatMap(
      (owner) => ownedBy(owner, owner.metadata['uid'])['ownerReferences'] as JsonObject[],
    );
    await create(settings('child', { ownerReferences }));
    await remove(settings('first'));
    await pass(0);
    expect((await get(settings('child')))?.metadata['ownerReferences']).toHaveLength(1);
  });
});

describe('namespaces', () => {
  const namespace: Manifest = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team' } };

  it('go after their contents, and say what remains', async () => {
    const { create, apply, remove, get, pass, target } = cluster();
    await create(namespace);
    expect(statusOf(await get(namespace))).toEqual({ phase: 'Active' });
    await create(settings('easy', {}, 'team'));
    await create(settings('stuck', { finalizers: ['example.com/hold'] }, 'team'));
    await remove(namespace);
    await pass(0);
    const going = await get(namespace);
    expect(statusOf(going)).toMatchObject({ phase: 'Terminating' });
    expect(conditionsOf(going)).toMatchObject({
      NamespaceContentRemaining: 'True/SomeResourcesRemain',
      NamespaceFinalizersRemaining: 'True/SomeFinalizersRemain',
    });
    expect(JSON.stringify(going)).toContain(
      'Some resources are remaining: configmaps. has 1 resource instances',
    );
    const late = settings('late', {}, 'team');
    const refused = await target.write({ verb: 'create', object: late, manager: 'us' });
    expect(refused).toMatchObject({
      kind: 'rejected',
      reason: 'Forbidden',
      retryable: true,
      message:
        'configmaps "late" is forbidden: unable to create new content in namespace team because it is being terminated',
    });
    await apply(settings('stuck', {}, 'team'));
    await pass(0);
    expect(await get(namespace)).toBeUndefined();
  });

  it('of the system stay', async () => {
    const { target, get } = cluster();
    const system: Manifest = { ...namespace, metadata: { name: 'kube-system' } };
    const uid = String((await get(system))?.metadata['uid']);
    expect(await target.remove(refOf(system), { uid })).toMatchObject({
      kind: 'rejected',
      reason: 'Forbidden',
    });
  });
});

describe('custom resources', () => {
  const widget = (spec: JsonObject): Manifest => ({
    apiVersion: 'example.com/v1',
    kind: 'Widget',
    metadata: { name: 'w', namespace: 'default' },
    spec,
  });

  it('exist once their definition is established, with its defaults and rules', async () => {
    const { create, get, pass, target } = cluster();
    await create(crd);
    expect(await target.describe('example.com/v1', 'Widget')).toBeUndefined();
    const [unknown] = await target.read([refOf(widget({}))]);
    expect(unknown).toEqual({ state: 'unknownKind' });
    const early = await target.write({ verb: 'create', object: widget({}), manager: 'us' });
    expect(early).toMatchObject({ kind: 'rejected', reason: 'NotFound', retryable: true });
    await pass(300);
    expect(conditionsOf(await get(crd))).toEqual({
      NamesAccepted: 'True/NoConflicts',
      Established: 'True/InitialNamesAccepted',
    });
    const described = await target.describe('example.com/v1', 'Widget');
    expect(described?.listKeys(['spec', 'tags'])).toBe('set');
    const wrong = await target.write({
      verb: 'create',
      object: widget({ size: 0 }),
      manager: 'us',
    });
    expect(wrong).toMatchObject({
      message:
        'Widget.example.com "w" is invalid: spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1',
    });
    const undeclared = await target.write({
      verb: 'create',
      object: widget({ size: 1, bogus: true }),
      manager: 'us',
    });
    expect(undeclared).toMatchObject({
      kind: 'rejected',
      retryable: false,
      message:
        'failed to create typed patch object (default/w; example.com/v1, Kind=Widget): .spec.bogus: field not declared in schema',
    });
    const made = await create(widget({ size: 1 }));
    expect(made['spec']).toEqual({ size: 1, mode: 'a' });
    expect(made.metadata['generation']).toBe(1);
  });

  it('count generations of the spec only', async () => {
    const { create, apply, pass } = cluster();
    await create(crd);
    await pass(300);
    await create(widget({ size: 1 }));
    const labelled = widget({ size: 1 });
    const same = await apply({
      ...labelled,
      metadata: { ...labelled.metadata, labels: { a: 'b' } },
    });
    expect(same.metadata['generation']).toBe(1);
    expect((await apply(widget({ size: 2 }))).metadata['generation']).toBe(2);
  });

  it('go with their definition', async () => {
    const { create, remove, get, pass, target } = cluster();
    await create(crd);
    await pass(300);
    await create(widget({ size: 1 }));
    await remove(crd);
    await pass(0);
    expect(await get(crd)).toBeUndefined();
    expect(await target.describe('example.com/v1', 'Widget')).toBeUndefined();
  });

  it('of a definition that is not structural are refused', async () => {
    const { target } = cluster();
    const text = JSON.stringify(crd).replace('"minimum":1', '"uniqueItems":true');
    const object = JSON.parse(text) as Manifest;
    const result = await target.write({ verb: 'create', object, manager: 'us' });
    expect(result).toMatchObject({ kind: 'rejected', reason: 'Invalid' });
  });
});

describe('what cannot be changed', () => {
  const claim: Manifest = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'p', namespace: 'default' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  };
  const binding: Manifest = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'rb', namespace: 'default' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'r' },
  };
  const service: Manifest = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 's', namespace: 'default' },
    spec: { ports: [{ port: 80 }] },
  };
  const job: Manifest = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'j', namespace: 'default' },
    spec: {
      template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'x:1' }] } },
    },
  };
  it.each<[string, Manifest, JsonObject, string]>([
    [
      'the selector of a Deployment',
      workload('Deployment'),
      {
        spec: {
          selector: { matchLabels: { app: 'other' } },
          template: {
            metadata: { labels: { app: 'other' } },
            spec: { containers: [{ name: 'c', image: 'x' }] },
          },
        },
      },
      'Deployment.apps "web" is invalid: spec.selector: Invalid value: {"matchLabels":{"app":"other"}}: field is immutable',
    ],
    [
      'the service name of a StatefulSet',
      workload('StatefulSet', { spec: { serviceName: 'a' } }),
      { spec: { ...(workload('StatefulSet')['spec'] as object), serviceName: 'b' } },
      `StatefulSet.apps "web" is invalid: spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden`,
    ],
    [
      'the address of a Service',
      service,
      { spec: { clusterIP: 'None', ports: [{ port: 80 }] } },
      'Service "s" is invalid: spec.clusterIPs[0]: Invalid value: []string{"None"}: may not change once set',
    ],
    [
      'the role of a RoleBinding',
      binding,
      { roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'other' } },
      'RoleBinding.rbac.authorization.k8s.io "rb" is invalid: roleRef: Invalid value: rbac.RoleRef{APIGroup:"rbac.authorization.k8s.io", Kind:"Role", Name:"other"}: cannot change roleRef',
    ],
    [
      'the access modes of a claim',
      claim,
      { spec: { accessModes: ['ReadOnlyMany'], resources: { requests: { storage: '1Gi' } } } },
      'PersistentVolumeClaim "p" is invalid: spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims',
    ],
    [
      'the template of a Job',
      job,
      {
        spec: {
          template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'x:2' }] } },
        },
      },
      'field is immutable',
    ],
  ])('%s', async (_name, before, change, message) => {
    const { create, target } = cluster({ controllers: 'off' });
    const live = await create(before);
    const result = await target.write({
      verb: 'apply',
      object: { ...before, ...change } as Manifest,
      manager: 'us',
      force: true,
      expect: {
        uid: String(live.metadata['uid']),
        version: String(live.metadata['resourceVersion']),
      },
    });
    expect(result).toMatchObject({ kind: 'rejected', reason: 'Invalid', immutable: true });
    expect(result.kind === 'rejected' ? result.message : '').toContain(message);
  });
});

describe('a store on disk', () => {
  it('has everything after a restart, and controllers go on', async () => {
    const path = folder();
    const first = createCluster({ path });
    const deployment = workload('Deployment', {
      annotations: { 'embedded.sluice.dev/ready-after': '5s' },
    });
    const created = await first.create(deployment);
    const large = { ...settings('large'), data: { n: 'x' }, big: 9007199254740993n } as Manifest;
    await first.create(large);
    await first.pass(0);
    const identity = await first.target.identity();
    await first.target.close();
    const second = cluster({ path }, first.clock);
    expect(await second.target.identity()).toBe(identity);
    expect((await second.get(deployment))?.metadata['uid']).toBe(created.metadata['uid']);
    expect((await second.get(large))?.['big']).toBe(9007199254740993n);
    await second.pass(5000);
    expect(conditionsOf(await second.get(deployment))['Available']).toBe(
      'True/MinimumReplicasAvailable',
    );
    const later = await second.create(settings('later'));
    expect(Number(later.metadata['resourceVersion'])).toBeGreaterThan(
      Number(created.metadata['resourceVersion']),
    );
  });

  it('keeps what it acknowledged when the process is killed', async () => {
    const path = folder();
    const target = fileURLToPath(
      new URL('../../../dist/targets/embedded/index.js', import.meta.url),
    );
    const script = `
      import { createEmbeddedTarget } from ${JSON.stringify(target)};
      const target = createEmbeddedTarget({ name: 'killed', path: ${JSON.stringify(path)} });
      for (let index = 0; ; index++) {
        const metadata = { name: 'c' + index, namespace: 'default' };
        const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { a: 'b' } };
        const result = await target.write({ verb: 'create', object, manager: 'us' });
        process.stdout.write(metadata.name + ' ' + result.uid + '\\n');
      }`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
      if (output.split('\n').length > 100) child.kill('SIGKILL');
    });
    await once(child, 'close');
    const acknowledged = output.split('\n').filter((line) => /^c\d+ [0-9a-f-]{36}$/.test(line));
    expect(acknowledged.length).toBeGreaterThan(50);
    const { get } = cluster({ path });
    for (const line of acknowledged) {
      const [name = '', uid] = line.split(' ');
      expect((await get(settings(name)))?.metadata['uid']).toBe(uid);
    }
  });

  it('is refused to a second process that would write', async () => {
    const path = folder();
    const holder = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)']);
    try {
      await createCluster({ path }).target.close();
      const db = open<string, string>({ path: join(path, 'objects.mdb'), encoding: 'string' });
      await db.put('writer', String(holder.pid));
      const refused = (): void =>
        expect(() => createEmbeddedTarget({ name: 'second', path })).toThrow(
          /is writing to this store/,
        );
      refused();
      const writer = identifyProcess(holder.pid ?? 0);
      if (writer) {
        await db.put('writerProcess', JSON.stringify(writer));
        refused();
        // Its id is another process's now: the one that wrote lived before the last boot.
        await db.put('writerProcess', JSON.stringify({ ...writer, boot: 'an earlier one' }));
        await createCluster({ path }).target.close();
      }
      await db.put('writer', String(holder.pid));
      await db.close();
    } finally {
      holder.kill('SIGKILL');
      await once(holder, 'close');
    }
    // Whoever was killed no longer holds it.
    expect(await cluster({ path }).target.identity()).not.toBe('');
  });

  it('can be read beside the writer, who is told of by lost events', async () => {
    const path = folder();
    const writer = cluster({ path });
    await writer.create(settings('first'));
    const reader = createEmbeddedTarget({ name: 'r', path, readOnly: true, clock: writer.clock });
    try {
      expect(await reader.identity()).toBe(await writer.target.identity());
      expect((await reader.list({ apiVersion: 'v1', kind: 'ConfigMap' }))?.length).toBe(1);
      const stop = new AbortController();
      const events = reader
        .watch({ refs: [refOf(settings('first'))] }, stop.signal)
        [Symbol.asyncIterator]();
      expect((await events.next()).value).toMatchObject({ type: 'changed' });
      expect((await events.next()).value).toEqual({ type: 'synced' });
      const next = events.next();
      await writer.create(settings('second'));
      await writer.pass(1000);
      expect((await next).value).toMatchObject({ type: 'lost' });
      expect((await reader.list({ apiVersion: 'v1', kind: 'ConfigMap' }))?.length).toBe(2);
      stop.abort();
      const refused = await reader.write({ verb: 'create', object: settings('x'), manager: 'us' });
      expect(refused).toMatchObject({ kind: 'rejected', reason: 'Forbidden' });
      const rehearsal = { verb: 'create', object: settings('x'), manager: 'us' } as const;
      expect(await reader.write(rehearsal, { dryRun: true })).toMatchObject({ kind: 'done' });
      await writer.create(crd);
      await writer.pass(300);
      expect(await reader.describe('example.com/v1', 'Widget')).toBeDefined();
    } finally {
      await reader.close();
    }
  });
});

describe('lists', () => {
  it.each([
    ['', ['a', 'b', 'c']],
    ['tier=web', ['a']],
    ['tier!=web', ['b', 'c']],
    ['tier in (web,db)', ['a', 'b']],
    ['tier notin (web)', ['b', 'c']],
    ['tier', ['a', 'b']],
    ['!tier', ['c']],
    ['tier=web,env=x', []],
  ])('select by %j', async (labelSelector, names) => {
    const { create, target } = cluster({ controllers: 'off' });
    await create(settings('a', { labels: { tier: 'web' } }));
    await create(settings('b', { labels: { tier: 'db' } }));
    await create(settings('c'));
    const found = await target.list({ apiVersion: 'v1', kind: 'ConfigMap', labelSelector });
    expect(found?.map((object) => object.metadata.name)).toEqual(names);
  });
});

describe('a watch', () => {
  it('ends with the state that there is, however fast things change and however slow it is read', async () => {
    const { target } = cluster({ path: folder(), controllers: 'off' });
    const stop = new AbortController();
    const seen = new Map<string, string>();
    const watching = (async () => {
      const refs = Array.from({ length: 20 }, (_, index) => refOf(settings(`w${index}`)));
      for await (const event of target.watch({ refs }, stop.signal)) {
        if (event.type === 'changed') {
          seen.set(event.key.name, String(event.object.metadata['resourceVersion']));
        } else if (event.type === 'removed') seen.delete(event.key.name);
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    const live = new Map<string, string>();
    for (let round = 0; round < 30; round++) {
      await Promise.all(
        Array.from({ length: 20 }, async (_, index) => {
          const object = settings(`w${index}`);
          const [state] = await target.read([refOf(object)]);
          if (state?.state !== 'live') {
            const made = await target.write({ verb: 'create', object, manager: 'us' });
            if (made.kind === 'done') live.set(`w${index}`, made.version);
            return;
          }
          const { uid, resourceVersion } = state.object.metadata;
          const expect = { uid: String(uid), version: String(resourceVersion) };
          if ((round + index) % 7 === 0) {
            await target.remove(refOf(object), { uid: expect.uid });
            live.delete(`w${index}`);
            return;
          }
          const patch = { data: { round: String(round) } };
          const ref = refOf(object);
          const result = await target.write({ verb: 'patch', ref, patch, manager: 'us', expect });
          if (result.kind === 'done') live.set(`w${index}`, result.version);
        }),
      );
    }
    await expect
      .poll(() => Object.fromEntries(seen), { timeout: 2000 })
      .toEqual(Object.fromEntries(live));
    stop.abort();
    await watching;
  });
});
