// A dialect as data: which functions there are, and the options that go with them.
import { BUILTINS } from './builtins/index.ts';
import type { TemplateFunction } from './function.ts';
import type { FunctionMap } from './functions/index.ts';
import { refuseVarying } from './functions/index.ts';
import type { MissingKey } from './set.ts';
import { TemplateSet } from './set.ts';

export interface Dialect {
  readonly name: string;
  /** Functions beside Go's own nineteen, by name. */
  readonly functions: FunctionMap;
  readonly missingKey: MissingKey;
  /** Helm takes every `<no value>` out of what it renders. */
  readonly dropsNoValue: boolean;
  /** Whether functions whose output differs from run to run are refused unless asked for. */
  readonly deterministic: boolean;
  /** The name of the set's root template; absent where the first text is the root itself. */
  readonly rootName?: string;
}

export interface DialectOptions {
  /** Default: the dialect's root, or `template`. */
  readonly name?: string;
  /** Default: the dialect's. */
  readonly missingKey?: MissingKey;
  /** Overrides the dialect's `deterministic`: calling a refused function is an error that says why. */
  readonly varying?: 'refuse' | 'allow';
  /** Functions of the caller, beside or in place of the dialect's. */
  readonly extraFunctions?: readonly TemplateFunction[];
  /** Default `{{` and `}}`. */
  readonly delimiters?: readonly [string, string];
}

/** An empty set of templates of a dialect; `set.parse` adds to it. */
export function createTemplateSet(dialect: Dialect, options: DialectOptions = {}): TemplateSet {
  const [leftDelim, rightDelim] = options.delimiters ?? [];
  return new TemplateSet({
    name: options.name ?? dialect.rootName ?? 'template',
    functions: functionTable(dialect, options),
    missingKey: options.missingKey ?? dialect.missingKey,
    ...(leftDelim === undefined ? {} : { leftDelim }),
    ...(rightDelim === undefined ? {} : { rightDelim }),
  });
}

function functionTable(dialect: Dialect, options: DialectOptions): FunctionMap {
  const varying = options.varying ?? (dialect.deterministic ? 'refuse' : 'allow');
  const own = varying === 'refuse' ? refuseVarying(dialect.functions) : dialect.functions;
  const builtins = BUILTINS.map((fn): [string, TemplateFunction] => [fn.name, fn]);
  const extra = (options.extraFunctions ?? []).map((fn): [string, TemplateFunction] => [
    fn.name,
    fn,
  ]);
  return new Map([...builtins, ...own, ...extra]);
}
