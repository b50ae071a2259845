// Files of a folder on disk as the package loader takes them.
import { readFileSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** All files below a folder by their relative path with `/`, dot files included. */
export function readFolder(folder: string): ReadonlyMap<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  const open = [folder];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const entry of readdirSync(next, { withFileTypes: true })) {
      const path = join(next, entry.name);
      if (entry.isDirectory()) open.push(path);
      else if (entry.isFile()) {
        files.set(relative(folder, path).split(sep).join('/'), new Uint8Array(readFileSync(path)));
      }
    }
  }
  return files;
}

/** Files from texts. */
export function textFiles(
  texts: Readonly<Record<string, string>>,
): ReadonlyMap<string, Uint8Array> {
  const encoder = new TextEncoder();
  return new Map(Object.entries(texts).map(([path, text]) => [path, encoder.encode(text)]));
}
