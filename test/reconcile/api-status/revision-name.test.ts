// Names of revisions and the count of collisions: package-operator §6, over records that come and are forgotten.
import { describe, expect, test } from 'vitest';
import { emptyMemory } from '../../../src/model/unit-memory.ts';
import type { RevisionRecord, UnitMemory } from '../../../src/model/unit-memory.ts';
import {
  collisionCount,
  collisionsOf,
  revisionName,
} from '../../../src/reconcile/api-status/revision-name.ts';

const NAME = {
  target: 'local',
  group: 'package-operator.run',
  kind: 'ObjectDeployment',
  namespace: 'ns',
  name: 'shop',
};
const EMPTY = emptyMemory('local:ObjectDeployment.package-operator.run/ns/shop', NAME);

function record(number: number, hash: string, more: Partial<RevisionRecord> = {}): RevisionRecord {
  return {
    number,
    hash,
    commit: 'c',
    state: 'superseded',
    available: false,
    succeeded: false,
    changeCause: undefined,
    phases: [],
    availabilityProbes: [],
    builtinProbes: false,
    ...more,
  };
}

/** Begins one revision after another, each with what it records of collisions. */
function rolledOut(hashes: string, memory: UnitMemory = EMPTY): UnitMemory {
  let next = memory;
  for (const hash of hashes) {
    const number = (next.revisions.at(-1)?.number ?? 0) + 1;
    const more = collisionsOf(next, { number, hash });
    next = { ...next, revisions: [...next.revisions, record(number, hash, more)] };
  }
  return next;
}

const forget = (memory: UnitMemory, ...numbers: readonly number[]): UnitMemory => ({
  ...memory,
  revisions: memory.revisions.filter(({ number }) => !numbers.includes(number)),
});

/** As an older program recorded them. */
const plain = (memory: UnitMemory): UnitMemory => ({
  ...memory,
  revisions: memory.revisions.map(({ number, hash }) => record(number, hash)),
});

const names = (memory: UnitMemory): string[] =>
  memory.revisions.map((item) => revisionName(memory, item));
const counts = (memory: UnitMemory): number[] =>
  memory.revisions.map((item) => collisionCount(memory, item));

describe('names and counts', () => {
  test.each<[string, UnitMemory, string, string]>([
    ['no template twice', rolledOut('abc'), 'shop-a shop-b shop-c', '0 0 0'],
    ['a way back', rolledOut('aba'), 'shop-a shop-b shop-a-3', '0 0 1'],
    ['to and fro', rolledOut('abab'), 'shop-a shop-b shop-a-3 shop-b-4', '0 0 1 2'],
    [
      'something new after a way back',
      rolledOut('abac'),
      'shop-a shop-b shop-a-3 shop-c',
      '0 0 1 1',
    ],
    ['the first one forgotten', forget(rolledOut('aba'), 1), 'shop-b shop-a-3', '0 1'],
    ['all but the newest forgotten', forget(rolledOut('abac'), 1, 2, 3), 'shop-c', '1'],
    [
      'a template that nobody remembers',
      rolledOut('a', forget(rolledOut('abc'), 1)),
      'shop-b shop-c shop-a',
      '0 0 0',
    ],
    [
      'one that is remembered under its longer name alone',
      rolledOut('a', forget(rolledOut('abac'), 1)),
      'shop-b shop-a-3 shop-c shop-a-5',
      '0 1 1 2',
    ],
    [
      'records of an older program',
      plain(rolledOut('abac')),
      'shop-a shop-b shop-a-3 shop-c',
      '0 0 1 1',
    ],
    [
      'counting on from records of an older program',
      forget(rolledOut('b', plain(rolledOut('aba'))), 1, 2),
      'shop-a shop-b-4',
      '0 2',
    ],
  ])('%s', (_what, memory, expectedNames, expectedCounts) => {
    expect(names(memory).join(' ')).toBe(expectedNames);
    expect(new Set(names(memory)).size).toBe(memory.revisions.length);
    expect(counts(memory).join(' ')).toBe(expectedCounts);
  });

  test('a revision has its name before it begins, and keeps it', () => {
    const before = rolledOut('ab');
    const name = revisionName(before, { number: 3, hash: 'a' });
    expect(name).toBe('shop-a-3');
    const after = rolledOut('a', before);
    expect(revisionName(after, { number: 3, hash: 'a' })).toBe(name);
    expect(revisionName(forget(after, 1), { number: 3, hash: 'a' })).toBe(name);
  });
});
