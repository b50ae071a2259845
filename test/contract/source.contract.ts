// What every source of desired state must do, whatever it reads from.
import { describe, expect, it } from 'vitest';
import type { PollResult, Source } from '../../src/watcher/source.ts';

/** One source and the place it reads from. */
export interface SourceCase {
  readonly source: Source;
  /** Puts files (or, with `null`, removes them) where the source reads them from. */
  write(files: Readonly<Record<string, string | null>>): Promise<void>;
  /** Makes the place unusable. */
  destroy(): Promise<void>;
}

type Changed = Extract<PollResult, { kind: 'changed' }>;

/** Polls and insists on a new snapshot. */
export async function pollChanged(source: Source): Promise<Changed> {
  const result = await source.poll();
  if (result.kind !== 'changed')
    throw new Error(`expected a change, got ${JSON.stringify(result)}`);
  return result;
}

/** Contents by path. */
export async function contentsOf(result: Changed): Promise<Readonly<Record<string, string>>> {
  const { files } = result.snapshot;
  const read = await result.snapshot.read(files.map((file) => file.oid));
  return Object.fromEntries(
    files.map((file) => [file.path, Buffer.from(read.get(file.oid) ?? []).toString('utf8')]),
  );
}

export function sourceContract(name: string, open: () => Promise<SourceCase>): void {
  describe(`${name} as a source`, () => {
    it('gives all files with their contents on the first poll', async () => {
      const { source, write } = await open();
      await write({ 'a.yaml': 'a: 1\n', 'b/c.yaml': '', 'b/d.yaml': 'd: "ü"\n' });
      const result = await pollChanged(source);
      expect(await contentsOf(result)).toEqual({
        'a.yaml': 'a: 1\n',
        'b/c.yaml': '',
        'b/d.yaml': 'd: "ü"\n',
      });
      expect(result.changedPaths).toBeUndefined();
      expect(result.snapshot.file('a.yaml')?.size).toBe(5);
      await source.close();
    });

    it('says unchanged when nothing changed', async () => {
      const { source, write } = await open();
      await write({ 'a.yaml': 'a: 1\n' });
      await source.poll();
      expect((await source.poll()).kind).toBe('unchanged');
      await source.close();
    });

    it('names the paths that were changed, added and removed, sorted', async () => {
      const { source, write } = await open();
      await write({ 'keep.yaml': 'k', 'z.yaml': 'z', 'old/x.yaml': 'x' });
      const first = await pollChanged(source);
      await write({ 'z.yaml': 'zz', 'old/x.yaml': null, 'new/x.yaml': 'x' });
      const second = await pollChanged(source);
      expect(second.changedPaths).toEqual(['new/x.yaml', 'old/x.yaml', 'z.yaml']);
      expect(second.snapshot.id).not.toBe(first.snapshot.id);
      await source.close();
    });

    it('gives the same id to the same content, and a snapshot that outlives the next one', async () => {
      const { source, write } = await open();
      await write({ 'a.yaml': 'one' });
      const first = await pollChanged(source);
      await write({ 'a.yaml': 'two' });
      const second = await pollChanged(source);
      expect((await contentsOf(first))['a.yaml']).toBe('one');
      expect((await contentsOf(second))['a.yaml']).toBe('two');
      await source.close();
    });

    it('lists a folder without its namesakes', async () => {
      const { source, write } = await open();
      await write({ 'a/x': '1', 'a/b/y': '2', 'a-b/z': '3', 'a.yaml': '4', b: '5' });
      const { snapshot } = await pollChanged(source);
      const paths = (prefix: string): string[] => snapshot.under(prefix).map((file) => file.path);
      expect(paths('a')).toEqual(['a/b/y', 'a/x']);
      expect(paths('a/')).toEqual(['a/b/y', 'a/x']);
      expect(paths('')).toEqual(['a-b/z', 'a.yaml', 'a/b/y', 'a/x', 'b']);
      expect(paths('none')).toEqual([]);
      await source.close();
    });

    it('answers a read of unknown ids with nothing', async () => {
      const { source, write } = await open();
      await write({ 'a.yaml': 'a' });
      const { snapshot } = await pollChanged(source);
      const read = await snapshot.read(['f'.repeat(40), '--batch-all-objects', 'HEAD\n']);
      expect(read.size).toBe(0);
      await source.close();
    });

    it('says unreachable, with a reason, when the place is gone', async () => {
      const { source, write, destroy } = await open();
      await write({ 'a.yaml': 'a' });
      await source.poll();
      await destroy();
      const result = await source.poll();
      expect(result).toMatchObject({
        kind: 'unreachable',
        diagnostic: { code: 'SourceUnreachable', severity: 'error' },
      });
      await source.close();
    });

    it('lets polls that overlap see one change once', async () => {
      const { source, write } = await open();
      await write({ 'a.yaml': 'a' });
      const kinds = (await Promise.all([source.poll(), source.poll()])).map((item) => item.kind);
      expect(kinds.toSorted()).toEqual(['changed', 'unchanged']);
      await source.close();
    });
  });
}
