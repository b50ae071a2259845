// Builtins that look at values as they are: no value stays apart from nil, integers keep their kind.
import type { CallContext, TemplateFunction } from '../function.ts';
import { parseSignature } from '../signature.ts';
import type { Value } from '../value.ts';

/** Declares a builtin whose Go form takes reflect.Values; the signature only counts arguments. */
export function rawFunction(
  name: string,
  signature: string,
  implementation: (context: CallContext, ...args: Value[]) => Value,
): TemplateFunction {
  return {
    name,
    signature: parseSignature(signature),
    type: { kind: 'func', name: signature },
    implementation: implementation as TemplateFunction['implementation'],
    raw: true,
  };
}
