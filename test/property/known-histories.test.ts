// Histories that once went wrong, each shrunk to what it takes.
import { expect, it } from 'vitest';
import { liveThrough } from './support/history.ts';
import type { Happening, History } from './support/history.ts';
import type { Edit } from './support/wished-world.ts';

function put(object: number, unit: number, contender?: number): Edit {
  const wish = { unit, phase: 0, value: 0, health: 'ready' as const };
  return { edit: 'put', object, wish: contender === undefined ? wish : { ...wish, contender } };
}

function commit(...edits: readonly Edit[]): Happening {
  return { what: 'commit', edits };
}

function time(ms: number): Happening {
  return { what: 'time', ms };
}

function crash(after: number, fault: 'before' | 'after' | 'lost'): Happening {
  return { what: 'crash', after, fault, diskLost: false };
}

const HISTORIES: readonly (readonly [string, History])[] = [
  [
    'an object whose owner marker was taken off before its uid was recorded is still ours',
    {
      happenings: [
        commit(put(1, 0), put(0, 0)),
        crash(3, 'after'),
        { what: 'hand', object: 1, edit: 'takeOffOwner' },
      ],
      latencies: [1],
    },
  ],
  [
    'nor does it matter that all of its markers were taken off before then',
    {
      happenings: [
        commit(put(4, 0), put(0, 1)),
        crash(7, 'after'),
        { what: 'hand', object: 4, edit: 'takeOffMarkers' },
      ],
      latencies: [40, 0],
    },
  ],
  [
    'a unit that was asked for and taken back before anybody read it holds nothing up',
    {
      happenings: [
        commit(put(0, 1)),
        commit({ edit: 'rename', unit: 1 }, put(7, 0)),
        crash(1, 'before'),
      ],
      latencies: [],
    },
  ],
  [
    'an object that the giver is still creating is not forgotten by a taker that goes at once',
    {
      happenings: [
        commit(put(6, 0), put(0, 0)),
        crash(1, 'after'),
        commit({ edit: 'rename', unit: 0 }, { edit: 'drop', object: 0 }),
        commit({ edit: 'drop', object: 6 }, put(0, 2)),
        { what: 'hand', object: 0, edit: 'change' },
      ],
      latencies: [1],
    },
  ],
  [
    'nor by one that took it from a taker which still had to wait',
    {
      happenings: [
        commit(put(4, 0)),
        crash(3, 'before'),
        commit(put(4, 1), put(0, 0)),
        commit({ edit: 'rename', unit: 1 }),
        commit({ edit: 'drop', object: 4 }, put(0, 0)),
      ],
      latencies: [1],
    },
  ],
  [
    'events reach the unit that works on an object which a broken unit still claims',
    {
      happenings: [
        commit(put(5, 2), { edit: 'clear', unit: 0 }),
        commit(put(5, 0), put(0, 2), {
          edit: 'levers',
          unit: 2,
          levers: { suspended: false, broken: true, depends: false },
        }),
        crash(1, 'lost'),
      ],
      latencies: [40],
    },
  ],
  [
    'an object that moves on while its unit begins a revision is not claimed back and pruned',
    {
      happenings: [commit(put(0, 2)), time(3_000), commit(put(1, 2)), commit(put(0, 0))],
      latencies: [40],
    },
  ],
  [
    'an object that moves there and back while nobody has taken it yet is never pruned',
    {
      happenings: [
        commit({ edit: 'rename', unit: 0 }),
        commit(put(0, 0, 2)),
        time(60_000),
        commit(put(0, 2)),
        commit(put(0, 0)),
      ],
      latencies: [7],
    },
  ],
  [
    'an object that an inner unit is still creating is not forgotten when its taker goes at once',
    {
      happenings: [
        commit(put(4, 1)),
        commit(put(0, 0)),
        commit(put(4, 2)),
        commit({ edit: 'drop', object: 4 }, { edit: 'clear', unit: 0 }),
        commit({ edit: 'drop', object: 0 }),
      ],
      latencies: [],
    },
  ],
  [
    'what a unit inside still has when it is asked for again is kept',
    {
      happenings: [
        commit(put(4, 1)),
        commit({ edit: 'clear', unit: 1 }),
        commit(put(0, 3), {
          edit: 'levers',
          unit: 3,
          levers: { suspended: false, broken: true, depends: false },
        }),
        commit(put(4, 1), put(5, 0)),
        time(60_000),
      ],
      latencies: [],
    },
  ],
];

for (const [name, history] of HISTORIES) {
  it(name, async () => {
    expect(await liveThrough(history)).toEqual([]);
  });
}
