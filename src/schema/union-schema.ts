// What two schemas of the same thing have between them: the fields of either, typed where both agree.
import { canonicalJson } from '../lib/canonical-json.ts';

/** The parts of a structural schema that this looks at. */
export interface UnionSchema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, UnionSchema>>;
  readonly items?: UnionSchema;
  readonly additionalProperties?: boolean | UnionSchema;
  readonly nullable?: boolean;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
}

/**
 * A schema that takes whatever one of the two takes: for kinds with several versions, where it is not known
 * which one an object has.
 */
export function unionSchema<S extends UnionSchema>(a: S, b: S): S {
  if (a === b || canonicalJson(a as never) === canonicalJson(b as never)) return a;
  if (a.type !== b.type) return anything<S>();
  const nullable = a.nullable === true || b.nullable === true ? { nullable: true } : {};
  if (a.type === 'object' && a.properties !== undefined && b.properties !== undefined) {
    const keep =
      a['x-kubernetes-preserve-unknown-fields'] === true ||
      b['x-kubernetes-preserve-unknown-fields'] === true ||
      a.additionalProperties !== undefined ||
      b.additionalProperties !== undefined;
    const properties = unionProperties(a.properties, b.properties);
    const open = keep ? { 'x-kubernetes-preserve-unknown-fields': true } : {};
    return { type: 'object', properties, ...open, ...nullable } as UnionSchema as S;
  }
  if (a.type === 'array' && a.items !== undefined && b.items !== undefined) {
    const items = unionSchema(a.items, b.items);
    return { type: 'array', items, ...nullable } as UnionSchema as S;
  }
  if (a.type === 'object' || a.type === 'array') return anything<S>();
  return { type: a.type, ...nullable } as UnionSchema as S;
}

function unionProperties(
  a: Readonly<Record<string, UnionSchema>>,
  b: Readonly<Record<string, UnionSchema>>,
): Readonly<Record<string, UnionSchema>> {
  const all: Record<string, UnionSchema> = { ...a };
  for (const [name, schema] of Object.entries(b)) {
    const mine = Object.hasOwn(all, name) ? all[name] : undefined;
    const value = mine === undefined ? schema : unionSchema(mine, schema);
    Object.defineProperty(all, name, { value, enumerable: true });
  }
  return all;
}

function anything<S extends UnionSchema>(): S {
  return { 'x-kubernetes-preserve-unknown-fields': true } as UnionSchema as S;
}
