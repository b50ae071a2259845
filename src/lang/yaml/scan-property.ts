// Anchors, aliases, tags and directives: `&name`, `*name`, `!tag`, `%YAML 1.1`.
import { hexValue, isBlank, isBlankOrEnd, isBreak, isBreakOrEnd, isWord } from './characters.ts';
import type { GoFaultPlace } from './go-fault.ts';
import type { Scanner } from './scanner.ts';

/** Starts at `&` or `*`. */
export function scanAnchorName(scanner: Scanner): string {
  const context = scanner.here();
  scanner.position++;
  const name = scanWord(scanner);
  const code = scanner.text.charCodeAt(scanner.position);
  const ends = isBlankOrEnd(code) || '?:,]}%@`'.includes(String.fromCharCode(code));
  if (name === '' || !ends) {
    scanner.fail('did not find expected alphabetic or numeric character', context);
  }
  return name;
}

export interface ScannedTag {
  /** `!`, `!!` or `!name!`; empty for `!<...>` and for `!` alone. */
  readonly handle: string;
  readonly suffix: string;
}

/** Starts at `!`. */
export function scanTag(scanner: Scanner): ScannedTag {
  const { text } = scanner;
  const context = scanner.here();
  const tag =
    text[scanner.position + 1] === '<'
      ? scanVerbatim(scanner, context)
      : scanShort(scanner, context);
  if (!isBlankOrEnd(text.charCodeAt(scanner.position))) {
    scanner.fail('did not find expected whitespace or line break', context);
  }
  return tag;
}

function scanVerbatim(scanner: Scanner, context: GoFaultPlace): ScannedTag {
  scanner.position += 2;
  const suffix = scanUri(scanner, '', context);
  if (scanner.text[scanner.position] !== '>')
    scanner.fail("did not find the expected '>'", context);
  scanner.position++;
  return { handle: '', suffix };
}

function scanShort(scanner: Scanner, context: GoFaultPlace): ScannedTag {
  scanner.position++;
  const word = scanWord(scanner);
  if (scanner.text[scanner.position] === '!') {
    scanner.position++;
    return { handle: `!${word}!`, suffix: scanUri(scanner, '', context) };
  }
  const suffix = scanUri(scanner, `!${word}`, context);
  return suffix === '' ? { handle: '', suffix: '!' } : { handle: '!', suffix };
}

function scanWord(scanner: Scanner): string {
  const start = scanner.position;
  while (isWord(scanner.text.charCodeAt(scanner.position))) scanner.position++;
  return scanner.text.slice(start, scanner.position);
}

const URI_MARKS = ";/?:@&=+$,.!~*'()[]%";

/** @param head what was read already, with its `!`, which is not part of the result */
function scanUri(scanner: Scanner, head: string, context: GoFaultPlace): string {
  const { text } = scanner;
  let uri = head.slice(1);
  let found = head !== '';
  for (;;) {
    const code = text.charCodeAt(scanner.position);
    if (code === 0x25) uri += scanUriEscape(scanner, context);
    else if (
      isWord(code) ||
      (code > 32 && code < 127 && URI_MARKS.includes(String.fromCharCode(code)))
    ) {
      uri += String.fromCharCode(code);
      scanner.position++;
    } else break;
    found = true;
  }
  if (!found) scanner.fail('did not find expected tag URI', context);
  return uri;
}

/** One character as `%C3%A9`. */
function scanUriEscape(scanner: Scanner, context: GoFaultPlace): string {
  const bytes: number[] = [];
  let length = 1;
  for (let index = 0; index < length; index++) {
    const high = hexValue(scanner.text.charCodeAt(scanner.position + 1));
    const low = hexValue(scanner.text.charCodeAt(scanner.position + 2));
    if (scanner.text[scanner.position] !== '%' || high < 0 || low < 0) {
      scanner.fail('did not find URI escaped octet', context);
    }
    const byte = high * 16 + low;
    if (index === 0) {
      length = utf8Length(byte);
      if (length === 0) scanner.fail('found an incorrect leading UTF-8 octet', context);
    } else if ((byte & 0xc0) !== 0x80) {
      scanner.fail('found an incorrect trailing UTF-8 octet', context);
    }
    bytes.push(byte);
    scanner.position += 3;
  }
  return new TextDecoder().decode(Uint8Array.from(bytes));
}

function utf8Length(lead: number): number {
  if (lead < 0x80) return 1;
  if ((lead & 0xe0) === 0xc0) return 2;
  if ((lead & 0xf0) === 0xe0) return 3;
  return (lead & 0xf8) === 0xf0 ? 4 : 0;
}

/** Starts at `%`. `value` is the version, or `handle prefix` of a tag. */
export function scanDirective(scanner: Scanner): { readonly name: string; readonly value: string } {
  const { text } = scanner;
  const context = scanner.here();
  scanner.position++;
  const name = scanWord(scanner);
  if (name === '') scanner.fail('could not find expected directive name', context);
  if (!isBlankOrEnd(text.charCodeAt(scanner.position))) {
    scanner.fail('found unexpected non-alphabetical character', context);
  }
  if (name !== 'YAML' && name !== 'TAG') scanner.fail('found unknown directive name', context);
  const value =
    name === 'YAML' ? scanVersion(scanner, context) : scanTagDirective(scanner, context);
  skipBlanks(scanner);
  if (text[scanner.position] === '#') {
    while (!isBreakOrEnd(text.charCodeAt(scanner.position))) scanner.position++;
  }
  if (!isBreakOrEnd(text.charCodeAt(scanner.position))) {
    scanner.fail('did not find expected comment or line break', context);
  }
  if (isBreak(text.charCodeAt(scanner.position))) scanner.skipBreak();
  return { name, value };
}

function skipBlanks(scanner: Scanner): void {
  while (isBlank(scanner.text.charCodeAt(scanner.position))) scanner.position++;
}

function scanVersion(scanner: Scanner, context: GoFaultPlace): string {
  skipBlanks(scanner);
  const major = scanNumber(scanner, context);
  if (scanner.text[scanner.position] !== '.') {
    scanner.fail("did not find expected digit or '.' character", context);
  }
  scanner.position++;
  return `${major}.${scanNumber(scanner, context)}`;
}

function scanNumber(scanner: Scanner, context: GoFaultPlace): string {
  const start = scanner.position;
  while (/\d/u.test(scanner.text[scanner.position] ?? '')) {
    if (scanner.position - start >= 2) scanner.fail('found extremely long version number', context);
    scanner.position++;
  }
  if (start === scanner.position) scanner.fail('did not find expected version number', context);
  return scanner.text.slice(start, scanner.position);
}

function scanTagDirective(scanner: Scanner, context: GoFaultPlace): string {
  skipBlanks(scanner);
  if (scanner.text[scanner.position] !== '!') scanner.fail("did not find expected '!'", context);
  scanner.position++;
  const word = scanWord(scanner);
  const closed = scanner.text[scanner.position] === '!';
  if (closed) scanner.position++;
  else if (word !== '') scanner.fail("did not find expected '!'", context);
  if (!isBlank(scanner.text.charCodeAt(scanner.position))) {
    scanner.fail('did not find expected whitespace', context);
  }
  skipBlanks(scanner);
  const prefix = scanUri(scanner, '', context);
  if (!isBlankOrEnd(scanner.text.charCodeAt(scanner.position))) {
    scanner.fail('did not find expected whitespace or line break', context);
  }
  return `!${word}${closed ? '!' : ''} ${prefix}`;
}
