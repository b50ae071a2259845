// Closures for the macros over lists and maps.
import type { Comprehension, ComprehensionKind } from './ast.ts';
import { absorbed, LIST_COST, MAP_COST, noOverload } from './compile-context.ts';
import type { Code, CompileContext, Scope } from './compile-context.ts';
import { MapBuilder } from './compile-literal.ts';
import type { CelError } from './error.ts';
import type { Frame, Run } from './frame.ts';
import { isMap, mapEntries, mapGet, mapKeys } from './value.ts';
import type { List, MapValue, Value } from './value.ts';

/** What is walked over: elements, and keys where they are not the positions. */
interface Walk {
  readonly items: List;
  readonly keys: List | undefined;
}

/** Everything a loop needs; `bind` sets the macro's variables for one step. */
interface Loop {
  readonly range: Run;
  readonly condition: Code | undefined;
  readonly body: Code;
  readonly two: boolean;
  readonly slot: number;
  readonly offset: number;
}

/**
 * What the steps cost beside condition and body, as the macros expand in cel-go: the loop's own test,
 * reading the accumulator, and building what a kept element adds.
 */
interface Price {
  readonly start: number;
  readonly step: number;
  readonly kept: number;
}
const PRICES: Readonly<Record<ComprehensionKind, Price>> = {
  all: { start: 1, step: 3, kept: 0 },
  exists: { start: 1, step: 4, kept: 0 },
  existsOne: { start: 2, step: 1, kept: 1 },
  map: { start: LIST_COST + 1, step: 1, kept: LIST_COST + 1 },
  filter: { start: LIST_COST + 1, step: 1, kept: LIST_COST + 2 },
  transformList: { start: LIST_COST + 1, step: 1, kept: LIST_COST + 1 },
  transformMap: { start: MAP_COST + 1, step: 1, kept: 2 },
  transformMapEntry: { start: MAP_COST + 1, step: 1, kept: MAP_COST + 1 },
};

export function compileComprehension(
  node: Comprehension,
  context: CompileContext,
  scope: Scope | undefined,
): Code {
  const range = context.compile(node.range, scope);
  const [first, second] = node.variables;
  // Two variables sit in neighbouring slots.
  const slot = context.allocate();
  let inner: Scope = { name: first, slot, parent: scope };
  if (second !== undefined) inner = { name: second, slot: context.allocate(), parent: inner };
  const loop: Loop = {
    range: range.run,
    condition: node.condition === undefined ? undefined : context.compile(node.condition, inner),
    body: context.compile(node.body, inner),
    two: second !== undefined,
    slot,
    offset: node.offset,
  };
  const run = LOOPS[node.does](loop, PRICES[node.does]);
  return { run, cost: range.cost + PRICES[node.does].start };
}

function walk(range: Value, loop: Loop, frame: Frame): Walk {
  if (Array.isArray(range)) return { items: range as List, keys: undefined };
  if (!isMap(range)) throw noOverload(loop.offset);
  const keys = mapKeys(range);
  // Collecting the keys of a large map is work also where the first of them decides.
  frame.charge(Math.floor(keys.length / 10));
  if (!loop.two) return { items: keys, keys: undefined };
  return { items: keys.map((key) => mapGet(range, key) as Value), keys };
}

function bind(frame: Frame, loop: Loop, steps: Walk, index: number): void {
  const item = steps.items[index];
  if (!loop.two) {
    frame.slots[loop.slot] = item;
    return;
  }
  frame.slots[loop.slot] = steps.keys === undefined ? index : steps.keys[index];
  frame.slots[loop.slot + 1] = item;
}

/** `all` and `exists`: an element that decides wins over errors of the others. */
function quantifier(decisive: boolean): (loop: Loop, price: Price) => Run {
  return (loop, price) => {
    const { body, offset } = loop;
    const cost = price.step + body.cost;
    return (frame) => {
      const steps = walk(loop.range(frame), loop, frame);
      const end = steps.items.length;
      let pending: CelError | undefined;
      for (let index = 0; index < end; index++) {
        bind(frame, loop, steps, index);
        frame.charge(cost);
        try {
          const value = body.run(frame);
          if (value === decisive) return decisive;
          if (value !== !decisive) pending ??= noOverload(offset);
        } catch (error) {
          pending ??= absorbed(error);
        }
      }
      if (pending !== undefined) throw pending;
      return !decisive;
    };
  };
}

function existsOne(loop: Loop, price: Price): Run {
  const cost = price.step + loop.body.cost;
  return (frame) => {
    const steps = walk(loop.range(frame), loop, frame);
    let count = 0;
    for (let index = 0; index < steps.items.length; index++) {
      bind(frame, loop, steps, index);
      frame.charge(cost);
      if (isTrue(loop.body.run(frame), loop)) {
        count++;
        frame.charge(price.kept);
      }
    }
    return count === 1;
  };
}

function isTrue(value: Value, loop: Loop): boolean {
  if (typeof value === 'boolean') return value;
  throw noOverload(loop.offset);
}

function filter(loop: Loop, price: Price): Run {
  const { body } = loop;
  const cost = price.step + body.cost;
  return (frame) => {
    const range = loop.range(frame);
    const steps = walk(range, loop, frame);
    const kept: Value[] = [];
    for (let index = 0; index < steps.items.length; index++) {
      bind(frame, loop, steps, index);
      frame.charge(cost);
      if (isTrue(body.run(frame), loop)) {
        frame.charge(price.kept);
        kept.push(steps.items[index] as Value);
      }
    }
    return kept;
  };
}

/** `map` and `transformList`, with or without a predicate. */
function transform(loop: Loop, price: Price): Run {
  const { body, condition } = loop;
  const cost = price.step + (condition === undefined ? price.kept + body.cost : condition.cost);
  const keptCost = price.kept + body.cost;
  if (!loop.two && condition === undefined) return plainMap(loop, cost);
  return (frame) => {
    const steps = walk(loop.range(frame), loop, frame);
    const end = steps.items.length;
    const values: Value[] = [];
    for (let index = 0; index < end; index++) {
      bind(frame, loop, steps, index);
      frame.charge(cost);
      if (condition !== undefined) {
        if (!isTrue(condition.run(frame), loop)) continue;
        frame.charge(keptCost);
      }
      values.push(body.run(frame));
    }
    return values;
  };
}

/** The frequent case: one variable, no predicate. */
function plainMap(loop: Loop, cost: number): Run {
  const { run } = loop.body;
  const { slot } = loop;
  return (frame) => {
    const { items } = walk(loop.range(frame), loop, frame);
    const { slots } = frame;
    const values: Value[] = [];
    for (const item of items) {
      slots[slot] = item;
      frame.charge(cost);
      values.push(run(frame));
    }
    return values;
  };
}

/** `transformMap` keeps the keys, `transformMapEntry` takes them from the map that its body builds. */
function transformMap(entries: boolean): (loop: Loop, price: Price) => Run {
  return (loop, price) => {
    const { body, condition, offset } = loop;
    const keptCost = price.kept + body.cost;
    return (frame) => {
      const steps = walk(loop.range(frame), loop, frame);
      const builder = new MapBuilder();
      for (let index = 0; index < steps.items.length; index++) {
        bind(frame, loop, steps, index);
        frame.charge(price.step + (condition?.cost ?? 0));
        if (condition !== undefined && !isTrue(condition.run(frame), loop)) continue;
        frame.charge(keptCost);
        const value = body.run(frame);
        if (!entries) builder.set(frame.slots[loop.slot] as Value, value, offset);
        else addEntries(builder, value, loop);
      }
      return builder.build();
    };
  };
}

function addEntries(builder: MapBuilder, value: Value, loop: Loop): void {
  if (!isMap(value)) throw noOverload(loop.offset);
  for (const [key, item] of mapEntries(value satisfies MapValue)) {
    builder.set(key, item, loop.offset);
  }
}

const LOOPS: Readonly<Record<ComprehensionKind, (loop: Loop, price: Price) => Run>> = {
  all: quantifier(false),
  exists: quantifier(true),
  existsOne,
  map: transform,
  filter,
  transformList: transform,
  transformMap: transformMap(false),
  transformMapEntry: transformMap(true),
};
