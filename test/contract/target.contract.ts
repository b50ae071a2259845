// What every place where objects live must do, as far as its kinds can: run against each adapter of the Target port.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MARKER } from '../../src/model/annotations.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { isObject, objectAt } from '../../src/model/json.ts';
import type { Manifest } from '../../src/model/manifest.ts';
import { refOf } from '../../src/model/object-key.ts';
import type {
  Expectation,
  LiveObject,
  Target,
  TargetEvent,
  WatchScope,
  WriteResult,
} from '../../src/targets/target.ts';

export interface TargetFixture {
  readonly target: Target;
  /** A namespace that exists and is empty. */
  readonly namespace: string;
  /** Lets the other side finish what it does by itself (deletions, events). */
  settle(): Promise<void>;
  close(): Promise<void>;
}

/** What the objects of the contract are made of, for places that hold no ConfigMaps. */
export interface TargetTraits {
  /** Where an object keeps the settings of the tests, as field names. */
  readonly settingsAt: readonly string[];
  readonly object: (name: string, namespace: string, settings: JsonObject) => Manifest;
  /** Some of its kinds, and a list in one of them whose entries have keys. */
  readonly kinds: readonly {
    readonly apiVersion: string;
    readonly kind: string;
    readonly scope: 'Namespaced' | 'Cluster';
    readonly list?: { readonly at: readonly string[]; readonly keys: readonly string[] };
  }[];
  /** False for places that know no namespaces: whatever is named there exists. */
  readonly namespaces: boolean;
  /** An object, a change of it that only a new object could bring about, and the answer. */
  readonly sealed: (
    name: string,
    namespace: string,
  ) => { readonly first: Manifest; readonly next: Manifest; readonly message: string };
}

const CONFIG_MAPS: TargetTraits = {
  settingsAt: ['data'],
  object: (name, namespace, data) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace },
    data,
  }),
  kinds: [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      scope: 'Namespaced',
      list: { at: ['spec', 'template', 'spec', 'containers'], keys: ['name'] },
    },
    { apiVersion: 'v1', kind: 'Namespace', scope: 'Cluster' },
  ],
  namespaces: true,
  sealed: (name, namespace) => {
    const first: Manifest = { ...CONFIG_MAPS.object(name, namespace, { a: '1' }), immutable: true };
    return {
      first,
      next: { ...first, data: { a: '2' } },
      message:
        'ConfigMap "sealed" is invalid: data: Forbidden: field is immutable when `immutable` is set',
    };
  },
};

const US = 'sluice-contract';
type Done = Extract<WriteResult, { kind: 'done' }>;

/** Runs the contract; each test uses names of its own, so that one fixture serves them all. */
export function describeTarget(
  name: string,
  createFixture: () => Promise<TargetFixture>,
  traits: TargetTraits = CONFIG_MAPS,
): void {
  describe(`${name} as a target`, () => {
    let fixture: TargetFixture;
    beforeAll(async () => {
      fixture = await createFixture();
    });
    afterAll(async () => {
      await fixture.close();
    });

    const settings = (id: string, data: JsonObject, more: JsonObject = {}): Manifest => {
      const object = traits.object(id, fixture.namespace, data);
      return { ...object, metadata: { ...object.metadata, ...more } };
    };
    /** A part of an object that holds these settings. */
    const part = (data: JsonObject): JsonObject =>
      traits.settingsAt.reduceRight<JsonObject>((inner, field) => ({ [field]: inner }), data);
    const settingsOf = (object: JsonObject): unknown =>
      traits.settingsAt.reduce<unknown>(
        (value, field) => (isObject(value) ? value[field] : undefined),
        object,
      );
    const create = async (object: Manifest, manager = US): Promise<Done> =>
      done(await fixture.target.write({ verb: 'create', object, manager }));
    const apply = (
      object: Manifest,
      expected: Expectation,
      more: { readonly manager?: string; readonly force?: boolean; readonly dryRun?: boolean } = {},
    ): Promise<WriteResult> =>
      fixture.target.write(
        {
          verb: 'apply',
          object,
          manager: more.manager ?? US,
          force: more.force ?? false,
          expect: expected,
        },
        { dryRun: more.dryRun ?? false },
      );
    const readOne = async (object: Manifest): Promise<LiveObject | string> => {
      const [result] = await fixture.target.read([refOf(object)]);
      return result && 'object' in result ? result.object : (result?.state ?? 'no answer');
    };
    const dataOf = async (object: Manifest): Promise<unknown> => {
      const live = await readOne(object);
      return typeof live === 'string' ? live : settingsOf(live);
    };

    describe('knowing', () => {
      it('has an identity that stays the same', async () => {
        const first = await fixture.target.identity();
        expect(first).not.toBe('');
        expect(await fixture.target.identity()).toBe(first);
      });

      it('describes kinds, and none that it does not know', async () => {
        for (const { apiVersion, kind, scope, list } of traits.kinds) {
          const known = await fixture.target.describe(apiVersion, kind);
          expect(known).toMatchObject({ scope, kind });
          if (list) expect(known?.listKeys(list.at)).toEqual(list.keys);
        }
        expect(await fixture.target.describe('nope.example.com/v1', 'Nothing')).toBeUndefined();
      });

      it('answers for each reference in order, absent and unknown apart', async () => {
        const object = settings('read-me', { a: '1' });
        await create(object);
        const absent = { ...refOf(object), name: 'not-there' };
        const unknown = { ...refOf(object), apiVersion: 'nope.example.com/v1', kind: 'Nothing' };
        const states = await fixture.target.read([absent, refOf(object), unknown]);
        expect(states.map((entry) => entry.state)).toEqual(['absent', 'live', 'unknownKind']);
      });
    });

    describe('creating', () => {
      it('gives uid and version, and says that something changed', async () => {
        const object = settings('created', { a: '1' });
        const result = await create(object);
        expect(result.changed).toBe(true);
        expect(result.uid).not.toBe('');
        const live = await readOne(object);
        expect(live).toMatchObject({
          ...part({ a: '1' }),
          metadata: { uid: result.uid, resourceVersion: result.version },
        });
      });

      it('refuses a name that is taken and leaves its object alone', async () => {
        const object = settings('taken', { a: '1' });
        await create(object, 'somebody');
        const again = settings('taken', { a: '2' });
        const result = await fixture.target.write({ verb: 'create', object: again, manager: US });
        expect(result).toEqual({ kind: 'exists' });
        expect(await dataOf(object)).toEqual({ a: '1' });
      });

      it('a rehearsal creates nothing', async () => {
        const object = settings('rehearsed', { a: '1' });
        const operation = { verb: 'create', object, manager: US } as const;
        const result = done(await fixture.target.write(operation, { dryRun: true }));
        expect(result.changed).toBe(true);
        expect(await readOne(object)).toBe('absent');
      });

      it.skipIf(!traits.namespaces)(
        'says that the namespace is missing, which may change',
        async () => {
          const object = { ...settings('x', {}), metadata: { name: 'x', namespace: 'no-such-ns' } };
          const result = await fixture.target.write({ verb: 'create', object, manager: US });
          expect(result).toMatchObject({
            kind: 'rejected',
            reason: 'NotFound',
            message: 'namespaces "no-such-ns" not found',
            retryable: true,
          });
        },
      );

      it('says which field is wrong, for good', async () => {
        const object = settings('Not A Name', {});
        const result = await fixture.target.write({ verb: 'create', object, manager: US });
        expect(result).toMatchObject({
          kind: 'rejected',
          reason: 'Invalid',
          retryable: false,
          immutable: false,
          causes: [{ field: 'metadata.name', reason: 'FieldValueInvalid' }],
        });
      });
    });

    describe('applying', () => {
      it('changes, and the same again changes nothing', async () => {
        const first = await create(settings('applied', { a: '1' }));
        const next = settings('applied', { a: '2' });
        const second = done(await apply(next, first));
        expect(second).toMatchObject({ uid: first.uid, changed: true });
        expect(second.version).not.toBe(first.version);
        const third = done(await apply(next, second));
        expect(third).toMatchObject({ version: second.version, changed: false });
      });

      it('takes back what this manager created and leaves out now', async () => {
        const first = await create(settings('given-up', { a: '1', b: '2' }));
        const next = settings('given-up', { a: '1' });
        await apply(next, first);
        expect(await dataOf(next)).toEqual({ a: '1' });
      });

      it('keeps what others own', async () => {
        const object = settings('shared', { a: '1' });
        const first = await create(object);
        const theirs = settings('shared', { b: '2' });
        const second = done(await apply(theirs, first, { manager: 'other' }));
        await apply(settings('shared', { a: '3' }), second);
        expect(await dataOf(object)).toEqual({ a: '3', b: '2' });
      });

      it('names the owner of a contested field, and takes it by force', async () => {
        const object = settings('contested', { a: '1' });
        const first = await create(object, 'other');
        const ours = settings('contested', { a: '2' });
        const refused = await apply(ours, first);
        expect(refused).toMatchObject({
          kind: 'conflict',
          conflicts: [{ field: `.${[...traits.settingsAt, 'a'].join('.')}`, manager: 'other' }],
        });
        expect(await dataOf(object)).toEqual({ a: '1' });
        expect((await apply(ours, first, { force: true })).kind).toBe('done');
        expect(await dataOf(object)).toEqual({ a: '2' });
      });

      it('is stale on another version', async () => {
        const first = await create(settings('stale', { a: '1' }));
        await apply(settings('stale', { a: '2' }), first);
        expect(await apply(settings('stale', { a: '3' }), first)).toEqual({ kind: 'stale' });
      });

      it('is gone on another uid, and never makes the object anew', async () => {
        const object = settings('recreated', { a: '1' });
        const first = await create(object);
        await fixture.target.remove(refOf(object), { uid: first.uid });
        await fixture.settle();
        expect(await apply(object, first)).toEqual({ kind: 'gone' });
        expect(await readOne(object)).toBe('absent');
        const second = await create(object);
        expect(second.uid).not.toBe(first.uid);
        expect(await apply(object, first)).toEqual({ kind: 'gone' });
      });

      it('a rehearsal shows the outcome and changes nothing', async () => {
        const object = settings('foreseen', { a: '1' });
        const first = await create(object);
        const next = settings('foreseen', { a: '2' });
        const result = done(await apply(next, first, { dryRun: true }));
        expect(settingsOf(result.object)).toEqual({ a: '2' });
        expect(await dataOf(object)).toEqual({ a: '1' });
      });

      it('says when only delete-and-create could do it', async () => {
        const sealed = traits.sealed('sealed', fixture.namespace);
        const first = await create(sealed.first);
        const result = await apply(sealed.next, first);
        expect(result).toMatchObject({
          kind: 'rejected',
          reason: 'Invalid',
          immutable: true,
          message: sealed.message,
        });
      });
    });

    describe('replacing and patching', () => {
      it('put writes the whole object', async () => {
        const first = await create(settings('put', { a: '1', b: '2' }));
        const object = settings('put', { c: '3' });
        const operation = { verb: 'put', object, manager: US, expect: first } as const;
        done(await fixture.target.write(operation));
        expect(await dataOf(object)).toEqual({ c: '3' });
        expect(await fixture.target.write(operation)).toEqual({ kind: 'stale' });
      });

      it('patch merges, and null takes away', async () => {
        const object = settings('patched', { a: '1', b: '2' });
        const first = await create(object);
        const patch = part({ a: null, c: '3' });
        const operation = {
          verb: 'patch',
          ref: refOf(object),
          patch,
          manager: US,
          expect: first,
        } as const;
        done(await fixture.target.write(operation));
        expect(await dataOf(object)).toEqual({ b: '2', c: '3' });
        expect(await fixture.target.write(operation)).toEqual({ kind: 'stale' });
      });
    });

    describe('removing', () => {
      it('removes the object that is meant, once', async () => {
        const object = settings('removed', {});
        const { uid } = await create(object);
        const ref = refOf(object);
        expect(await fixture.target.remove(ref, { uid, dryRun: true })).toMatchObject({
          kind: 'accepted',
        });
        expect(typeof (await readOne(object))).toBe('object');
        expect(await fixture.target.remove(ref, { uid })).toMatchObject({ kind: 'accepted' });
        await fixture.settle();
        expect(await readOne(object)).toBe('absent');
        expect(await fixture.target.remove(ref, { uid })).toEqual({ kind: 'absent' });
      });

      it('refuses another object than the one meant', async () => {
        const object = settings('kept', { a: '1' });
        const first = await create(object);
        const ref = refOf(object);
        const stranger = '00000000-0000-0000-0000-000000000000';
        expect(await fixture.target.remove(ref, { uid: stranger })).toEqual({ kind: 'mismatch' });
        done(await apply(settings('kept', { a: '2' }), first));
        const { uid, version } = first;
        expect(await fixture.target.remove(ref, { uid, version })).toEqual({ kind: 'mismatch' });
        expect(await dataOf(object)).toEqual({ a: '2' });
      });

      it('waits for finalizers, and goes with the last of them', async () => {
        const object = settings('held', {}, { finalizers: ['example.com/hold'] });
        const { uid } = await create(object);
        const ref = refOf(object);
        expect(await fixture.target.remove(ref, { uid })).toEqual({
          kind: 'accepted',
          gone: false,
        });
        const [state] = await fixture.target.read([ref]);
        expect(state?.state).toBe('terminating');
        const live = await readOne(object);
        const version = typeof live === 'string' ? '' : String(live.metadata['resourceVersion']);
        await fixture.target.write({
          verb: 'patch',
          ref,
          patch: { metadata: { finalizers: null } },
          manager: US,
          expect: { uid, version },
        });
        await fixture.settle();
        expect(await readOne(object)).toBe('absent');
      });
    });

    describe('watching and finding', () => {
      it('tells what exists, then what changes, for one instance and for single objects', async () => {
        const instance = 'watch-instance';
        const labelled = { labels: { [MARKER.instanceLabel]: instance } };
        const ours = settings('watched', { a: '1' }, labelled);
        const other = settings('watched-ref', {});
        const noise = settings('unwatched', {});
        const first = await create(ours);
        await create(noise);
        await fixture.settle();
        const scope = { instance, refs: [refOf(other)] };
        await withEvents(fixture.target, scope, async (next) => {
          expect(await next('synced')).toEqual(['changed watched', 'synced']);
          const changed = done(await apply(settings('watched', { a: '2' }, labelled), first));
          expect(await next('changed watched')).toContain('changed watched');
          const made = await create(other);
          expect(await next('changed watched-ref')).toContain('changed watched-ref');
          await fixture.target.remove(refOf(other), { uid: made.uid });
          expect(await next('removed watched-ref')).toContain('removed watched-ref');
          // Without the label it is no longer one of the instance.
          const bare = settings('watched', { a: '2' }, { labels: {} });
          done(await apply(bare, changed));
          const seen = await next('removed watched');
          expect(seen).toContain('removed watched');
          expect(seen.filter((entry) => entry.includes('unwatched'))).toEqual([]);
        });
      });

      it('finds every object of an instance and no other', async () => {
        const mine = { labels: { [MARKER.instanceLabel]: 'find-instance' } };
        const strange = { labels: { [MARKER.instanceLabel]: 'another' } };
        await create(settings('find-a', {}, mine));
        await create(settings('find-b', {}, mine));
        await create(settings('find-c', {}, strange));
        await fixture.settle();
        const names: unknown[] = [];
        for await (const object of fixture.target.find('find-instance')) {
          names.push(objectAt(object, 'metadata')['name']);
        }
        expect(names.map(String).toSorted()).toEqual(['find-a', 'find-b']);
      });
    });
  });
}

/** The result, or a failed test that says what came instead. */
export function done(result: WriteResult): Done {
  if (result.kind !== 'done') throw new Error(`expected done, got ${JSON.stringify(result)}`);
  return result;
}

/** Runs a task beside a watch; `next` collects events up to the one named, written as `type name`. */
async function withEvents(
  target: Target,
  scope: WatchScope,
  task: (next: (until: string) => Promise<string[]>) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const events = target.watch(scope, stop.signal)[Symbol.asyncIterator]();
  const next = async (until: string): Promise<string[]> => {
    const seen: string[] = [];
    while (seen.at(-1) !== until) {
      const event = await events.next();
      if (event.done) throw new Error(`the watch ended before ${until}; seen: ${seen.join(', ')}`);
      seen.push(describeEvent(event.value));
    }
    return seen;
  };
  try {
    await task(next);
  } finally {
    stop.abort();
    await events.return?.();
  }
}

function describeEvent(event: TargetEvent): string {
  return 'key' in event ? `${event.type} ${event.key.name}` : event.type;
}
