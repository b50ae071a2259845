// The CEL functions of Kubernetes quantities: quantity, isQuantity and the methods of the type.
import { celError } from '../error.ts';
import { global, member, overload } from '../library.ts';
import type { Library } from '../library.ts';
import { BOOL, DOUBLE, INT, opaqueType, STRING } from '../type.ts';
import { doubleFrom, intFrom } from '../value.ts';
import type { Int, Value } from '../value.ts';
import { textCost } from './cost.ts';
import { converts, early } from './early.ts';
import { parseQuantity, QUANTITY_TYPE, quantityOf } from './quantity-value.ts';
import type { Quantity } from './quantity-value.ts';

const QUANTITY = opaqueType<Quantity>(QUANTITY_TYPE);

export const quantity: Library = {
  name: 'kubernetes.quantity',
  types: [QUANTITY],
  functions: [
    global(
      'quantity',
      overload([STRING], QUANTITY, parseQuantity, {
        cost: textCost,
        specialise: early<string>(parseQuantity),
      }),
    ),
    global('isQuantity', overload([STRING], BOOL, converts(parseQuantity), { cost: textCost })),
    // Kubernetes declares `sign` as a plain function and documents it as a method: both work here.
    global(
      'sign',
      overload([QUANTITY], INT, (value) => value.sign()),
    ),
    member(
      'sign',
      overload([QUANTITY], INT, (value) => value.sign()),
    ),
    member(
      'isInteger',
      overload([QUANTITY], BOOL, (value) => value.toInteger() !== undefined),
    ),
    member('asInteger', overload([QUANTITY], INT, asInteger)),
    member(
      'asApproximateFloat',
      overload([QUANTITY], DOUBLE, (value) => doubleFrom(value.toFloat())),
    ),
    member(
      'isLessThan',
      overload([QUANTITY, QUANTITY], BOOL, (a, b) => a.compare(b) < 0),
    ),
    member(
      'isGreaterThan',
      overload([QUANTITY, QUANTITY], BOOL, (a, b) => a.compare(b) > 0),
    ),
    member(
      'compareTo',
      overload([QUANTITY, QUANTITY], INT, (a, b) => a.compare(b)),
    ),
    member(
      'add',
      overload([QUANTITY, QUANTITY], QUANTITY, (a, b) => a.add(b)),
      overload([QUANTITY, INT], QUANTITY, (a, b) => a.add(ofInt(b))),
    ),
    member(
      'sub',
      overload([QUANTITY, QUANTITY], QUANTITY, (a, b) => a.add(b.negate())),
      overload([QUANTITY, INT], QUANTITY, (a, b) => a.add(ofInt(b).negate())),
    ),
  ],
};

function ofInt(value: Int): Quantity {
  return quantityOf(BigInt(value));
}

function asInteger(value: Quantity): Value {
  const integer = value.toInteger();
  const result = integer === undefined ? undefined : intFrom(integer);
  if (result === undefined) throw celError('overflow', 'cannot convert value to integer');
  return result;
}
