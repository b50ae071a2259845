// What YAML is read into and written from: plain JSON data, with bigint for integers beyond ±2^53.

export type YamlValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly YamlValue[]
  | { readonly [key: string]: YamlValue };

/** Sets a member as data: a key named `__proto__` must not reach the prototype. */
export function setMember(object: Record<string, YamlValue>, key: string, value: YamlValue): void {
  if (key !== '__proto__') object[key] = value;
  else {
    Object.defineProperty(object, key, {
      value,
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
}
