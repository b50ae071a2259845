// File patterns as gobwas/glob 0.2.3 matches them with separator `/`, the version that Helm and
// Package Operator pin (go-templates §6): `*` stays in one folder, `**` crosses folders.
import { runeCount } from '../../bytes.ts';
import { compileRegexp, quoteMeta } from './go-regexp.ts';
import { failure, success } from './result.ts';
import type { Result } from './result.ts';

type Item =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'any' | 'super' | 'single' }
  | { readonly kind: 'class'; readonly source: string }
  | { readonly kind: 'anyOf'; readonly alternatives: readonly (readonly Item[])[] };

/** Compiles a pattern to a predicate on paths. */
export function compileGlob(pattern: string): Result<(path: string) => boolean> {
  const parsed = new GlobParser(Array.from(pattern)).parse();
  if (!parsed.ok) return parsed;
  const regexp = compileRegexp(`(?s)^(?:${sequenceSource(parsed.value)})$`);
  if (!regexp.ok) return regexp;
  return success(regexp.value.matches);
}

/**
 * The original cuts a pattern at its last longest fixed part and matches the sides on their own. A
 * side that is exactly `text ** text` is checked by prefix and suffix, which may overlap: that is
 * why `a/` + `**` + `/d.txt` matches `a/d.txt`.
 */
function sequenceSource(items: readonly Item[]): string {
  const [first, second, third] = items;
  if (
    items.length === 3 &&
    first?.kind === 'text' &&
    second?.kind === 'super' &&
    third?.kind === 'text'
  ) {
    return overlappingSource(first.text, third.text);
  }
  const cut = longestFixed(items);
  if (cut < 0) return items.map(itemSource).join('');
  const left = sequenceSource(items.slice(0, cut));
  const right = sequenceSource(items.slice(cut + 1));
  return (
    left +
    items
      .slice(cut, cut + 1)
      .map(itemSource)
      .join('') +
    right
  );
}

function overlappingSource(prefix: string, suffix: string): string {
  const sources = [`${quoteMeta(prefix)}.*${quoteMeta(suffix)}`];
  for (let shared = 1; shared <= Math.min(prefix.length, suffix.length); shared++) {
    if (prefix.endsWith(suffix.slice(0, shared))) {
      sources.push(quoteMeta(prefix + suffix.slice(shared)));
    }
  }
  return `(?:${sources.join('|')})`;
}

function longestFixed(items: readonly Item[]): number {
  let at = -1;
  let longest = -1;
  for (const [index, item] of items.entries()) {
    const length = fixedLength(item);
    if (length >= 0 && length >= longest) {
      longest = length;
      at = index;
    }
  }
  return at;
}

function fixedLength(item: Item): number {
  if (item.kind === 'text') return runeCount(item.text);
  return item.kind === 'single' || item.kind === 'class' ? 1 : -1;
}

function itemSource(item: Item): string {
  switch (item.kind) {
    case 'text':
      return quoteMeta(item.text);
    case 'any':
      return '[^/]*';
    case 'super':
      return '.*';
    case 'single':
      return '[^/]';
    case 'class':
      return item.source;
    case 'anyOf':
      return `(?:${item.alternatives.map(sequenceSource).join('|')})`;
  }
}

class GlobParser {
  readonly #runes: readonly string[];
  #at = 0;

  constructor(runes: readonly string[]) {
    this.#runes = runes;
  }

  parse(): Result<readonly Item[]> {
    return this.#sequence(0);
  }

  /** Reads up to the end, or inside braces up to `,` or `}`, which stay unread. */
  #sequence(depth: number): Result<readonly Item[]> {
    const items: Item[] = [];
    while (this.#at < this.#runes.length) {
      const rune = this.#runes[this.#at] ?? '';
      if (depth > 0 && (rune === ',' || rune === '}')) return success(items);
      const item = this.#item(rune, depth);
      if (!item.ok) return item;
      if (item.value) items.push(item.value);
    }
    // An unclosed brace ends with the pattern, without complaint.
    return success(items);
  }

  #item(rune: string, depth: number): Result<Item | undefined> {
    if (rune === '*') {
      const crosses = this.#runes[this.#at + 1] === '*';
      this.#at += crosses ? 2 : 1;
      return success({ kind: crosses ? 'super' : 'any' });
    }
    if (rune === '?') {
      this.#at++;
      return success({ kind: 'single' });
    }
    if (rune === '[') {
      this.#at++;
      return this.#range();
    }
    if (rune === '{') {
      this.#at++;
      return this.#alternatives(depth);
    }
    return success(this.#text(depth > 0 ? '?*[{},' : '?*[{'));
  }

  #alternatives(depth: number): Result<Item> {
    const alternatives: (readonly Item[])[] = [];
    for (;;) {
      const alternative = this.#sequence(depth + 1);
      if (!alternative.ok) return alternative;
      alternatives.push(alternative.value);
      const end = this.#runes[this.#at++];
      if (end !== ',') return success({ kind: 'anyOf', alternatives });
    }
  }

  #text(breakers: string): Item | undefined {
    let text = '';
    let escaped = false;
    for (; this.#at < this.#runes.length; this.#at++) {
      const rune = this.#runes[this.#at] ?? '';
      if (!escaped && rune === '\\') {
        escaped = true;
        continue;
      }
      if (!escaped && breakers.includes(rune)) break;
      escaped = false;
      text += rune;
    }
    return text === '' ? undefined : { kind: 'text', text };
  }

  #range(): Result<Item> {
    const negated = this.#runes[this.#at] === '!';
    if (negated) this.#at++;
    const sign = negated ? '^' : '';
    const low = this.#runes[this.#at];
    if (low === undefined) return failure('unexpected end of input');
    if (this.#runes[this.#at + 1] === '-') return this.#span(low, sign);
    const listed = this.#text(']');
    if (this.#at >= this.#runes.length) return failure('unexpected end of input');
    this.#at++;
    if (listed?.kind !== 'text') return failure('could not parse range');
    const source = Array.from(listed.text, classRune).join('');
    return success({ kind: 'class', source: `[${sign}${source}]` });
  }

  #span(low: string, sign: string): Result<Item> {
    const high = this.#runes[this.#at + 2];
    const close = this.#runes[this.#at + 3];
    if (high === undefined || close === undefined) return failure('unexpected end of input');
    if (close !== ']') return failure('expected close range character');
    if ((high.codePointAt(0) ?? 0) < (low.codePointAt(0) ?? 0)) {
      return failure(`hi character '${high}' should be greater than lo '${low}'`);
    }
    this.#at += 4;
    return success({ kind: 'class', source: `[${sign}${classRune(low)}-${classRune(high)}]` });
  }
}

function classRune(rune: string): string {
  return `\\x{${(rune.codePointAt(0) ?? 0).toString(16)}}`;
}
