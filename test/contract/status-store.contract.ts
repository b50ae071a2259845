// What every place for status files must do, whether it is a branch or a directory.
import { describe, expect, it } from 'vitest';
import { INSTANCE_PATH, instanceChange, parseInstance } from '../../src/status/instance.ts';
import type { InstanceRecord } from '../../src/status/instance.ts';
import type { OpenResult, StatusStore } from '../../src/status/store.ts';

/** One place and the ways to come back to it. */
export interface StoreCase {
  /** A store over the same place, as a new process would have it. */
  open(instance?: string): StatusStore;
}

export type Ready = Extract<OpenResult, { kind: 'ready' }>;

/** Opens and insists that it worked. */
export async function openReady(store: StatusStore, takeover = false): Promise<Ready> {
  const result = await store.open({ takeover });
  if (result.kind !== 'ready') throw new Error(`expected ready, got ${JSON.stringify(result)}`);
  return result;
}

/** Text of one file, or undefined. */
export async function textOf(store: StatusStore, path: string): Promise<string | undefined> {
  return (await store.read([path])).get(path);
}

export function statusStoreContract(name: string, prepare: () => Promise<StoreCase>): void {
  describe(`${name} as a status store`, () => {
    it('is fresh the first time, and has the next epoch and the same writer the second time', async () => {
      const place = await prepare();
      const first = place.open();
      const one = await openReady(first);
      await first.close();
      const second = place.open();
      const two = await openReady(second);
      expect([one.fresh, one.epoch, two.fresh, two.epoch]).toEqual([true, 1, false, 2]);
      expect(two.record.writer).toBe(one.record.writer);
      expect(parseInstance((await textOf(second, INSTANCE_PATH)) ?? '')).toEqual(two.record);
      await second.close();
    });

    it('gives back what was committed, also to the next process', async () => {
      const place = await prepare();
      const first = place.open();
      await openReady(first);
      await first.commit(
        [
          { path: 'units/a/unit.yaml', content: 'ü: 1\n' },
          { path: 'units/a.b/unit.yaml', content: '' },
          { path: 'README.md', content: '# hi\n' },
        ],
        'Write',
      );
      await first.close();
      const second = place.open();
      await openReady(second);
      const names = (await second.list('units')).map((entry) => entry.path);
      expect(names).toEqual(['units/a.b/unit.yaml', 'units/a/unit.yaml']);
      expect((await second.list('units/a')).map((entry) => entry.path)).toEqual([
        'units/a/unit.yaml',
      ]);
      const read = await second.read(['units/a/unit.yaml', 'units/a.b/unit.yaml', 'none']);
      expect([...read]).toEqual([
        ['units/a/unit.yaml', 'ü: 1\n'],
        ['units/a.b/unit.yaml', ''],
      ]);
      await second.close();
    });

    it('commits nothing when nothing changed, nor when a file that is not there is removed', async () => {
      const store = (await prepare()).open();
      await openReady(store);
      const change = { path: 'units/a/unit.yaml', content: 'a' };
      expect((await store.commit([change], 'One')).kind).toBe('committed');
      expect((await store.commit([change], 'Two')).kind).toBe('unchanged');
      expect((await store.commit([{ path: 'none', content: null }], 'Three')).kind).toBe(
        'unchanged',
      );
      await store.close();
    });

    it('removes files, and lets the last change of a path win', async () => {
      const store = (await prepare()).open();
      await openReady(store);
      const path = 'units/a/unit.yaml';
      await store.commit(
        [
          { path, content: 'first' },
          { path, content: 'last' },
        ],
        'Write',
      );
      expect(await textOf(store, path)).toBe('last');
      await store.commit([{ path, content: null }], 'Remove');
      expect(await store.list('units')).toEqual([]);
      expect(await textOf(store, path)).toBeUndefined();
      await store.close();
    });

    it('gives equal content an equal id, and other content another', async () => {
      const store = (await prepare()).open();
      await openReady(store);
      const files = { 'u/a': 'same', 'u/b': 'same', 'u/c': 'other' };
      await store.commit(
        Object.entries(files).map(([path, content]) => ({ path, content })),
        'Write',
      );
      const [a, b, c] = (await store.list('u')).map((entry) => entry.oid);
      expect(a).toBe(b);
      expect(c).not.toBe(a);
      await store.close();
    });

    it('refuses another instance, and gives way only when it is told to take over', async () => {
      const place = await prepare();
      const first = place.open('prod');
      await openReady(first);
      await first.commit([{ path: 'units/a/unit.yaml', content: 'a' }], 'Write');
      await first.close();
      const other = place.open('staging');
      expect(await other.open({ takeover: false })).toMatchObject({
        kind: 'refused',
        diagnostic: { code: 'StatusForeign', message: expect.stringContaining('instance prod') },
      });
      await other.close();
      const taken = place.open('staging');
      const result = await openReady(taken, true);
      expect([result.record.instance, result.epoch]).toEqual(['staging', 2]);
      expect(await textOf(taken, 'units/a/unit.yaml')).toBe('a');
      await taken.close();
    });

    it('remembers the repository that a caller records', async () => {
      const place = await prepare();
      const first = place.open();
      const { record } = await openReady(first);
      expect(record).toMatchObject({
        repository: 'https://git.example.test/config',
        rootCommits: [],
      });
      const known: Pick<InstanceRecord, 'repository' | 'rootCommits'> = {
        repository: 'https://git.example.test/moved',
        rootCommits: ['a'.repeat(40)],
      };
      await first.commit([instanceChange(record, known)], 'Record');
      await first.close();
      const second = place.open();
      expect((await openReady(second)).record).toMatchObject(known);
      await second.close();
    });

    it('refuses paths that lead elsewhere', async () => {
      const store = (await prepare()).open();
      await openReady(store);
      for (const path of ['../x', '/x', 'a//b', 'a/./b', '']) {
        const commit = store.commit([{ path, content: 'x' }], 'Evil');
        await expect(commit, path).rejects.toMatchObject({ code: 'Internal' });
      }
      await store.close();
    });
  });
}
