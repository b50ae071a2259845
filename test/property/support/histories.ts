// How random histories are made, and how one that goes wrong is told.
import fc from 'fast-check';
import { FAULTS } from '../../support/fault-line.ts';
import { HAND_EDITS } from './other-people.ts';
import type { Happening, History } from './history.ts';
import { OBJECTS, UNITS } from './wished-world.ts';
import type { Wish } from './wished-manifests.ts';
import type { Edit } from './wished-world.ts';

const object = fc.constantFrom(...OBJECTS);
const unit = fc.constantFrom(...UNITS);

const wish: fc.Arbitrary<Wish> = fc.record(
  {
    unit,
    contender: unit,
    phase: fc.constantFrom(0, 1, 2),
    value: fc.constantFrom(0, 1, 2),
    health: fc.constantFrom('ready' as const, 'ready' as const, 'hold' as const, 'fail' as const),
  },
  { requiredKeys: ['unit', 'phase', 'value', 'health'] },
);

const alone = wish.map(({ contender: _contender, ...rest }): Wish => rest);

const edit: fc.Arbitrary<Edit> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ edit: fc.constant('put' as const), object, wish: alone }),
  },
  { weight: 1, arbitrary: fc.record({ edit: fc.constant('put' as const), object, wish }) },
  { weight: 2, arbitrary: fc.record({ edit: fc.constant('drop' as const), object }) },
  { weight: 2, arbitrary: fc.record({ edit: fc.constant('rename' as const), unit }) },
  { weight: 1, arbitrary: fc.record({ edit: fc.constant('clear' as const), unit }) },
  { weight: 1, arbitrary: fc.record({ edit: fc.constant('retire' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      edit: fc.constant('levers' as const),
      unit,
      levers: fc.record({ suspended: fc.boolean(), broken: fc.boolean(), depends: fc.boolean() }),
    }),
  },
);

const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      what: fc.constant('commit' as const),
      edits: fc.array(edit, { minLength: 1, maxLength: 8 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constant('time' as const),
      ms: fc.constantFrom(0, 5, 60, 400, 3_000, 60_000),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constant('crash' as const),
      after: fc.integer({ min: 1, max: 12 }),
      fault: fc.constantFrom(...FAULTS),
      diskLost: fc.constantFrom(false, false, true),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constant('hand' as const),
      object,
      edit: fc.constantFrom(...HAND_EDITS),
    }),
  },
);

export const histories: fc.Arbitrary<History> = fc.record({
  happenings: fc.array(happening, { minLength: 1, maxLength: 14 }),
  latencies: fc.array(fc.constantFrom(0, 0, 0, 1, 7, 40), { maxLength: 7 }),
});
