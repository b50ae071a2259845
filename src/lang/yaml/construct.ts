// Events to values, the way Kubernetes' reader does it, with everything it would swallow reported.
//
// js-yaml's own constructor stops at the first fault of a file and forgets where values came from; this one
// goes on to the next document, counts what aliases expand to, and reads scalars as Go does.
import { EVENT_ID, getScalarValue } from 'js-yaml';
import type { AliasEvent, DocumentEvent, Event, ScalarEvent } from 'js-yaml';
import type { MappingEvent, SequenceEvent } from 'js-yaml';
import type { Problem } from './diagnostic.ts';
import { isUntaggedPlain, nodeOffset, shortTag } from './event.ts';
import { formatGoFloat } from './go-float.ts';
import { plainValue, resolvePlain } from './go-scalar.ts';
import type { YamlLimits } from './limits.ts';
import { readTaggedScalar } from './tagged-scalar.ts';
import { setMember } from './value.ts';
import type { YamlValue } from './value.ts';

export interface ConstructedDocument {
  readonly value: YamlValue;
  /** Offset of its first node; undefined for a document without content. */
  readonly offset: number | undefined;
  /** Index of its DOCUMENT event. */
  readonly event: number;
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

interface Source {
  readonly text: string;
  readonly limits: YamlLimits;
  /** What a repeated key does; refused unless `last`. */
  readonly duplicateKeys?: 'refuse' | 'last';
  readonly report: (problem: Problem) => void;
}

const MAX_INT64 = 2n ** 63n - 1n;
const FIX_VALUE = 'Correct the value, or put it in quotes if it is meant as text.';
const FIX_KEY = 'Use a plain key; a template expression such as {{ .x }} needs quotes here.';

/** Builds every document of an event list; problems go to `source.report` and mark their document as failed. */
export function constructDocuments(
  events: readonly Event[],
  source: Source,
): ConstructedDocument[] {
  const documents: ConstructedDocument[] = [];
  let index = 0;
  while (index < events.length) {
    const head = events[index];
    if (head?.type !== EVENT_ID.DOCUMENT) throw new Error('an event list starts with a document');
    const builder = new DocumentBuilder(source, head);
    const start = index;
    index = builder.build(events, index + 1);
    documents.push({
      value: builder.root,
      offset: builder.rootOffset,
      event: start,
      failed: builder.failed,
    });
  }
  return documents;
}

class DocumentBuilder {
  root: YamlValue = null;
  rootOffset: number | undefined;
  failed = false;
  private readonly text: string;
  private readonly source: Source;
  private readonly head: DocumentEvent;
  private readonly frames: Frame[] = [];
  private anchors: Map<string, Anchor> | undefined;
  /** Values so far, aliases counted with all they stand for. */
  private count = 0;
  private aliases = 0;
  private aliased = 0;
  /** An alias limit was reached: the rest of the document is only walked over. */
  private exhausted = false;
  private lastOffset = 0;

  constructor(source: Source, head: DocumentEvent) {
    this.source = source;
    this.text = source.text;
    this.head = head;
  }

  /** Consumes the events of one document and returns the index after its end. */
  build(events: readonly Event[], from: number): number {
    let index = from;
    for (let depth = 1; depth > 0;) {
      const event = events[index++];
      if (event === undefined) break;
      if (event.type === EVENT_ID.SCALAR) this.scalar(event);
      else if (event.type === EVENT_ID.POP) {
        if (--depth > 0) this.close();
      } else if (event.type === EVENT_ID.ALIAS) this.alias(event);
      else if (event.type !== EVENT_ID.DOCUMENT) {
        depth++;
        this.open(event);
      }
    }
    return index;
  }

  private fail(offset: number, message: string, hint: string): void {
    this.failed = true;
    this.source.report({ code: 'YamlInvalid', offset, message, hint });
  }

  private open(event: MappingEvent | SequenceEvent): void {
    const parent = this.frames[this.frames.length - 1];
    const isMap = event.type === EVENT_ID.MAPPING;
    this.lastOffset = event.start;
    if (parent === undefined) this.rootOffset = nodeOffset(this.text, event);
    const isKey = parent?.map !== undefined && parent.key === undefined;
    if (isKey) {
      this.fail(event.start, 'a key must be text, not a list or a map', FIX_KEY);
      parent.key = '';
      parent.keyOffset = event.start;
    }
    const list = isMap ? undefined : [];
    const map = isMap ? {} : undefined;
    const anchor =
      event.anchorStart < 0 ? undefined : this.setAnchor(event, list ?? map ?? null, false);
    this.frames.push({
      list,
      map,
      anchor,
      startCount: this.count++,
      isKey,
      key: undefined,
      keyOffset: event.start,
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
    if (!frame.isKey) this.add(frame.list ?? frame.map ?? null);
  }

  private add(value: YamlValue): void {
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
      const takesLast = this.source.duplicateKeys === 'last';
      if (!takesLast) this.failed = true;
      this.source.report({
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
    const { maxAliases, maxAliasedValues } = this.source.limits;
    const tooMany = this.aliases > maxAliases;
    if (this.exhausted || (!tooMany && this.aliased <= maxAliasedValues)) return;
    this.exhausted = true;
    this.failed = true;
    this.source.report({
      code: 'YamlLimit',
      offset,
      message: tooMany
        ? `the document uses more than ${maxAliases} aliases`
        : `aliases blow this document up by more than ${maxAliasedValues} values`,
      hint: 'Write the repeated part out, or split the document.',
    });
  }

  private scalar(event: ScalarEvent): void {
    this.count++;
    if (event.valueStart >= 0) this.lastOffset = event.valueStart;
    const source = getScalarValue(this.text, event);
    const frame = this.frames[this.frames.length - 1];
    if (frame === undefined && isWritten(event)) this.rootOffset = nodeOffset(this.text, event);
    if (frame?.map !== undefined && frame.key === undefined) this.key(frame, event, source);
    else {
      const value = this.scalarValue(event, source);
      if (event.anchorStart >= 0) this.setAnchor(event, value, true);
      this.add(value);
    }
  }

  private scalarValue(event: ScalarEvent, source: string): YamlValue {
    let value: YamlValue;
    if (event.tagStart < 0) value = isUntaggedPlain(event) ? plainValue(source) : source;
    else {
      const read = readTaggedScalar(shortTag(this.text, event, this.head), source);
      value = read.kind === 'value' ? read.scalar.value : null;
      if (read.kind === 'failed') this.fail(event.tagStart, read.message, FIX_VALUE);
    }
    return typeof value === 'number' || typeof value === 'bigint'
      ? this.number(value, event)
      : value;
  }

  private number(value: number | bigint, event: ScalarEvent): number | bigint {
    if (typeof value === 'bigint') {
      if (value <= MAX_INT64) return value;
      this.source.report({
        code: 'YamlInvalid',
        severity: 'warning',
        offset: nodeOffset(this.text, event),
        message: `the integer ${value} does not fit into 64 bits; as Kubernetes does, it is read as ${Number(value)}`,
        hint: 'Put it in quotes if it is meant as text.',
      });
      return Number(value);
    }
    if (!Number.isFinite(value)) {
      this.fail(
        nodeOffset(this.text, event),
        'JSON has no infinity and no not-a-number',
        FIX_VALUE,
      );
      return 0;
    }
    return value === 0 ? 0 : value;
  }

  private key(frame: Frame, event: ScalarEvent, source: string): void {
    const offset = nodeOffset(this.text, event);
    frame.keyOffset = offset < 0 ? this.lastOffset : offset;
    frame.merging = isMergeKey(event, source, this.text, this.head);
    const read = keyText(event, source, this.text, this.head);
    frame.key = read.text;
    if (read.problem !== undefined) {
      this.fail(
        frame.keyOffset,
        read.problem,
        'Give the value a name; put the key in quotes if it is meant as text.',
      );
    }
    if (event.anchorStart >= 0) this.setAnchor(event, this.scalarValue(event, source), true);
  }

  private setAnchor(
    event: { readonly anchorStart: number; readonly anchorEnd: number },
    value: YamlValue,
    complete: boolean,
  ): Anchor {
    this.anchors ??= new Map();
    const anchor = { value, size: 1, complete };
    this.anchors.set(this.text.slice(event.anchorStart, event.anchorEnd), anchor);
    return anchor;
  }

  private alias(event: AliasEvent): void {
    const offset = event.anchorStart - 1;
    this.lastOffset = offset;
    this.aliases++;
    const value = this.aliasValue(this.text.slice(event.anchorStart, event.anchorEnd), offset);
    this.checkAliases(offset);
    const frame = this.frames[this.frames.length - 1];
    if (frame?.map === undefined || frame.key !== undefined) {
      this.add(this.exhausted ? null : value);
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

/** False for a value that was left out altogether: `a:`, `-`, or nothing between two `---`. */
function isWritten(event: ScalarEvent): boolean {
  return event.valueStart >= 0 || event.tagStart >= 0 || event.anchorStart >= 0;
}

/** True for a plain `<<`, or one tagged `!!merge`. */
export function isMergeKey(
  event: ScalarEvent,
  source: string,
  text: string,
  document: DocumentEvent,
): boolean {
  if (source !== '<<') return false;
  return isUntaggedPlain(event) || shortTag(text, event, document) === '!!merge';
}

/** A key as the JSON text that Kubernetes sees: `on` is "true", 1.50 is "1.5". */
export function keyText(
  event: ScalarEvent,
  source: string,
  text: string,
  document: DocumentEvent,
): { readonly text: string; readonly problem?: string } {
  if (event.tagStart < 0 && !isUntaggedPlain(event)) return { text: source };
  const tag = shortTag(text, event, document);
  const read = tag === '' ? undefined : readTaggedScalar(tag, source);
  if (read?.kind === 'failed') return { text: source, problem: read.message };
  const scalar = read === undefined ? resolvePlain(source) : read.scalar;
  if (scalar.kind === 'null') return { text: 'null', problem: 'a key is missing or null' };
  if (scalar.kind === 'float') return { text: formatGoFloat(Number(scalar.value), 32) };
  return { text: String(scalar.value) };
}

function shorten(key: string): string {
  return key.length <= 60 ? key : `${key.slice(0, 57)}...`;
}
