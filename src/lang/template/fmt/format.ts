// The format string of printf: flags, widths, precisions, argument indexes, and what goes wrong.
import type { Value } from '../value.ts';
import { GoInt, typeName } from '../value.ts';
import type { Flags } from './flags.ts';
import { noFlags } from './flags.ts';
import type { Printer } from './printer.ts';

/** Widths and precisions beyond this are refused, as in Go. */
const TOO_LARGE = 1_000_000;

/** Prints a format with its arguments: fmt.Printf. */
export function printFormat(printer: Printer, format: string, args: readonly Value[]): void {
  new FormatReader(printer, format, args).run();
}

class FormatReader {
  private readonly printer: Printer;
  private readonly format: string;
  private readonly args: readonly Value[];
  private at = 0;
  private arg = 0;
  private reordered = false;
  private goodIndex = true;
  /** The part just read was an index such as [3]. */
  private afterIndex = false;
  private flags: Flags = noFlags();

  constructor(printer: Printer, format: string, args: readonly Value[]) {
    this.printer = printer;
    this.format = format;
    this.args = args;
  }

  run(): void {
    for (;;) {
      const percent = this.format.indexOf('%', this.at);
      this.printer.write(this.format.slice(this.at, percent === -1 ? undefined : percent));
      if (percent === -1) break;
      this.at = percent + 1;
      this.goodIndex = true;
      if (!this.verb()) break;
    }
    if (!this.reordered && this.arg < this.args.length) this.extra();
  }

  /** One verb after its %; `false` at the end of the format. */
  private verb(): boolean {
    this.flags = noFlags();
    this.readFlags();
    const simple = this.format[this.at];
    if (simple !== undefined && simple >= 'a' && simple <= 'z' && this.arg < this.args.length) {
      this.at += 1;
      this.printArgument(simple);
      return true;
    }
    this.readIndex();
    this.readWidth();
    this.readPrecision();
    if (!this.afterIndex) this.readIndex();
    return this.complexVerb();
  }

  private readFlags(): void {
    for (; ; this.at += 1) {
      switch (this.format[this.at]) {
        case '#':
          this.flags.sharp = true;
          break;
        case '0':
          this.flags.zero = true;
          break;
        case '+':
          this.flags.plus = true;
          break;
        case '-':
          this.flags.minus = true;
          break;
        case ' ':
          this.flags.space = true;
          break;
        default:
          return;
      }
    }
  }

  /** An argument index such as [2]. */
  private readIndex(): void {
    this.afterIndex = false;
    if (this.format[this.at] !== '[') return;
    this.reordered = true;
    const rest = this.format.length - this.at;
    const close = rest < 3 ? -1 : this.format.indexOf(']', this.at + 1);
    if (close === -1) {
      this.goodIndex = false;
      this.at += 1;
      return;
    }
    const digits = this.format.slice(this.at + 1, close);
    const number = /^[0-9]+$/.test(digits) ? boundedNumber(digits) : undefined;
    this.at = close + 1;
    this.afterIndex = number !== undefined;
    if (number === undefined || number < 1 || number > this.args.length) this.goodIndex = false;
    else this.arg = number - 1;
  }

  private readNumber(): number | undefined {
    const digits = /^[0-9]*/.exec(this.format.slice(this.at, this.at + 16))?.[0] ?? '';
    if (digits === '') return undefined;
    const number = boundedNumber(digits);
    // A number that is too large swallows the rest of the format.
    this.at = number === undefined ? this.format.length : this.at + digits.length;
    return number;
  }

  private starArgument(): number | undefined {
    if (this.arg >= this.args.length) return undefined;
    const value = this.args[this.arg];
    this.arg += 1;
    if (!(value instanceof GoInt)) return undefined;
    const number = value.toNumber();
    return Math.abs(number) > TOO_LARGE ? undefined : number;
  }

  private readWidth(): void {
    if (this.format[this.at] !== '*') {
      this.flags.width = this.readNumber();
      if (this.afterIndex && this.flags.width !== undefined) this.goodIndex = false;
      return;
    }
    this.at += 1;
    const width = this.starArgument();
    if (width === undefined) this.printer.write('%!(BADWIDTH)');
    this.flags.width = width;
    if (width !== undefined && width < 0) {
      this.flags.width = -width;
      this.flags.minus = true;
      this.flags.zero = false;
    }
    this.afterIndex = false;
  }

  private readPrecision(): void {
    // A point that ends the format is a verb.
    if (this.format[this.at] !== '.' || this.at + 1 >= this.format.length) return;
    this.at += 1;
    if (this.afterIndex) this.goodIndex = false;
    this.readIndex();
    if (this.format[this.at] !== '*') {
      this.flags.precision = this.readNumber() ?? 0;
      return;
    }
    this.at += 1;
    const precision = this.starArgument();
    this.flags.precision = precision !== undefined && precision < 0 ? undefined : precision;
    if (this.flags.precision === undefined) this.printer.write('%!(BADPREC)');
    this.afterIndex = false;
  }

  private complexVerb(): boolean {
    const code = this.format.codePointAt(this.at);
    if (code === undefined) {
      this.printer.write('%!(NOVERB)');
      return false;
    }
    const escaped = code >= 0xd800 && code <= 0xdfff;
    const verb = String.fromCodePoint(escaped ? 0xfffd : code);
    this.at += code > 0xffff ? 2 : 1;
    if (verb === '%') this.printer.write('%');
    else if (!this.goodIndex) this.printer.write(`%!${verb}(BADINDEX)`);
    else if (this.arg >= this.args.length) this.printer.write(`%!${verb}(MISSING)`);
    else this.printArgument(verb);
    return true;
  }

  private printArgument(verb: string): void {
    const { flags } = this;
    if (verb === 'v' || verb === 'w') {
      flags.sharpV = flags.sharp;
      flags.sharp = false;
      flags.plusV = flags.plus;
      flags.plus = false;
    }
    const value = this.args[this.arg];
    this.arg += 1;
    this.printer.charge(Math.max(flags.width ?? 0, flags.precision ?? 0));
    this.printer.print(value, verb, flags);
  }

  private extra(): void {
    this.printer.write('%!(EXTRA ');
    this.args.slice(this.arg).forEach((value, index) => {
      if (index > 0) this.printer.write(', ');
      if (value === null || value === undefined) {
        this.printer.write('<nil>');
        return;
      }
      this.printer.write(`${typeName(value)}=`);
      this.printer.print(value, 'v', noFlags());
    });
    this.printer.write(')');
  }
}

/** Go's parsenum: gives up once the number so far is too large and another digit follows. */
function boundedNumber(digits: string): number | undefined {
  let number = 0;
  for (const digit of digits) {
    if (number > TOO_LARGE) return undefined;
    number = number * 10 + Number(digit);
  }
  return number;
}
