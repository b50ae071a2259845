// The notation of the tables of fields, and how it becomes schemas.

/** The parts of an OpenAPI schema that the tables give. */
export interface FieldSchema {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly items?: FieldSchema;
  readonly additionalProperties?: FieldSchema;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
}

export interface KindTable {
  /** By group: names of kinds, `Kind=TypeA|TypeB` where versions differ. */
  readonly kinds: Readonly<Record<string, string>>;
  readonly rows: string;
}

/** Anything: what the tables do not go into, and values of more than one type (quantities, ports). */
const ANYTHING: FieldSchema = { 'x-kubernetes-preserve-unknown-fields': true };

const SCALARS: Readonly<Record<string, FieldSchema>> = {
  s: { type: 'string' },
  i: { type: 'integer' },
  n: { type: 'number' },
  b: { type: 'boolean' },
  '?': ANYTHING,
};

/**
 * Reads `Type = field,field:type …` rows into schemas by type name.
 *
 * Types: `s` text, `i` integer, `n` number, `b` bool, `?` anything, `[T]` a list, `{T}` a map with keys of
 * any text, else the name of another row. A row names all fields that there are; one that is marked
 * `Type+ =` may have others. No row contains itself.
 */
export function readFieldRows(texts: readonly string[]): ReadonlyMap<string, FieldSchema> {
  const rows = new Map<string, { readonly fields: string; readonly isOpen: boolean }>();
  for (const text of texts) {
    for (const row of text.trim().split(/\n(?! )/)) {
      const equals = row.indexOf(' =');
      const name = row.slice(0, equals);
      const isOpen = name.endsWith('+');
      rows.set(isOpen ? name.slice(0, -1) : name, { fields: row.slice(equals + 2), isOpen });
    }
  }
  const schemas = new Map<string, FieldSchema>();
  const schemaOf = (type: string): FieldSchema => {
    const inner = type.slice(1, -1);
    if (type.startsWith('[')) return { type: 'array', items: schemaOf(inner) };
    if (type.startsWith('{')) return { type: 'object', additionalProperties: schemaOf(inner) };
    const known = SCALARS[type] ?? schemas.get(type);
    if (known !== undefined) return known;
    const row = rows.get(type);
    if (row === undefined) throw new Error(`no row describes ${type}`);
    const properties: Record<string, FieldSchema> = {};
    for (const group of row.fields.replaceAll(/,\s+/g, ',').split(/\s+/)) {
      if (group === '') continue;
      const colon = group.indexOf(':');
      const schema = schemaOf(group.slice(colon + 1));
      for (const field of group.slice(0, colon).split(',')) properties[field] = schema;
    }
    const open = row.isOpen ? { 'x-kubernetes-preserve-unknown-fields': true } : {};
    const schema: FieldSchema = { type: 'object', properties, ...open };
    schemas.set(type, schema);
    return schema;
  };
  for (const name of rows.keys()) schemaOf(name);
  return schemas;
}
