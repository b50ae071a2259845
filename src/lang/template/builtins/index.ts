// The nineteen functions that text/template itself brings.
import { sprint, sprintf, sprintln } from '../fmt/print.ts';
import type { TemplateFunction } from '../function.ts';
import { defineFunction } from '../function.ts';
import { COMPARISONS } from './compare.ts';
import { AND, CALL, NOT, OR } from './control.ts';
import { ELEMENTS } from './elements.ts';
import { ESCAPERS } from './escape.ts';

const PRINTING: readonly TemplateFunction[] = [
  defineFunction('print', 'func(...interface {}) string', (context, ...args) =>
    sprint(args, context.charge),
  ),
  defineFunction('printf', 'func(string, ...interface {}) string', (context, format, ...args) =>
    sprintf(format, args, context.charge),
  ),
  defineFunction('println', 'func(...interface {}) string', (context, ...args) =>
    sprintln(args, context.charge),
  ),
];

export const BUILTINS: readonly TemplateFunction[] = [
  AND,
  OR,
  NOT,
  CALL,
  ...COMPARISONS,
  ...ELEMENTS,
  ...ESCAPERS,
  ...PRINTING,
];
