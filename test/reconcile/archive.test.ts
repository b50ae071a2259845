// Which revisions are archived: the table of package-operator §16.2 and its edges.
import { describe, expect, test } from 'vitest';
import { revisionsToArchive } from '../../src/reconcile/archive.ts';
import type { RevisionView } from '../../src/reconcile/archive.ts';

function revision(
  number: number,
  controls: string | undefined,
  objects: string,
  more: Partial<RevisionView> = {},
): RevisionView {
  const keys = (text: string): ReadonlySet<string> =>
    new Set(text.split(' ').filter((key) => key !== ''));
  return {
    number,
    available: false,
    archived: false,
    objects: keys(objects),
    controls: controls === undefined ? undefined : keys(controls),
    ...more,
  };
}

const TABLE: readonly RevisionView[] = [
  revision(8, 'a b', 'a b'),
  revision(7, 'c', 'c a d'),
  revision(6, 'd e', 'c a d e'),
  revision(5, 'f', 'f g'),
  revision(4, 'g', 'g h'),
  revision(3, 'x y', 'x y', { available: true }),
  revision(2, 'p', 'p q'),
  revision(1, 'q', 'q z'),
];

describe('§16.2', () => {
  test('the eight revisions', () => {
    expect(revisionsToArchive(TABLE)).toEqual([7, 5, 2, 1]);
  });

  test('in any order', () => {
    expect(revisionsToArchive(TABLE.toReversed())).toEqual([7, 5, 2, 1]);
  });

  test('the current one available: everything older goes', () => {
    const [current, ...older] = TABLE;
    const available = { ...(current as RevisionView), available: true };
    expect(revisionsToArchive([available, ...older])).toEqual([7, 6, 5, 4, 3, 2, 1]);
  });

  test('what is archived already is left out', () => {
    const archived = TABLE.map((item) => (item.number === 7 ? { ...item, archived: true } : item));
    expect(revisionsToArchive(archived)).toEqual([5, 2, 1]);
  });

  test('what it controls is not known yet: it waits', () => {
    const [current] = TABLE;
    const unknown = revision(7, undefined, 'c a d');
    expect(revisionsToArchive([current as RevisionView, unknown])).toEqual([]);
  });

  test('it controls nothing: it goes (upstream waits for ever)', () => {
    const [current] = TABLE;
    expect(revisionsToArchive([current as RevisionView, revision(7, '', 'c')])).toEqual([7]);
  });

  test('equal numbers archive nothing', () => {
    const same = [revision(1, 'a', 'a', { available: true }), revision(1, 'b', 'b')];
    expect(revisionsToArchive(same)).toEqual([]);
  });

  test('nothing at all', () => {
    expect(revisionsToArchive([])).toEqual([]);
  });
});
