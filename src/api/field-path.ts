// Fields as API servers spell them: `spec.phases[0].name`.

type Path = readonly (string | number)[];

export function formatPath(path: Path): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else text += text === '' ? part : `.${part}`;
  }
  return text;
}

/** The path of a field name as errors carry it; keys in brackets (`properties[a.b]`) are keys. */
export function parsePath(field: string): Path {
  const path: (string | number)[] = [];
  for (const [, plain, bracketed] of field.matchAll(/([^.[\]]+)|\[([^\]]*)\]/g)) {
    if (plain !== undefined) path.push(plain);
    else path.push(/^[0-9]+$/.test(bracketed ?? '') ? Number(bracketed) : (bracketed ?? ''));
  }
  return path;
}
