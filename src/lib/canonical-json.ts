// Canonical JSON: one text per value, whatever order its keys were written in. Hashes are taken over it.

/**
 * Writes a JSON-like value with sorted keys and no white space.
 *
 * Keys are ordered by UTF-16 code unit. Integers print the same whether they arrive as `number` or as
 * `bigint`, because both are the same JSON number; -0 prints as 0. Members that are `undefined` are left
 * out, as JSON does, and a `Map` with string keys counts as an object.
 *
 * @throws TypeError for what JSON cannot carry (NaN, infinities, functions, symbols): hashing such a value
 * would make two different inputs look alike.
 */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'number':
      return canonicalNumber(value);
    case 'bigint':
      return value.toString();
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      if (Array.isArray(value)) return canonicalList(value);
      if (value instanceof Map) return canonicalEntries(value as ReadonlyMap<string, unknown>);
      return canonicalObject(value as Readonly<Record<string, unknown>>);
    default:
      throw new TypeError(`canonical JSON cannot carry a ${typeof value}`);
  }
}

function canonicalNumber(value: number): string {
  if (!Number.isFinite(value)) throw new TypeError(`canonical JSON cannot carry ${value}`);
  // 1e21 is where JavaScript starts to print exponents; a bigint of that size prints digits, so do we.
  if (Number.isInteger(value) && Math.abs(value) >= 1e21) return BigInt(value).toString();
  return value === 0 ? '0' : String(value);
}

function canonicalList(list: readonly unknown[]): string {
  let text = '[';
  for (let index = 0; index < list.length; index++) {
    if (index > 0) text += ',';
    const item = list[index];
    text += item === undefined ? 'null' : canonicalJson(item);
  }
  return `${text}]`;
}

function canonicalObject(object: Readonly<Record<string, unknown>>): string {
  let text = '';
  for (const key of Object.keys(object).sort()) {
    const value = object[key];
    if (value === undefined) continue;
    text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(value)}`;
  }
  return `{${text}}`;
}

function canonicalEntries(map: ReadonlyMap<string, unknown>): string {
  let text = '';
  for (const key of [...map.keys()].sort()) {
    const value = map.get(key);
    if (value === undefined) continue;
    text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(value)}`;
  }
  return `{${text}}`;
}
