// Sprig's questions about types and kinds (go-templates §6, Reflection).
import { defineFunction } from '../function.ts';
import { typeName } from '../value.ts';
import { deepEqual } from './deep-equal.ts';
import { kindName } from './elements.ts';

export const REFLECTION = [
  defineFunction('typeOf', 'func(interface {}) string', (_, value) => typeName(value)),
  defineFunction(
    'typeIs',
    'func(string, interface {}) bool',
    (_, name, value) => typeName(value) === name,
  ),
  defineFunction('typeIsLike', 'func(string, interface {}) bool', (_, name, value) =>
    [name, `*${name}`].includes(typeName(value)),
  ),
  defineFunction('kindOf', 'func(interface {}) string', (_, value) => kindName(value)),
  defineFunction(
    'kindIs',
    'func(string, interface {}) bool',
    (_, name, value) => kindName(value) === name,
  ),
  defineFunction('deepEqual', 'func(interface {}, interface {}) bool', deepEqual),
];
