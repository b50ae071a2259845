// Sprig's path functions: slash-separated, the filepath ones as on Linux (go-templates §6, Paths).
import { defineFunction } from '../function.ts';
import type { TemplateFunction } from '../function.ts';

/** The shortest equal path: no `.`, no inner `..`, no double slash. */
function clean(path: string): string {
  if (path === '') return '.';
  const rooted = path.startsWith('/');
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (!rooted) parts.push('..');
  }
  const joined = (rooted ? '/' : '') + parts.join('/');
  return joined === '' ? '.' : joined;
}

function base(path: string): string {
  if (path === '') return '.';
  let end = path.length;
  while (end > 0 && path[end - 1] === '/') end--;
  return end === 0 ? '/' : path.slice(path.lastIndexOf('/', end - 1) + 1, end);
}

function directory(path: string): string {
  return clean(path.slice(0, path.lastIndexOf('/') + 1));
}

function extension(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot < 0 ? '' : name.slice(dot);
}

function pathFunction(name: string, map: (path: string) => string): readonly TemplateFunction[] {
  const capital = name.charAt(0).toUpperCase() + name.slice(1);
  return [name, `os${capital}`].map((each) =>
    defineFunction(each, 'func(string) string', (_, path) => map(path)),
  );
}

export const PATHS = [
  ...pathFunction('base', base),
  ...pathFunction('dir', directory),
  ...pathFunction('clean', clean),
  ...pathFunction('ext', extension),
  ...['isAbs', 'osIsAbs'].map((name) =>
    defineFunction(name, 'func(string) bool', (_, path) => path.startsWith('/')),
  ),
];
