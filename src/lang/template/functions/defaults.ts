// Sprig's defaults and choices (go-templates §6, Defaults): what counts as empty is 0, "", false,
// nil and every list or map without elements.
import { defineFunction } from '../function.ts';
import { isEmpty } from './elements.ts';

export const DEFAULTS = [
  defineFunction(
    'default',
    'func(interface {}, ...interface {}) interface {}',
    (_, fallback, ...given) => (given.length === 0 || isEmpty(given[0]) ? fallback : given[0]),
  ),
  defineFunction('empty', 'func(interface {}) bool', (_, value) => isEmpty(value)),
  defineFunction(
    'coalesce',
    'func(...interface {}) interface {}',
    (_, ...values) => values.find((value) => !isEmpty(value)) ?? null,
  ),
  defineFunction('all', 'func(...interface {}) bool', (_, ...values) =>
    values.every((value) => !isEmpty(value)),
  ),
  defineFunction('any', 'func(...interface {}) bool', (_, ...values) =>
    values.some((value) => !isEmpty(value)),
  ),
  defineFunction(
    'ternary',
    'func(interface {}, interface {}, bool) interface {}',
    (_, yes, no, choice) => (choice ? yes : no),
  ),
];
