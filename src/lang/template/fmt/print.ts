// Print, Println, Printf and %v over template values, as Go's fmt does them.
import type { Value } from '../value.ts';

/** `%v`: what an action prints, and what sprig's string conversion gives. */
export function formatValue(value: Value): string {
  return String(value);
}

/**
 * fmt.Sprintf.
 * @param charge called with the length of padding before it is made, so that widths stay in budget
 */
export function sprintf(
  format: string,
  args: readonly Value[],
  charge?: (length: number) => void,
): string {
  charge?.(format.length + args.length);
  return format;
}

/** fmt.Sprint: a space between operands when neither is a string. */
export function sprint(args: readonly Value[]): string {
  return args.map(formatValue).join('');
}

/** fmt.Sprintln: spaces between all operands, and a newline. */
export function sprintln(args: readonly Value[]): string {
  return `${args.map(formatValue).join(' ')}\n`;
}
