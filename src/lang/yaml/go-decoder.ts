// Events to values as yaml/v2 decodes them into an empty interface: merges in place, last duplicate wins, aliases
// written out anew each time, a document that is mostly aliases refused.
import { EVENT, isMergeKey } from './event.ts';
import type { YamlEvent } from './event.ts';
import { resolvePlain } from './go-scalar.ts';
import type { GoScalar } from './go-scalar.ts';
import { goSyntax } from './go-syntax.ts';
import type { GoMember, GoValue } from './go-syntax.ts';
import { readTaggedScalar } from './tagged-scalar.ts';

/** Thrown for what Go cannot decode; the message is Go's, without its `yaml: `. */
export class GoDecodeError extends Error {}

const NULL: GoScalar = { kind: 'null', value: null };
/** Up to so many steps Go allows nearly all of them to come from aliases, from the second figure on a tenth. */
const RATIO_LOW = 400_000;
const RATIO_HIGH = 4_000_000;

/** The first alias that points at nothing, in the order in which Go meets them. */
export function unknownAlias(events: readonly YamlEvent[]): string | undefined {
  const known = new Set<string>();
  for (const event of events) {
    if (event.anchor !== undefined) known.add(event.anchor);
    if (event.kind === EVENT.ALIAS && !known.has(event.text)) return event.text;
  }
  return undefined;
}

/** Decodes the events of one document, whose aliases are known to point at something. */
export function decodeGoValue(events: readonly YamlEvent[]): GoValue {
  if (events.length === 0) return { kind: 'scalar', scalar: NULL };
  return new Decoder(events).value(0);
}

class Decoder {
  private readonly events: readonly YamlEvent[];
  /** By event index: the index after the node. */
  private readonly ends: Int32Array;
  /** By alias event: the event it stands for, which is the last anchor of the name above it. */
  private readonly targets = new Map<number, number>();
  private readonly open = new Set<number>();
  private steps = 0;
  private aliasSteps = 0;
  private aliasDepth = 0;

  constructor(events: readonly YamlEvent[]) {
    this.events = events;
    this.ends = new Int32Array(events.length);
    const anchors = new Map<string, number>();
    const stack: number[] = [];
    for (const [index, event] of events.entries()) {
      if (event.anchor !== undefined) anchors.set(event.anchor, index);
      if (event.kind === EVENT.ALIAS) this.targets.set(index, anchors.get(event.text) ?? -1);
      if (event.kind === EVENT.LIST || event.kind === EVENT.MAP) stack.push(index);
      else if (event.kind === EVENT.END) this.ends[stack.pop() ?? 0] = index + 1;
      else this.ends[index] = index + 1;
    }
  }

  value(at: number): GoValue {
    this.step();
    const event = this.events[at] as YamlEvent;
    switch (event.kind) {
      case EVENT.ALIAS:
        return this.throughAlias(at, (target) => this.value(target));
      case EVENT.LIST:
        return { kind: 'list', items: this.children(at).map((child) => this.value(child)) };
      case EVENT.MAP: {
        const members = new Map<string, GoMember>();
        this.members(at, members);
        return { kind: 'map', members };
      }
      default:
        return { kind: 'scalar', scalar: scalarOf(event) };
    }
  }

  private step(): void {
    this.steps++;
    if (this.aliasDepth > 0) this.aliasSteps++;
    if (this.aliasSteps <= 100 || this.steps <= 1000) return;
    if (this.aliasSteps / this.steps > allowedRatio(this.steps)) {
      throw new GoDecodeError('document contains excessive aliasing');
    }
  }

  private throughAlias<T>(at: number, read: (target: number) => T): T {
    const event = this.events[at] as YamlEvent;
    if (this.open.has(at)) throw new GoDecodeError(`anchor '${event.text}' value contains itself`);
    this.open.add(at);
    this.aliasDepth++;
    const result = read(this.targets.get(at) ?? at);
    this.aliasDepth--;
    this.open.delete(at);
    return result;
  }

  private children(at: number): number[] {
    const children: number[] = [];
    const end = (this.ends[at] ?? 0) - 1;
    for (let child = at + 1; child < end; child = this.ends[child] ?? end) children.push(child);
    return children;
  }

  private members(at: number, members: Map<string, GoMember>): void {
    const children = this.children(at);
    for (let index = 0; index < children.length; index += 2) {
      const keyAt = children[index] ?? at;
      const valueAt = children[index + 1] ?? at;
      if (isMergeKey(this.events[keyAt] as YamlEvent)) {
        this.merge(valueAt, members);
        continue;
      }
      const key = this.value(keyAt);
      if (key.kind !== 'scalar') throw new GoDecodeError(`invalid map key: ${goSyntax(key)}`);
      members.set(identity(key.scalar), { key: key.scalar, value: this.value(valueAt) });
    }
  }

  private merge(at: number, members: Map<string, GoMember>): void {
    const event = this.events[at] as YamlEvent;
    if (event.kind !== EVENT.LIST) {
      this.mergeMap(at, members);
      return;
    }
    // Earlier maps take precedence, so they come last.
    for (const item of this.children(at).reverse()) this.mergeMap(item, members);
  }

  private mergeMap(at: number, members: Map<string, GoMember>): void {
    const event = this.events[at] as YamlEvent;
    const target = event.kind === EVENT.ALIAS ? (this.targets.get(at) ?? at) : at;
    if (this.events[target]?.kind !== EVENT.MAP) {
      throw new GoDecodeError('map merge requires map or sequence of maps as the value');
    }
    this.step();
    if (target === at) {
      this.members(at, members);
      return;
    }
    this.throughAlias(at, () => {
      this.step();
      this.members(target, members);
    });
  }
}

function allowedRatio(steps: number): number {
  if (steps <= RATIO_LOW) return 0.99;
  if (steps >= RATIO_HIGH) return 0.1;
  return 0.99 - 0.89 * ((steps - RATIO_LOW) / (RATIO_HIGH - RATIO_LOW));
}

function scalarOf(event: YamlEvent): GoScalar {
  if (event.plain) return resolvePlain(event.text);
  if (event.tag === undefined) return { kind: 'string', value: event.text };
  const read = readTaggedScalar(event.tag, event.text);
  if (read.kind === 'failed') throw new GoDecodeError(read.message);
  return read.scalar;
}

/** Go tells 1, 1.0 and "1" apart as keys. */
function identity(key: GoScalar): string {
  return `${key.kind}:${String(key.value)}`;
}
