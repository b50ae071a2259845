// All `.gotmpl` files of a package as one template set (package-operator §2.1).
import {
  createTemplateSet,
  execute,
  fromBytes,
  fromPlain,
  GoMap,
} from '../../lang/template/index.ts';
import { DIALECTS, packageContext, TemplateFunctionError } from '../../lang/template/index.ts';
import type {
  TemplateError,
  TemplateHooks,
  TemplateSet,
  Value,
} from '../../lang/template/index.ts';
import type { PackageContext } from './context.ts';
import { isTemplateFile, withoutTemplateSuffix } from './file-kind.ts';
import type { ConditionSet } from './filter.ts';
import type { PackageFiles } from './layout.ts';
import type { RenderedFile } from './parse-objects.ts';
import type { Violation } from './violation.ts';

export type TemplatesResult =
  | { readonly kind: 'ok'; readonly files: ReadonlyMap<string, RenderedFile> }
  | { readonly kind: 'invalid'; readonly violations: readonly Violation[] };

/**
 * Renders every template of a package. Names are paths, `define`d names are known in all files.
 *
 * Files are rendered in path order, and each sees what those before it became: upstream's order is random,
 * so no package can depend on another one. The data is made anew for each file for the same reason.
 */
export function renderTemplates(
  files: PackageFiles,
  context: PackageContext,
  conditions: ConditionSet,
): TemplatesResult {
  const texts = new Map([...files].map(([path, content]) => [path, fromBytes(content)]));
  const { set, templates, violations: unparsed } = parseTemplates(texts);
  if (unparsed.length > 0) return { kind: 'invalid', violations: unparsed };
  const violations: Violation[] = [];
  const visible = new Map(texts);
  const outputs = new Map<string, RenderedFile>();
  for (const path of templates) {
    const data = templateData(context);
    const result = execute(set, path, data, { hooks: hooksFor(visible, conditions) });
    if (!result.ok) {
      violations.push(templateViolation('executing', path, result.error, texts));
      continue;
    }
    const target = withoutTemplateSuffix(path);
    outputs.set(target, { content: result.output, sourcePath: path });
    visible.set(target, result.output);
  }
  if (violations.length > 0) return { kind: 'invalid', violations };
  for (const [path, content] of texts) {
    if (isTemplateFile(path) || outputs.has(path)) continue;
    outputs.set(path, { content, sourcePath: path });
  }
  return { kind: 'ok', files: outputs };
}

export interface ParsedTemplates {
  readonly set: TemplateSet;
  /** Paths, sorted. */
  readonly templates: readonly string[];
  readonly violations: readonly Violation[];
}

/** Parses all templates among these files; one that is faulty does not hide the next. */
export function parseTemplates(texts: ReadonlyMap<string, string>): ParsedTemplates {
  const templates = [...texts.keys()].filter(isTemplateFile).sort();
  const set = createTemplateSet(DIALECTS.package);
  const violations: Violation[] = [];
  for (const path of templates) {
    const added = set.parse(path, texts.get(path) ?? '');
    if (!added.ok) violations.push(templateViolation('parsing', path, added.error, texts));
  }
  return { set, templates, violations };
}

function templateData(context: PackageContext): Value {
  const data = fromPlain(context, 'float64');
  return data instanceof GoMap ? packageContext(data) : data;
}

function hooksFor(files: ReadonlyMap<string, string>, conditions: ConditionSet): TemplateHooks {
  return {
    getFile: (path) => files.get(path),
    listFiles: () => [...files].sort(([a], [b]) => (a < b ? -1 : Number(a > b))),
    cel: (expression) => {
      const verdict = conditions.evaluate(expression);
      if (verdict.kind === 'error') throw new TemplateFunctionError(verdict.message);
      return verdict.value;
    },
  };
}

/** Upstream puts the whole context into the message, configuration included; values stay out of ours. */
function templateViolation(
  doing: 'parsing' | 'executing',
  path: string,
  error: TemplateError,
  files: ReadonlyMap<string, string>,
): Violation {
  const codes = {
    parse: 'TemplateInvalid',
    execute: 'TemplateFailed',
    limit: 'RenderLimit',
  } as const;
  return {
    reason: '',
    text: `${doing} template from ${path}: ${error.message}`,
    path: files.has(error.name) ? error.name : path,
    line: error.line,
    column: error.column === undefined ? undefined : error.column + 1,
    code: codes[error.stage],
  };
}
