// Whatever a function is given, it answers or fails with an error: nothing else is thrown, nothing of
// JavaScript shows.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  HELM_FUNCTIONS,
  PACKAGE_FUNCTIONS,
} from '../../../../src/lang/template/functions/index.ts';
import { timeFromText } from '../../../../src/lang/template/functions/time-types.ts';
import {
  filesObject,
  fromPlain,
  GoFunc,
  GoMap,
  list,
  map,
  stringList,
  valuesObject,
} from '../../../../src/lang/template/index.ts';
import { render, steadyBytes } from './render.ts';

/** Slow by their nature: tried once in crypto.test.ts. */
const SLOW = new Set(['genPrivateKey', 'bcrypt', 'htpasswd', 'derivePassword', 'genCA']);
const NAMES = [...new Set([...HELM_FUNCTIONS.keys(), ...PACKAGE_FUNCTIONS.keys()])].filter(
  (name) => !SLOW.has(name) && !name.startsWith('gen'),
);

const WORDS = [
  '""',
  '"a"',
  '"héllo wörld"',
  '"\\xff\\x80"',
  '"__proto__"',
  '"constructor"',
  '"1.2.3"',
  '"a,b"',
  '"{\\"a\\": [1]}"',
  '"[t]\\nk = 1"',
  '"(a"',
  '"2020-02-30"',
  '0',
  '-1',
  '3',
  '9223372036854775807',
  '1.5',
  '1e308',
  '2i',
  "'x'",
  'nil',
  'true',
  '(list)',
  '(list 1 "a" nil)',
  '(until 3)',
  '(dict)',
  '(dict "a" (dict "b" 1))',
  '(splitList "," "a,b")',
  '.missing',
  '.none',
  '.data',
  '.time',
  '.files',
  '.values',
  '.bytes',
  '.texts',
  '.fn',
  '(semver "1.2.3")',
  '(mustToDuration "1h")',
];

const upper = HELM_FUNCTIONS.get('upper');
const value = map([
  ['none', null],
  ['data', fromPlain({ a: [1, 'x', null], b: { c: true }, __proto__: 1 }, 'float64')],
  ['time', timeFromText('2024-02-29T13:04:05Z')],
  ['files', filesObject([['a.txt', 'x']])],
  ['values', valuesObject(new GoMap(new Map()))],
  ['bytes', Uint8Array.of(1, 255)],
  ['texts', stringList(['a', 'b'])],
  ['fn', upper ? new GoFunc(upper) : list([])],
]);

const call = fc
  .tuple(fc.constantFrom(...NAMES), fc.array(fc.constantFrom(...WORDS), { maxLength: 4 }))
  .map(([name, args]) => `{{ ${[name, ...args].join(' ')} }}`);

test('any call ends in a result or an error of its own', () => {
  const hooks = { randomBytes: steadyBytes, now: () => 0n };
  const limits = { steps: 200_000, stringLength: 100_000 };
  fc.assert(
    fc.property(call, fc.constantFrom('helm' as const, 'package' as const), (template, dialect) => {
      const result = render(template, { dialect, value, hooks, limits });
      expect(result).not.toMatch(/internal error|\[object |undefined|function \(|=>/);
    }),
    { numRuns: 8000 },
  );
});
