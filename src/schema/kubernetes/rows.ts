// The notation of the tables of types: one row per type of the Kubernetes API, with its fields.

export interface KubernetesRows {
  /** The minor version that the facts are of: `1.36`. */
  readonly version: string;
  /** `group/version = Kind Kind:Type`, where the name of the type differs. */
  readonly kinds: string;
  /** `Type = field,field:type …` */
  readonly rows: string;
}

export interface FieldRow {
  readonly name: string;
  /**
   * `s` text, `i` integer, `n` number, `b` bool, `t` a time, `q` a quantity, `p` an integer or a text, `o` any
   * object, `?` anything, `[T]` a list, `{T}` a map with keys of any text, else the name of another row.
   */
  readonly type: string;
  readonly required: boolean;
}

/** Reads rows: every row names all fields that there are, and marks required ones with `!`. */
export function readRows(text: string): ReadonlyMap<string, readonly FieldRow[]> {
  return new Map(entries(text).map(([name, fields]) => [name, readFields(fields)]));
}

/** Reads kinds: from `group/version` and kind to the name of the type. */
export function readKinds(text: string): ReadonlyMap<string, ReadonlyMap<string, string>> {
  return new Map(
    entries(text).map(([apiVersion, kinds]) => [
      apiVersion,
      new Map(
        kinds.split(' ').map((entry) => {
          const [kind = '', type = kind] = entry.split(':');
          return [kind, type];
        }),
      ),
    ]),
  );
}

/** `name = words`, where lines that start with a blank go on with the row before. */
function entries(text: string): readonly (readonly [name: string, words: string])[] {
  return text
    .trim()
    .split(/\n(?! )/)
    .map((row) => {
      const equals = row.indexOf(' =');
      const words = row.slice(equals + 2).trim();
      return [
        row.slice(0, equals),
        words.replaceAll(/,\s+/g, ',').replaceAll(/\s+/g, ' '),
      ] as const;
    });
}

function readFields(words: string): readonly FieldRow[] {
  return words.split(' ').flatMap((group) => {
    const colon = group.indexOf(':');
    const type = group.slice(colon + 1);
    const names = group.slice(0, colon).split(',');
    return names.map((name) =>
      name.endsWith('!')
        ? { name: name.slice(0, -1), type, required: true }
        : { name, type, required: false },
    );
  });
}
