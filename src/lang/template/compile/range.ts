// Loops over lists, bytes, maps in key order, and integers.
import { sortedKeys } from '../bytes.ts';
import { formatValue } from '../fmt/print.ts';
import type { Execute, Frame } from '../frame.ts';
import { BREAK, GO_ON } from '../frame.ts';
import type { BranchNode, ListNode } from '../node.ts';
import type { Value } from '../value.ts';
import { GoInt, GoList, GoMap, int, integer, uint8 } from '../value.ts';
import type { CompiledPipe, Compiler } from './compiler.ts';
import { compileStatementPipe } from './pipeline.ts';

type CompileBlock = (compiler: Compiler, list: ListNode) => Execute;

/** What one loop does with each element. */
interface Loop {
  readonly body: Execute;
  /** Puts index and element into the loop's variables. */
  readonly bind: (frame: Frame, index: Value, element: Value) => void;
  readonly variables: number;
}

export function compileRange(
  compiler: Compiler,
  node: BranchNode,
  compileBlock: CompileBlock,
): Execute {
  const pipe = compileStatementPipe(compiler, node.pipe, true);
  const loop: Loop = {
    body: compileBlock(compiler, node.list),
    bind: binder(pipe),
    variables: node.pipe.variables.length,
  };
  const otherwise: Execute =
    node.elseList === undefined ? () => GO_ON : compileBlock(compiler, node.elseList);
  return (frame, dot) => {
    frame.run.budget.step();
    frame.node = node;
    const value = pipe.evaluate(frame, dot);
    const outer = frame.dotFromInterface;
    const ran = iterate(frame, loop, value);
    frame.dotFromInterface = outer;
    return ran ? GO_ON : otherwise(frame, dot);
  };
}

/** With one variable it holds the element, with two the first holds the index. */
function binder(pipe: CompiledPipe): Loop['bind'] {
  const [firstStore, secondStore] = pipe.assigned;
  if (firstStore !== undefined) {
    return (frame, index, element) => {
      firstStore(frame, secondStore === undefined ? element : index);
      secondStore?.(frame, element);
    };
  }
  const [first, second] = pipe.declared;
  const elementSlot = (second ?? first)?.index;
  if (elementSlot === undefined) return () => undefined;
  const indexSlot = second === undefined ? undefined : first?.index;
  return (frame, index, element) => {
    if (indexSlot !== undefined) frame.variables[indexSlot] = index;
    frame.variables[elementSlot] = element;
    frame.fromInterface[elementSlot] = frame.dotFromInterface;
  };
}

/** Runs the loop; `false` when there was nothing to run it for. */
function iterate(frame: Frame, loop: Loop, value: Value): boolean {
  if (value === undefined || value === null) return false;
  if (value instanceof GoList) return overList(frame, loop, value);
  if (value instanceof GoMap) return overMap(frame, loop, value);
  if (value instanceof Uint8Array) return overBytes(frame, loop, value);
  if (value instanceof GoInt) return overInteger(frame, loop, value);
  return frame.fail(`range can't iterate over ${formatValue(value)}`);
}

/** One round; `false` when the loop was left. */
function round(frame: Frame, loop: Loop, index: Value, element: Value): boolean {
  frame.run.budget.step();
  loop.bind(frame, index, element);
  return loop.body(frame, element) !== BREAK;
}

function overList(frame: Frame, loop: Loop, list: GoList): boolean {
  const { items } = list;
  const isInterface = list.type.elem?.kind === 'interface';
  for (let i = 0; i < items.length; i++) {
    frame.dotFromInterface = isInterface;
    if (!round(frame, loop, int(i), items[i])) break;
  }
  return items.length > 0;
}

function overMap(frame: Frame, loop: Loop, map: GoMap): boolean {
  const isInterface = map.type.elem?.kind === 'interface';
  frame.run.budget.charge(map.entries.size);
  const keys = sortedKeys(map.entries);
  // Changes that the body makes to the map are not seen by the loop.
  const values = keys.map((key) => map.entries.get(key));
  for (let i = 0; i < keys.length; i++) {
    frame.dotFromInterface = isInterface;
    if (!round(frame, loop, keys[i], values[i])) break;
  }
  return keys.length > 0;
}

function overBytes(frame: Frame, loop: Loop, bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) {
    frame.dotFromInterface = false;
    if (!round(frame, loop, int(i), uint8(bytes[i] as number))) break;
  }
  return bytes.length > 0;
}

function overInteger(frame: Frame, loop: Loop, count: GoInt): boolean {
  if (loop.variables > 1) {
    const shown = formatValue(count);
    frame.fail(`can't use ${shown} to iterate over more than one variable`);
  }
  const end = count.toNumber();
  for (let i = 0; i < end; i++) {
    frame.dotFromInterface = false;
    if (!round(frame, loop, undefined, integer(count.type, i))) break;
  }
  return end > 0;
}
