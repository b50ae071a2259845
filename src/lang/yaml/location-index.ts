// Where each value of a document stands, worked out only when somebody asks.
//
// Files are parsed for their values many thousand times for each time a position is wanted, so nothing is kept
// but the text; the first question parses the file again and keeps the offsets.
import { keyText } from './construct.ts';
import { EVENT, isMergeKey } from './event.ts';
import type { YamlEvent } from './event.ts';
import type { Position } from './position.ts';
import { offsetOfText } from './text-position.ts';

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
  /** Of a scalar that is written here. */
  readonly text?: string;
}

/** What of a document can be asked for positions: its events, which are made again at most once. */
export interface LocationIndex {
  /** @param of the value, or the key in front of it */
  find(path: ValuePath, of: 'value' | 'key'): FoundPosition;
  /**
   * Where a character of the text at a path stands; the start of what is there where it is no text.
   * @param at its line and column in the text, from 1
   */
  findInText(path: ValuePath, at: Position): FoundPosition;
}

/**
 * @param parse makes the events of the document
 * @param place turns their offsets into positions of the file
 * @param source the text that the offsets are meant in
 */
export function createLocationIndex(
  parse: () => readonly YamlEvent[],
  place: (offset: number) => Position,
  source: string,
): LocationIndex {
  let root: Location | undefined;
  const locationOf = (
    path: ValuePath,
  ): { readonly location: Location; readonly exact: boolean } => {
    root ??= new Locator(parse()).node(0, 0).location;
    let location = root;
    for (const part of path) {
      const child = location.children?.get(part);
      if (child === undefined) return { location, exact: false };
      location = child;
    }
    return { location, exact: true };
  };
  return {
    find(path, of) {
      const { location, exact } = locationOf(path);
      const offset = of === 'key' && exact ? location.keyOffset : location.offset;
      return { ...place(offset), exact };
    },
    findInText(path, at) {
      const { location, exact } = locationOf(path);
      const { offset, text } = location;
      if (!exact || text === undefined) return { ...place(offset), exact };
      return { ...place(offsetOfText(source, offset, text, at)), exact };
    },
  };
}

interface Located {
  readonly location: Location;
  /** Index of the event after the node. */
  readonly next: number;
}

class Locator {
  private readonly events: readonly YamlEvent[];
  private readonly anchors = new Map<string, Location>();

  constructor(events: readonly YamlEvent[]) {
    this.events = events;
  }

  /** @param outer where the key in front stands; a value that was left out is located there */
  node(at: number, outer: number, isRoot = at === 0): Located {
    const event = this.events[at];
    if (event === undefined) {
      return { location: { offset: outer, keyOffset: outer, children: undefined }, next: at };
    }
    const offset = event.offset < 0 ? outer : event.offset;
    const keyOffset = isRoot ? offset : outer;
    if (event.kind === EVENT.ALIAS) {
      const children = this.anchors.get(event.text)?.children;
      return { location: { offset, keyOffset, children }, next: at + 1 };
    }
    const children = event.kind === EVENT.SCALAR ? undefined : new Map<string | number, Location>();
    const isWritten = children === undefined && event.offset >= 0;
    const text = isWritten ? { text: event.text } : {};
    const location: Location = { offset, keyOffset, children, ...text };
    if (event.anchor !== undefined) this.anchors.set(event.anchor, location);
    if (children === undefined) return { location, next: at + 1 };
    const next =
      event.kind === EVENT.MAP ? this.map(at + 1, children) : this.list(at + 1, children);
    return { location, next };
  }

  private list(from: number, children: Map<string | number, Location>): number {
    let at = from;
    for (let index = 0; this.more(at); index++) {
      const item = this.node(at, Math.max(0, this.events[at]?.offset ?? 0));
      children.set(index, item.location);
      at = item.next;
    }
    return at + 1;
  }

  private map(from: number, children: Map<string | number, Location>): number {
    let at = from;
    while (this.more(at)) {
      const key = this.events[at] as YamlEvent;
      const keyOffset = Math.max(0, key.offset);
      const value = this.node(this.node(at, keyOffset).next, keyOffset);
      at = value.next;
      if (key.kind !== EVENT.SCALAR) continue;
      if (isMergeKey(key)) merge(value.location, children);
      else children.set(keyText(key).text, value.location);
    }
    return at + 1;
  }

  private more(at: number): boolean {
    const event = this.events[at];
    return event !== undefined && event.kind !== EVENT.END;
  }
}

/** Merged members stand where they were written. A list of maps has its items under numbers. */
function merge(source: Location, children: Map<string | number, Location>): void {
  const items = source.children ?? new Map<string | number, Location>();
  const sources = items.has(0) ? [...items.values()].reverse() : [source];
  for (const { children: members } of sources) {
    for (const [name, member] of members ?? []) children.set(name, member);
  }
}
