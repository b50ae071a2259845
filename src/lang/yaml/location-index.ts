// Where each value of a document stands, worked out only when somebody asks.
//
// Files are parsed for their values many thousand times for each time a position is wanted, so nothing is kept
// but the text; the first question parses the file again and keeps the offsets.
import { EVENT_ID, getScalarValue, parseEvents } from 'js-yaml';
import type { DocumentEvent, Event } from 'js-yaml';
import { isMergeKey, keyText } from './construct.ts';
import { isNode, nodeOffset } from './event.ts';
import type { NodeEvent } from './event.ts';
import { positionAt } from './position.ts';
import type { Position } from './position.ts';

export type ValuePath = readonly (string | number)[];

export interface FoundPosition extends Position {
  /** False when the path does not exist: then this is its nearest ancestor that does. */
  readonly exact: boolean;
}

interface Location {
  readonly offset: number;
  /** Where its key stands; the value itself for list items and the root. */
  readonly keyOffset: number;
  readonly children: Map<string | number, Location> | undefined;
}

/** What of a file can be asked for positions: its text, parsed at most once more. */
export interface LocationIndex {
  /**
   * @param event index of the document's DOCUMENT event
   * @param of the value, or the key in front of it
   */
  find(event: number, path: ValuePath, of: 'value' | 'key'): FoundPosition;
}

/** @param place turns an offset of `text` into a position of the file. */
export function createLocationIndex(
  text: string,
  maxDepth: number,
  place: (offset: number) => Position = (offset) => positionAt(text, offset),
): LocationIndex {
  let events: Event[] | undefined;
  const roots = new Map<number, Location>();
  return {
    find(event, path, of) {
      let root = roots.get(event);
      if (root === undefined) {
        events ??= parseEvents(text, { maxDepth });
        root = locateDocument(text, events, event);
        roots.set(event, root);
      }
      let location = root;
      for (const part of path) {
        const child = location.children?.get(part);
        if (child === undefined) return { ...place(location.offset), exact: false };
        location = child;
      }
      return { ...place(of === 'key' ? location.keyOffset : location.offset), exact: true };
    },
  };
}

function locateDocument(text: string, events: readonly Event[], start: number): Location {
  const head = events[start];
  const first = events[start + 1];
  if (head?.type !== EVENT_ID.DOCUMENT || !isNode(first)) {
    return { offset: 0, keyOffset: 0, children: undefined };
  }
  return new Locator(text, events, head).node(start + 1, 0).location;
}

interface Located {
  readonly location: Location;
  /** Index of the event after the node. */
  readonly next: number;
}

class Locator {
  private readonly text: string;
  private readonly events: readonly Event[];
  private readonly head: DocumentEvent;
  private readonly anchors = new Map<string, Location>();

  constructor(text: string, events: readonly Event[], head: DocumentEvent) {
    this.text = text;
    this.events = events;
    this.head = head;
  }

  /** @param keyOffset where the key in front stands; a value that was left out is located there. */
  node(at: number, keyOffset: number): Located {
    const event = this.events[at];
    if (!isNode(event))
      return { location: { offset: keyOffset, keyOffset, children: undefined }, next: at };
    const own = nodeOffset(this.text, event);
    const offset = own < 0 ? keyOffset : own;
    if (event.type === EVENT_ID.ALIAS) {
      const target = this.anchors.get(this.text.slice(event.anchorStart, event.anchorEnd));
      return { location: { offset, keyOffset, children: target?.children }, next: at + 1 };
    }
    const children =
      event.type === EVENT_ID.SCALAR ? undefined : new Map<string | number, Location>();
    const location: Location = { offset, keyOffset, children };
    if (event.anchorStart >= 0) {
      this.anchors.set(this.text.slice(event.anchorStart, event.anchorEnd), location);
    }
    if (children === undefined) return { location, next: at + 1 };
    const next =
      event.type === EVENT_ID.MAPPING ? this.map(at + 1, children) : this.list(at + 1, children);
    return { location, next };
  }

  private list(from: number, children: Map<string | number, Location>): number {
    let at = from;
    for (let index = 0; isNode(this.events[at]); index++) {
      const event = this.events[at] as NodeEvent;
      const item = this.node(at, Math.max(0, nodeOffset(this.text, event)));
      children.set(index, { ...item.location, keyOffset: item.location.offset });
      at = item.next;
    }
    return at + 1;
  }

  private map(from: number, children: Map<string | number, Location>): number {
    let at = from;
    while (isNode(this.events[at])) {
      const key = this.events[at] as NodeEvent;
      const keyOffset = Math.max(0, nodeOffset(this.text, key));
      const keyEnd = this.node(at, keyOffset).next;
      const value = this.node(keyEnd, keyOffset);
      at = value.next;
      if (key.type !== EVENT_ID.SCALAR) continue;
      const source = getScalarValue(this.text, key);
      if (!isMergeKey(key, source, this.text, this.head)) {
        children.set(keyText(key, source, this.text, this.head).text, value.location);
        continue;
      }
      // A list of maps has its items under numbers, a map its members under names.
      const merged = value.location.children ?? new Map<string | number, Location>();
      const sources = merged.has(0) ? [...merged.values()].reverse() : [value.location];
      for (const source of sources) {
        for (const [name, member] of source.children ?? []) children.set(name, member);
      }
    }
    return at + 1;
  }
}
