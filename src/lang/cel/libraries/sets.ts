// Lists as sets: sets.contains, sets.equivalent, sets.intersects.
import { equals } from '../equality.ts';
import { global, overload } from '../library.ts';
import type { Library } from '../library.ts';
import { BOOL, listOf, typeParam } from '../type.ts';
import type { List } from '../value.ts';
import { pairsCost } from './cost.ts';

const LIST = listOf(typeParam('T'));

export const sets: Library = {
  name: 'sets',
  functions: [
    global(
      'sets.contains',
      overload([LIST, LIST], BOOL, contains, { cost: (a, b) => pairsCost(a, b, 1) }),
    ),
    global(
      'sets.equivalent',
      overload([LIST, LIST], BOOL, (a, b) => contains(a, b) && contains(b, a), {
        cost: (a, b) => pairsCost(a, b, 2),
      }),
    ),
    global(
      'sets.intersects',
      overload([LIST, LIST], BOOL, (a, b) => a.some((x) => b.some((y) => equals(x, y))), {
        cost: (a, b) => pairsCost(a, b, 1),
      }),
    ),
  ],
};

function contains(list: List, subset: List): boolean {
  return subset.every((wanted) => list.some((element) => equals(element, wanted)));
}
