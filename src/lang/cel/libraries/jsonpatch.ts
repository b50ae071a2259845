// jsonpatch.escapeKey: a map key as one segment of a JSON pointer (RFC 6901 §3).
import { global, overload } from '../library.ts';
import type { Library } from '../library.ts';
import { STRING } from '../type.ts';
import { textCost } from './cost.ts';

export const jsonpatch: Library = {
  name: 'kubernetes.jsonpatch',
  functions: [
    global(
      'jsonpatch.escapeKey',
      overload([STRING], STRING, (key) => key.split('~').join('~0').split('/').join('~1'), {
        cost: textCost,
      }),
    ),
  ],
};
