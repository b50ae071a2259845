// Print, Println, Printf and %v over template values, as Go's fmt does them.
import type { Value } from '../value.ts';
import { GoInt } from '../value.ts';
import { formatFloat } from '../strconv/float.ts';
import { noFlags } from './flags.ts';
import { Printer } from './printer.ts';
import { printFormat } from './format.ts';

/** Called with a number of characters before they are made, so that widths stay in budget. */
export type Charge = (length: number) => void;

const FREE: Charge = () => undefined;

/** `%v`: what an action prints, and what sprig's string conversion gives. */
export function formatValue(value: Value, charge: Charge = FREE): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'boolean':
      return value ? 'true' : 'false';
    case 'number':
      if (Number.isInteger(value) && value > -1e6 && value < 1e6 && value !== 0) {
        return String(value);
      }
      return formatFloat(value, 'g', -1);
    case 'undefined':
      return '<nil>';
    default:
  }
  if (value instanceof GoInt && value.type.methods === undefined) return String(value.value);
  const printer = new Printer(charge);
  printer.print(value, 'v', noFlags());
  return printer.text;
}

/** fmt.Sprintf. */
export function sprintf(format: string, args: readonly Value[], charge: Charge = FREE): string {
  const printer = new Printer(charge);
  printFormat(printer, format, args);
  return printer.text;
}

/** fmt.Sprint: a space between operands when neither is a string. */
export function sprint(args: readonly Value[], charge: Charge = FREE): string {
  let text = '';
  let previousString = true;
  for (const arg of args) {
    const isString = typeof arg === 'string';
    if (!isString && !previousString) text += ' ';
    text += formatValue(arg, charge);
    previousString = isString;
  }
  return text;
}

/** fmt.Sprintln: spaces between all operands, and a newline. */
export function sprintln(args: readonly Value[], charge: Charge = FREE): string {
  return `${args.map((arg) => formatValue(arg, charge)).join(' ')}\n`;
}
