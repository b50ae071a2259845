// What a file of a package is by its name (package-operator §1.1, §1.2).
import { baseNameOf } from '../repository-path.ts';

const TEMPLATE_SUFFIX = '.gotmpl';

export function isTemplateFile(path: string): boolean {
  return path.endsWith(TEMPLATE_SUFFIX);
}

/** Where the output of a template goes. */
export function withoutTemplateSuffix(path: string): string {
  return isTemplateFile(path) ? path.slice(0, -TEMPLATE_SUFFIX.length) : path;
}

/** Files whose documents become objects; those that start with `_` are for templates only. */
export function isObjectFile(path: string): boolean {
  if (baseNameOf(path).startsWith('_')) return false;
  return path.endsWith('.yaml') || path.endsWith('.yml');
}

/** Order of paths in which a folder comes right before what is in it: a, a/b, a/b/c, b, b/x, bat. */
export function comparePaths(a: string, b: string): number {
  const left = a.replaceAll('/', '\0');
  const right = b.replaceAll('/', '\0');
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
