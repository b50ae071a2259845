// A set of associated templates with the functions and options they share.
import type { TemplateError } from './failure.ts';
import type { TemplateFunction } from './function.ts';
import type { Tree } from './node.ts';
import { isEmptyTree } from './node.ts';
import { parseTemplate } from './parser.ts';
import type { Body } from './frame.ts';

/** What a missing map key gives: no value, the zero value of the element type, or an error. */
export type MissingKey = 'default' | 'zero' | 'error';

export interface SetOptions {
  /** The name of the set's root template: what "associated with template" errors name. */
  readonly name: string;
  readonly functions: ReadonlyMap<string, TemplateFunction>;
  readonly missingKey: MissingKey;
  readonly leftDelim?: string;
  readonly rightDelim?: string;
}

/** One template of a set. Compiled on first use; the result depends on nothing but the tree. */
export class Template {
  readonly tree: Tree;
  body: Body | undefined;

  constructor(tree: Tree) {
    this.tree = tree;
  }
}

export type AddResult =
  { readonly ok: true } | { readonly ok: false; readonly error: TemplateError };

/**
 * Templates by name. A set made by `extend` sees its parent's templates and keeps its own: what
 * Go's Clone is for, without the copying.
 */
export class TemplateSet {
  readonly options: SetOptions;
  private readonly parent: TemplateSet | undefined;
  private readonly templates = new Map<string, Template>();
  /** Texts that `tpl` parsed, by name and text: charts repeat them in loops. */
  private readonly texts: Map<string, ParsedText>;

  constructor(options: SetOptions, parent?: TemplateSet) {
    this.options = options;
    this.parent = parent;
    this.texts = parent?.texts ?? new Map<string, ParsedText>();
  }

  /** A set beside this one that may define more without changing it. */
  extend(): TemplateSet {
    return new TemplateSet(this.options, this);
  }

  lookup(name: string): Template | undefined {
    return this.templates.get(name) ?? this.parent?.lookup(name);
  }

  /** Whether a name is a function here. */
  isFunction(name: string): boolean {
    return this.options.functions.has(name);
  }

  /**
   * Parses a text and adds what it defines. Later definitions replace earlier ones, but a body of
   * nothing but space never replaces another (go-templates §4.3).
   */
  parse(name: string, text: string): AddResult {
    const key = `${name.length}:${name}${text}`;
    const known = this.texts.get(key);
    const parsed = known ?? this.parseText(name, text);
    if ('error' in parsed) return { ok: false, error: parsed.error };
    if (known === undefined && this.parent !== undefined) this.remember(key, parsed);
    for (const template of parsed.templates) this.associate(template);
    return { ok: true };
  }

  private remember(key: string, parsed: ParsedText): void {
    if (this.texts.size < 1000 && key.length < 10_000) this.texts.set(key, parsed);
  }

  private parseText(name: string, text: string): ParsedText | { readonly error: TemplateError } {
    const { leftDelim, rightDelim } = this.options;
    const result = parseTemplate(name, text, {
      isFunction: (word) => this.isFunction(word),
      ...(leftDelim === undefined ? {} : { leftDelim }),
      ...(rightDelim === undefined ? {} : { rightDelim }),
    });
    if ('trees' in result) {
      return { templates: [...result.trees.values()].map((tree) => new Template(tree)) };
    }
    const { message, line } = result;
    const reason = message.slice(`template: ${name}:${line}: `.length);
    return { error: { message, stage: 'parse', name, line, reason } };
  }

  private associate(template: Template): void {
    const { name, root } = template.tree;
    if (isEmptyTree(root) && this.lookup(name) !== undefined) return;
    this.templates.set(name, template);
  }
}

interface ParsedText {
  readonly templates: readonly Template[];
}
