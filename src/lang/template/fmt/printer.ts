// Prints one value under one verb: recursion into maps, slices and structs, and bad verbs.
import { fromBytes, sortedKeys, toBytes } from '../bytes.ts';
import type { TemplateFunction } from '../function.ts';
import { canBackquote, quote, quoteToAscii } from '../strconv/quote.ts';
import type { Value } from '../value.ts';
import { GoComplex, GoFunc, GoInt, GoList, GoMap, GoObject, typeName, uint8 } from '../value.ts';
import { callStringMethod } from './stringer.ts';
import type { Flags } from './flags.ts';
import { pad, padding } from './flags.ts';
import { formatFloatVerb, isFloatVerb } from './float.ts';
import type { IntegerStyle } from './integer.ts';
import { formatCharacter, formatInteger, formatQuotedCharacter, formatUnicode } from './integer.ts';

/** What stands for an address: real ones differ from run to run. */
const ADDRESS = 0xc000010000;

const STRING_VERBS = 'vsxXq';

const INTEGER_STYLES: ReadonlyMap<string, IntegerStyle> = new Map<string, IntegerStyle>([
  ['v', { base: 10 }],
  ['d', { base: 10 }],
  ['b', { base: 2 }],
  ['o', { base: 8 }],
  ['O', { base: 8, letterO: true }],
  ['x', { base: 16 }],
  ['X', { base: 16, upper: true }],
]);

export class Printer {
  text = '';
  readonly charge: (length: number) => void;
  /** Inside a bad verb's text: methods are not called there. */
  private erroring = false;

  constructor(charge: (length: number) => void) {
    this.charge = charge;
  }

  write(text: string): void {
    this.text += text;
  }

  /** One operand at the top level: printArg. */
  print(value: Value, verb: string, flags: Flags): void {
    if (value === null || value === undefined) {
      if (verb === 'T' || verb === 'v') this.write(pad(flags, '<nil>'));
      else this.write(`%!${verb}(<nil>)`);
      return;
    }
    if (verb === 'T') {
      this.write(this.plainString(flags, typeName(value)));
      return;
    }
    if (verb === 'p') {
      this.printPointer(value, verb, flags);
      return;
    }
    if (value instanceof Uint8Array) {
      this.printBytes(value, verb, flags);
      return;
    }
    this.printValue(value, verb, flags, 0);
  }

  private printValue(value: Value, verb: string, flags: Flags, depth: number): void {
    switch (typeof value) {
      case 'string':
        this.printString(value, verb, flags);
        return;
      case 'number':
        if (isFloatVerb(verb)) this.write(formatFloatVerb(flags, value, verb));
        else this.badVerb(value, verb, flags);
        return;
      case 'boolean':
        if (verb === 't' || verb === 'v') this.write(pad(flags, String(value)));
        else this.badVerb(value, verb, flags);
        return;
      default:
    }
    if (value === null || value === undefined) {
      // A nil inside a container has the container's element type: interface {}.
      this.write(flags.sharpV ? 'interface {}(nil)' : '<nil>');
      return;
    }
    this.charge(1);
    if (this.printByMethod(value, verb, flags)) return;
    if (value instanceof GoInt) this.printInteger(value, verb, flags);
    else if (value instanceof GoMap) this.printMap(value, verb, flags, depth);
    else if (value instanceof GoList) this.printList(value, verb, flags, depth);
    else if (value instanceof Uint8Array) this.printInnerBytes(value, verb, flags);
    else if (value instanceof GoComplex) this.printComplex(value, verb, flags);
    else if (value instanceof GoFunc) this.printPointer(value, verb, flags);
    else this.printObject(value, verb, flags, depth);
  }

  /** fmt asks a value's own Error and String methods for the verbs that print strings. */
  private printByMethod(
    value: Exclude<Value, null | undefined>,
    verb: string,
    flags: Flags,
  ): boolean {
    if (verb === 'w') {
      if (this.erroring) return false;
      this.badVerb(value, verb, flags);
      return true;
    }
    const method = stringMethod(value, flags.sharpV);
    if (method === undefined || this.erroring) return false;
    if (!flags.sharpV && !STRING_VERBS.includes(verb)) return false;
    const text = callStringMethod(method, value);
    if (flags.sharpV) this.write(this.plainString(flags, text));
    else this.printString(text, verb, flags);
    return true;
  }

  private badVerb(value: Value, verb: string, flags: Flags): void {
    const outer = this.erroring;
    this.erroring = true;
    this.write(`%!${verb}(${typeName(value)}=`);
    this.print(value, 'v', flags);
    this.write(')');
    this.erroring = outer;
  }

  private truncate(flags: Flags, text: string): string {
    if (flags.precision === undefined || text.length <= flags.precision) return text;
    let end = 0;
    for (let left = flags.precision; left > 0 && end < text.length; left--) {
      end += (text.codePointAt(end) as number) > 0xffff ? 2 : 1;
    }
    return text.slice(0, end);
  }

  private plainString(flags: Flags, text: string): string {
    return pad(flags, this.truncate(flags, text));
  }

  private printString(text: string, verb: string, flags: Flags): void {
    switch (verb) {
      case 'v':
        this.write(flags.sharpV ? this.quoted(flags, text) : this.plainString(flags, text));
        return;
      case 's':
        this.write(this.plainString(flags, text));
        return;
      case 'q':
        this.write(this.quoted(flags, text));
        return;
      case 'x':
      case 'X':
        this.write(hexBytes(flags, toBytes(text), verb === 'X'));
        return;
      default:
        this.badVerb(text, verb, flags);
    }
  }

  private quoted(flags: Flags, text: string): string {
    const cut = this.truncate(flags, text);
    if (flags.sharp && canBackquote(cut)) return pad(flags, `\`${cut}\``);
    return pad(flags, flags.plus ? quoteToAscii(cut) : quote(cut));
  }

  private printInteger(value: GoInt, verb: string, flags: Flags): void {
    const style = INTEGER_STYLES.get(verb);
    if (style !== undefined) {
      const asHex = verb === 'v' && flags.sharpV && value.kind.startsWith('u');
      this.write(asHex ? hexWord(flags, value.value) : formatInteger(flags, value.value, style));
    } else if (verb === 'c') this.write(formatCharacter(flags, value.value));
    else if (verb === 'q') this.write(formatQuotedCharacter(flags, value.value));
    else if (verb === 'U') this.write(formatUnicode(flags, value.value));
    else this.badVerb(value, verb, flags);
  }

  private printComplex(value: GoComplex, verb: string, flags: Flags): void {
    if (!isFloatVerb(verb)) {
      this.badVerb(value, verb, flags);
      return;
    }
    const re = formatFloatVerb(flags, value.re, verb);
    const im = formatFloatVerb({ ...flags, plus: true }, value.im, verb);
    this.write(`(${re}${im}i)`);
  }

  /** []byte as an operand of its own. */
  private printBytes(bytes: Uint8Array, verb: string, flags: Flags): void {
    if (verb === 's') {
      this.write(this.plainString(flags, fromBytes(bytes)));
    } else if (verb === 'q') {
      this.write(this.quoted(flags, fromBytes(bytes)));
    } else if (verb === 'x' || verb === 'X') {
      this.write(hexBytes(flags, bytes, verb === 'X'));
    } else if ((verb === 'v' || verb === 'd') && flags.sharpV) {
      this.write(`[]byte{${[...bytes].map((byte) => hexWord(flags, byte)).join(', ')}}`);
    } else this.printByteList(bytes, verb, flags);
  }

  private printInnerBytes(bytes: Uint8Array, verb: string, flags: Flags): void {
    if ('sqxX'.includes(verb)) this.printBytes(bytes, verb, flags);
    else this.printByteList(bytes, verb, flags);
  }

  private printByteList(bytes: Uint8Array, verb: string, flags: Flags): void {
    this.printItems(
      [...bytes].map((byte) => uint8(byte)),
      flags.sharpV ? ['[]uint8{', '}'] : ['[', ']'],
      (byte) => this.printValue(byte, verb, flags, 1),
    );
  }

  private printItems<T>(
    items: readonly T[],
    brackets: readonly [string, string],
    printItem: (item: T) => void,
  ): void {
    this.charge(items.length);
    this.write(brackets[0]);
    const separator = brackets[1] === '}' ? ', ' : ' ';
    items.forEach((item, index) => {
      if (index > 0) this.write(separator);
      printItem(item);
    });
    this.write(brackets[1]);
  }

  private printList(list: GoList, verb: string, flags: Flags, depth: number): void {
    if (flags.sharpV && list.isNil) {
      this.write(`${list.type.name}(nil)`);
      return;
    }
    this.printItems(list.items, flags.sharpV ? [`${list.type.name}{`, '}'] : ['[', ']'], (item) =>
      this.printValue(item, verb, flags, depth + 1),
    );
  }

  private printMap(map: GoMap, verb: string, flags: Flags, depth: number): void {
    if (flags.sharpV && map.isNil) {
      this.write(`${map.type.name}(nil)`);
      return;
    }
    this.printItems(
      sortedKeys(map.entries),
      flags.sharpV ? [`${map.type.name}{`, '}'] : ['map[', ']'],
      (key) => {
        this.printValue(key, verb, flags, depth + 1);
        this.write(':');
        this.printValue(map.entries.get(key), verb, flags, depth + 1);
      },
    );
  }

  private printObject(object: GoObject, verb: string, flags: Flags, depth: number): void {
    const pointer = object.type.kind === 'pointer';
    if (pointer && depth > 0) {
      this.printPointer(object, verb, flags);
      return;
    }
    const struct = pointer ? (object.type.elem ?? object.type) : object.type;
    const name = flags.sharpV ? struct.name : '';
    const named = flags.plusV || flags.sharpV;
    this.write(pointer ? '&' : '');
    this.write(`${name}{`);
    (struct.fields ?? []).forEach((field, index) => {
      if (index > 0) this.write(flags.sharpV ? ', ' : ' ');
      if (named) this.write(`${field.name}:`);
      this.printValue(field.read(object.state), verb, flags, depth + 1);
    });
    this.write('}');
  }

  private printPointer(value: Exclude<Value, null | undefined>, verb: string, flags: Flags): void {
    const hasAddress =
      value instanceof GoFunc ||
      value instanceof GoMap ||
      value instanceof GoList ||
      value instanceof Uint8Array ||
      (value instanceof GoObject && value.type.kind === 'pointer');
    if (!hasAddress) {
      this.badVerb(value, verb, flags);
      return;
    }
    const style = INTEGER_STYLES.get(verb);
    if (verb === 'v' && flags.sharpV) {
      this.write(`(${typeName(value)})(${hexWord(flags, ADDRESS)})`);
    } else if (verb === 'v' || verb === 'p') {
      this.write(formatInteger({ ...flags, sharp: !flags.sharp }, ADDRESS, { base: 16 }));
    } else if (style !== undefined && verb !== 'O') {
      this.write(formatInteger(flags, ADDRESS, style));
    } else this.badVerb(value, verb, flags);
  }
}

function stringMethod(
  value: Exclude<Value, null | undefined>,
  goSyntax: boolean,
): TemplateFunction | undefined {
  if (!(value instanceof GoObject || value instanceof GoInt || value instanceof GoList)) {
    return undefined;
  }
  const { methods } = value.type;
  if (methods === undefined) return undefined;
  return goSyntax ? methods.get('GoString') : (methods.get('Error') ?? methods.get('String'));
}

function hexWord(flags: Flags, value: number | bigint): string {
  return formatInteger({ ...flags, sharp: true }, value, { base: 16 });
}

/** `%x` of a string: two digits a byte, spaced and prefixed by the flags. */
function hexBytes(flags: Flags, bytes: Uint8Array, upper: boolean): string {
  const length = Math.min(bytes.length, flags.precision ?? bytes.length);
  if (length === 0) return padding(flags, flags.width ?? 0);
  const mark = flags.sharp ? (upper ? '0X' : '0x') : '';
  const pairs = Array.from(bytes.subarray(0, length), (byte) => {
    const pair = byte.toString(16).padStart(2, '0');
    return upper ? pair.toUpperCase() : pair;
  });
  const text = flags.space ? pairs.map((pair) => mark + pair).join(' ') : mark + pairs.join('');
  const fill = padding(flags, (flags.width ?? 0) - text.length);
  return flags.minus ? text + fill : fill + text;
}
