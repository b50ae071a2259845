// Literals as arguments: the parameter's type decides what a literal may be.
import type { NumberNode, OperandNode } from './node.ts';
import { nodeText } from './node-text.ts';
import type { GoType } from './type.ts';
import { isIntKind } from './type.ts';
import type { Value } from './value.ts';
import { GoComplex, int, integer } from './value.ts';

/** A literal's value, or why it has none. */
export type LiteralValue = { readonly value: Value } | { readonly problem: string };

export type LiteralNode = Extract<
  OperandNode,
  { readonly kind: 'bool' | 'number' | 'string' | 'nil' }
>;

/** A number whose type only its own syntax tells: complex, float64 or int. */
export function idealConstant(node: NumberNode): LiteralValue {
  const { literal, text } = node;
  if (literal.complex !== undefined) {
    return { value: new GoComplex(literal.complex.re, literal.complex.im) };
  }
  const hexInt = /^0[xX]/.test(text) && text.length > 2 && !/[pP]/.test(text);
  const looksFloat = !hexInt && !text.startsWith("'") && /[.eEpP]/.test(text);
  if (literal.float !== undefined && looksFloat) return { value: literal.float };
  if (literal.int !== undefined) {
    const small = Number(literal.int);
    return { value: int(Number.isSafeInteger(small) ? small : literal.int) };
  }
  return { problem: `${text} overflows int` };
}

/** A literal given where a value of the type is wanted. */
export function typedLiteral(node: LiteralNode, type: GoType): LiteralValue {
  if (type.kind === 'interface') return anyLiteral(node);
  if (isIntKind(type.kind)) return integerLiteral(node, type);
  const found = nodeText(node);
  switch (type.kind) {
    case 'bool':
      return node.kind === 'bool' ? { value: node.value } : wrong('bool', found);
    case 'string':
      return node.kind === 'string' ? { value: node.text } : wrong('string', found);
    case 'float64': {
      const float = node.kind === 'number' ? node.literal.float : undefined;
      return float === undefined ? wrong('float', found) : { value: float };
    }
    case 'complex128': {
      const complex = node.kind === 'number' ? node.literal.complex : undefined;
      if (complex === undefined) return wrong('complex', found);
      return { value: new GoComplex(complex.re, complex.im) };
    }
    default:
      return { problem: `can't handle ${found} for arg of type ${type.name}` };
  }
}

function wrong(expected: string, found: string): LiteralValue {
  return { problem: `expected ${expected}; found ${found}` };
}

function integerLiteral(node: LiteralNode, type: GoType): LiteralValue {
  const unsigned = type.kind.startsWith('u');
  const literal = node.kind === 'number' ? node.literal : {};
  const exact = unsigned ? literal.uint : literal.int;
  if (exact !== undefined) return { value: integer(type, exact) };
  return wrong(unsigned ? 'unsigned integer' : 'integer', nodeText(node));
}

/** A literal where anything goes. */
export function anyLiteral(node: LiteralNode): LiteralValue {
  switch (node.kind) {
    case 'bool':
      return { value: node.value };
    case 'string':
      return { value: node.text };
    case 'number':
      return idealConstant(node);
    case 'nil':
      return { value: null };
  }
}
