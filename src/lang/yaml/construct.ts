// Events to values, the way Kubernetes' reader does it, with everything it would swallow reported.
//
// It goes on after a fault, so that one run names them all, and counts what aliases expand to.
import type { Problem } from './diagnostic.ts';
import { EVENT, isMergeKey } from './event.ts';
import type { YamlEvent } from './event.ts';
import { formatGoFloat } from './go-float.ts';
import { plainValue, resolvePlain } from './go-scalar.ts';
import { isUint64 } from './go-syntax.ts';
import type { YamlLimits } from './limits.ts';
import { readTaggedScalar } from './tagged-scalar.ts';
import { setMember } from './value.ts';
import type { YamlValue } from './value.ts';

export interface ReadingRules {
  readonly limits: YamlLimits;
  /** What a repeated key does: `refuse` is an error, `last` a warning. */
  readonly duplicateKeys: 'refuse' | 'last';
}

export interface ConstructedDocument {
  readonly value: YamlValue;
  /** Offset and line (from 0) of its first node; undefined for a document without content. */
  readonly start: { readonly offset: number; readonly line: number } | undefined;
  /** True when an error in it was reported: its value is not to be trusted. */
  readonly failed: boolean;
}

interface Anchor {
  value: YamlValue;
  /** Values it stands for when written out. */
  size: number;
  /** False while its own collection is still open. */
  complete: boolean;
}

interface Frame {
  readonly list: YamlValue[] | undefined;
  readonly map: Record<string, YamlValue> | undefined;
  readonly anchor: Anchor | undefined;
  /** Count of values when the collection began. */
  readonly startCount: number;
  /** The collection stands where a key should be: its content goes nowhere. */
  readonly isKey: boolean;
  key: string | undefined;
  keyOffset: number;
  /** The pending key is `<<`. */
  merging: boolean;
  /** Keys that came in by `<<` only; an explicit key may still replace them. */
  merged: Set<string> | undefined;
}

const MAX_INT64 = 2n ** 63n - 1n;
const FIX_VALUE = 'Correct the value, or put it in quotes if it is meant as text.';
const FIX_KEY = 'Use a plain key; a template expression such as {{ .x }} needs quotes here.';

/** Builds the value of one document; problems go to `report`. */
export function constructDocument(
  events: readonly YamlEvent[],
  rules: ReadingRules,
  report: (problem: Problem) => void,
): ConstructedDocument {
  const builder = new DocumentBuilder(rules, report);
  for (const event of events) builder.add(event);
  const [first] = events;
  const start = first === undefined || first.offset < 0 ? undefined : first;
  return { value: builder.root, start, failed: builder.failed };
}

class DocumentBuilder {
  root: YamlValue = null;
  failed = false;
  private readonly rules: ReadingRules;
  private readonly report: (problem: Problem) => void;
  private readonly frames: Frame[] = [];
  private anchors: Map<string, Anchor> | undefined;
  /** Values so far, aliases counted with all they stand for. */
  private count = 0;
  private aliases = 0;
  private aliased = 0;
  /** An alias limit was reached: the rest of the document is only walked over. */
  private exhausted = false;
  private lastOffset = 0;

  constructor(rules: ReadingRules, report: (problem: Problem) => void) {
    this.rules = rules;
    this.report = report;
  }

  add(event: YamlEvent): void {
    if (event.kind === EVENT.SCALAR) this.scalar(event);
    else if (event.kind === EVENT.END) this.close();
    else if (event.kind === EVENT.ALIAS) this.alias(event);
    else this.open(event);
  }

  private fail(offset: number, message: string, hint: string): void {
    this.failed = true;
    this.report({ code: 'YamlInvalid', offset, message, hint });
  }

  private open(event: YamlEvent): void {
    const parent = this.frames[this.frames.length - 1];
    const isMap = event.kind === EVENT.MAP;
    this.lastOffset = event.offset;
    const isKey = parent?.map !== undefined && parent.key === undefined;
    if (isKey) {
      this.fail(event.offset, 'a key must be text, not a list or a map', FIX_KEY);
      parent.key = '';
      parent.keyOffset = event.offset;
    }
    const list = isMap ? undefined : [];
    const map = isMap ? {} : undefined;
    this.frames.push({
      list,
      map,
      anchor: this.setAnchor(event, list ?? map ?? null, false),
      startCount: this.count++,
      isKey,
      key: undefined,
      keyOffset: event.offset,
      merging: false,
      merged: undefined,
    });
  }

  private close(): void {
    const frame = this.frames.pop();
    if (frame === undefined) return;
    if (frame.anchor !== undefined) {
      frame.anchor.size = this.count - frame.startCount;
      frame.anchor.complete = true;
    }
    if (!frame.isKey) this.put(frame.list ?? frame.map ?? null);
  }

  private put(value: YamlValue): void {
    const frame = this.frames[this.frames.length - 1];
    if (frame === undefined) this.root = value;
    else if (frame.list !== undefined) frame.list.push(value);
    else if (frame.map !== undefined && frame.key !== undefined) {
      const key = frame.key;
      frame.key = undefined;
      if (frame.merging) this.merge(frame, frame.map, value);
      else this.member(frame, frame.map, key, value);
    }
  }

  private member(
    frame: Frame,
    map: Record<string, YamlValue>,
    key: string,
    value: YamlValue,
  ): void {
    if (Object.hasOwn(map, key) && !(frame.merged?.delete(key) ?? false)) {
      const takesLast = this.rules.duplicateKeys === 'last';
      if (!takesLast) this.failed = true;
      this.report({
        code: 'YamlDuplicateKey',
        offset: frame.keyOffset,
        message: `the key "${shorten(key)}" is already set in this map`,
        hint: 'Keep one of the two: Kubernetes would silently take the last one.',
        ...(takesLast ? { severity: 'warning' as const } : {}),
      });
      if (!takesLast) return;
    }
    setMember(map, key, value);
  }

  // yaml/v2 applies `<<` where it stands: it overwrites keys above it, keys below overwrite it.
  private merge(frame: Frame, map: Record<string, YamlValue>, value: YamlValue): void {
    frame.merging = false;
    if (this.exhausted) return;
    // Of a list of maps the first one wins, so it is applied last.
    const sources = Array.isArray(value) ? (value as YamlValue[]).toReversed() : [value];
    for (const source of sources) {
      if (typeof source !== 'object' || source === null || Array.isArray(source)) {
        this.fail(
          frame.keyOffset,
          'the merge key << needs a map or a list of maps',
          'Point it at a map (<<: *name), or put << in quotes if it is a key of its own.',
        );
        return;
      }
      for (const [key, member] of Object.entries(source as Record<string, YamlValue>)) {
        if (!Object.hasOwn(map, key)) (frame.merged ??= new Set()).add(key);
        setMember(map, key, member);
        this.aliased++;
      }
    }
    this.checkAliases(frame.keyOffset);
  }

  private checkAliases(offset: number): void {
    const { maxAliases, maxAliasedValues } = this.rules.limits;
    const tooMany = this.aliases > maxAliases;
    if (this.exhausted || (!tooMany && this.aliased <= maxAliasedValues)) return;
    this.exhausted = true;
    this.failed = true;
    this.report({
      code: 'YamlLimit',
      offset,
      message: tooMany
        ? `the document uses more than ${maxAliases} aliases`
        : `aliases blow this document up by more than ${maxAliasedValues} values`,
      hint: 'Write the repeated part out, or split the document.',
    });
  }

  private scalar(event: YamlEvent): void {
    this.count++;
    if (event.offset >= 0) this.lastOffset = event.offset;
    const frame = this.frames[this.frames.length - 1];
    if (frame?.map !== undefined && frame.key === undefined) this.key(frame, event);
    else {
      const value = this.scalarValue(event);
      this.setAnchor(event, value, true);
      this.put(value);
    }
  }

  private scalarValue(event: YamlEvent): YamlValue {
    if (!event.plain && event.tag === undefined) return event.text;
    let value: YamlValue;
    if (event.plain) value = plainValue(event.text);
    else {
      const read = readTaggedScalar(event.tag ?? '', event.text);
      value = read.kind === 'value' ? read.scalar.value : null;
      if (read.kind === 'failed') this.fail(event.offset, read.message, FIX_VALUE);
    }
    return typeof value === 'number' || typeof value === 'bigint'
      ? this.number(value, event)
      : value;
  }

  private number(value: number | bigint, event: YamlEvent): number | bigint {
    if (typeof value === 'bigint') {
      if (value <= MAX_INT64) return value;
      this.report({
        code: 'YamlInvalid',
        severity: 'warning',
        offset: event.offset,
        message: `the integer ${value} does not fit into 64 bits; as Kubernetes does, it is read as ${Number(value)}`,
        hint: 'Put it in quotes if it is meant as text.',
      });
      return Number(value);
    }
    if (!Number.isFinite(value)) {
      this.fail(event.offset, 'JSON has no infinity and no not-a-number', FIX_VALUE);
      return 0;
    }
    return value === 0 ? 0 : value;
  }

  private key(frame: Frame, event: YamlEvent): void {
    frame.keyOffset = event.offset < 0 ? this.lastOffset : event.offset;
    frame.merging = isMergeKey(event);
    const read = keyText(event);
    frame.key = read.text;
    if (read.problem !== undefined) {
      this.fail(
        frame.keyOffset,
        read.problem,
        'Give the value a name; put the key in quotes if it is meant as text.',
      );
    }
    if (event.anchor !== undefined) this.setAnchor(event, this.scalarValue(event), true);
  }

  private setAnchor(event: YamlEvent, value: YamlValue, complete: boolean): Anchor | undefined {
    if (event.anchor === undefined) return undefined;
    this.anchors ??= new Map();
    const anchor = { value, size: 1, complete };
    this.anchors.set(event.anchor, anchor);
    return anchor;
  }

  private alias(event: YamlEvent): void {
    const { offset } = event;
    this.lastOffset = offset;
    this.aliases++;
    const value = this.aliasValue(event.text, offset);
    this.checkAliases(offset);
    const frame = this.frames[this.frames.length - 1];
    if (frame?.map === undefined || frame.key !== undefined) {
      this.put(this.exhausted ? null : value);
      return;
    }
    frame.keyOffset = offset;
    frame.key = typeof value === 'object' ? '' : String(value);
    if (typeof value === 'object')
      this.fail(offset, 'a key must be text, not a list, a map or null', FIX_KEY);
  }

  private aliasValue(name: string, offset: number): YamlValue {
    const anchor = this.anchors?.get(name);
    this.count += anchor?.size ?? 1;
    this.aliased += anchor?.size ?? 1;
    if (anchor?.complete === true) return anchor.value;
    if (anchor === undefined) {
      this.fail(
        offset,
        `*${name} points at nothing: no &${name} stands above it`,
        'Define the anchor first, or put the text in quotes if it is meant as text.',
      );
    } else
      this.fail(
        offset,
        `*${name} stands inside the very value that it names`,
        'Write the value out.',
      );
    return null;
  }
}

/** A key as the JSON text that Kubernetes sees: `on` is "true", 1.50 is "1.5". */
export function keyText(event: YamlEvent): { readonly text: string; readonly problem?: string } {
  const { text } = event;
  if (!event.plain && event.tag === undefined) return { text };
  const read = event.tag === undefined ? undefined : readTaggedScalar(event.tag, text);
  if (read?.kind === 'failed') return { text, problem: read.message };
  const scalar = read === undefined ? resolvePlain(text) : read.scalar;
  if (scalar.kind === 'null') return { text: 'null', problem: 'a key is missing or null' };
  if (isUint64(scalar)) return { text, problem: 'a number as a key does not fit into 64 bits' };
  if (scalar.kind === 'float') return { text: formatGoFloat(Number(scalar.value), 32) };
  return { text: String(scalar.value) };
}

function shorten(key: string): string {
  return key.length <= 60 ? key : `${key.slice(0, 57)}...`;
}
