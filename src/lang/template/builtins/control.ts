// Builtins that the call machinery knows by identity: they decide what is evaluated or called.
import { TemplateFunctionError } from '../function.ts';
import { isTrue } from '../truth.ts';
import type { Value } from '../value.ts';
import { rawFunction } from './raw.ts';

/** Stands in for an implementation: compile/call.ts never comes here. */
function unreachable(): Value {
  throw new TemplateFunctionError('unreachable');
}

export const AND = rawFunction(
  'and',
  'func(interface {}, ...interface {}) interface {}',
  unreachable,
);
export const OR = rawFunction(
  'or',
  'func(interface {}, ...interface {}) interface {}',
  unreachable,
);
export const CALL = rawFunction(
  'call',
  'func(interface {}, ...interface {}) interface {}',
  unreachable,
);
export const NOT = rawFunction('not', 'func(interface {}) bool', (_, value) => !isTrue(value));
