// Where cel-go, and with it Kubernetes, Flux and Package Operator, differs from cel-spec's own tests.
import { member, overload } from '../library.ts';
import type { Library } from '../library.ts';
import { DURATION, INT } from '../type.ts';
import type { Duration } from '../value.ts';

/** `getMilliseconds` of a duration is its whole length; cel-spec wants the part below a second. */
export const celGoLibrary: Library = {
  name: 'celGo',
  functions: [
    member(
      'getMilliseconds',
      overload([DURATION], INT, (duration: Duration) => Number(duration.nanos / 1_000_000n)),
    ),
  ],
};
