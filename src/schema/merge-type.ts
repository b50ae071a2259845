// How values of a field are merged and owned: whole, field by field, by keys, or as their own shape suggests.

/** One key of a list whose entries are told apart by keys; an entry without the field has the default. */
export interface ListKey {
  readonly name: string;
  readonly default?: string | number | boolean;
}

export type ScalarType = 'string' | 'integer' | 'number' | 'boolean' | 'any';

export type MergeType =
  /** Replaced and owned as a whole, whatever it holds. */
  | { readonly shape: 'atomic' }
  | { readonly shape: 'scalar'; readonly type: ScalarType }
  /** Fields that the schema names; `rest` is the type of others, undefined where there must be none. */
  | {
      readonly shape: 'struct';
      readonly fields: ReadonlyMap<string, MergeType>;
      readonly rest: MergeType | undefined;
    }
  /** Keys are data, such as labels. */
  | { readonly shape: 'map'; readonly element: MergeType }
  | { readonly shape: 'list'; readonly keys: readonly ListKey[]; readonly item: MergeType }
  | { readonly shape: 'set' }
  /**
   * Decided by the value: objects are merged field by field, lists and scalars replaced.
   * `named`: whether object keys count as fields that a schema names (built-in kinds, whose tables list only
   * what is out of the ordinary) or as data (kinds nobody described).
   */
  | { readonly shape: 'open'; readonly named: boolean };

/** The type of kinds without any schema. */
export const DEDUCED: MergeType = { shape: 'open', named: false };

/** The type of fields of built-in kinds that the tables do not mention. */
export const ORDINARY: MergeType = { shape: 'open', named: true };

export const ATOMIC: MergeType = { shape: 'atomic' };

/** The type of the value at `key` of an object of this type; undefined where the schema allows no such field. */
export function childType(type: MergeType, key: string): MergeType | undefined {
  switch (type.shape) {
    case 'struct':
      return type.fields.get(key) ?? type.rest;
    case 'map':
      return type.element;
    case 'open':
      return type;
    case 'atomic':
    case 'scalar':
    case 'list':
    case 'set':
      return undefined;
  }
}

/** Whether `key` is a field that the schema names, as opposed to data used as a key. */
export function isNamedField(type: MergeType, key: string): boolean {
  if (type.shape === 'open') return type.named;
  if (type.shape !== 'struct') return false;
  return type.fields.has(key) || (type.rest?.shape === 'open' && type.rest.named);
}
