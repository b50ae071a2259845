// Executes a template of a set: from a value to text, or to the error that Go would give.
import { byteLength, normalize } from './bytes.ts';
import { compileTree } from './compile/compile.ts';
import type { TemplateError } from './failure.ts';
import { ExecutionFailure, NestedFailure } from './failure.ts';
import { Frame, Run, outputTooLong } from './frame.ts';
import type { Body } from './frame.ts';
import type { CallContext } from './function.ts';
import { TemplateFunctionError, TemplateTextError } from './function.ts';
import type { TemplateHooks } from './hooks.ts';
import type { Limits } from './limits.ts';
import { Budget, DEFAULT_LIMITS, LimitReached } from './limits.ts';
import type { Template, TemplateSet } from './set.ts';
import { quote } from './strconv/quote.ts';
import type { Value } from './value.ts';

export interface ExecuteOptions {
  /** Default: none. */
  readonly hooks?: TemplateHooks;
  /** Default: DEFAULT_LIMITS, each on its own. */
  readonly limits?: Partial<Limits>;
  /** Milliseconds of a monotonic clock, for the time limit; without it there is none. */
  readonly now?: () => number;
}

export type ExecuteResult =
  | { readonly ok: true; readonly output: string }
  | { readonly ok: false; readonly error: TemplateError };

/**
 * Renders the template `name` of a set with `data` as dot.
 * @returns the output, where bytes that are no UTF-8 are lone surrogates (bytes.ts); or the error
 */
export function execute(
  set: TemplateSet,
  name: string,
  data: Value,
  options: ExecuteOptions = {},
): ExecuteResult {
  const budget = new Budget({ ...DEFAULT_LIMITS, ...options.limits }, options.now);
  const compile = (template: Template): Body => compileOnce(template, set);
  const run = new Run(set, budget, {
    compile,
    makeContext: (owner) => makeContext(owner, options.hooks ?? {}),
  });
  try {
    return { ok: true, output: finish(budget, render(run, name, data)) };
  } catch (error) {
    return { ok: false, error: describe(run, name, error) };
  }
}

function compileOnce(template: Template, set: TemplateSet): Body {
  template.body ??= compileTree(template.tree, set.options.functions);
  return template.body;
}

/**
 * Go's ExecuteTemplate, into a string of its own. It repeats what `runTemplate` does instead of
 * calling it: nested includes pile up, and every frame that is saved is depth gained.
 */
function render(run: Run, name: string, data: Value): string {
  const template = run.set.lookup(name);
  if (template === undefined) {
    const root = quote(run.set.options.name);
    throw noPlace(`template: no template ${quote(name)} associated with template ${root}`);
  }
  const { templateDepth } = run.budget.limits;
  if (run.depth >= templateDepth) {
    throw new LimitReached('templateDepth', `exceeded maximum template depth (${templateDepth})`);
  }
  const body = template.body ?? run.compile(template);
  run.budget.charge(1 + (body.slots >> 4));
  // A nil interface as data is no value, as reflect.ValueOf(nil) is.
  const dot = data === null ? undefined : data;
  const outer = run.frame;
  const written = run.output;
  const frame = new Frame(run, template, body.slots);
  frame.variables[0] = dot;
  run.frame = frame;
  run.output = '';
  run.depth += 1;
  body.execute(frame, dot);
  run.depth -= 1;
  run.frame = outer;
  const { output } = run;
  run.output = written;
  return output;
}

function noPlace(message: string): ExecutionFailure {
  return new ExecutionFailure({ message, stage: 'execute', name: '', reason: message });
}

function finish(budget: Budget, output: string): string {
  const { outputBytes } = budget.limits;
  // A UTF-16 unit is three bytes at most: short output needs no counting.
  if (output.length * 3 > outputBytes && byteLength(output) > outputBytes) {
    throw outputTooLong(budget);
  }
  return normalize(output);
}

function makeContext(run: Run, hooks: TemplateHooks): CallContext {
  return {
    hooks,
    receiver: undefined,
    scratch: new Map<string, unknown>(),
    executeTemplate: (name, data) => {
      const { frame, depth, output } = run;
      try {
        return render(run, name, data);
      } catch (error) {
        if (!(error instanceof ExecutionFailure)) throw error;
        run.frame = frame;
        run.depth = depth;
        run.output = output;
        throw new NestedFailure(error.error);
      }
    },
    executeText: (name, text, data) => renderText(run, { name, text }, data),
    charge: (units) => run.budget.charge(units),
    checkLength: (length) => run.budget.checkLength(length),
  };
}

/** What `tpl` does: the text joins a set of its own that sees the present one. */
function renderText(
  run: Run,
  part: { readonly name: string; readonly text: string },
  data: Value,
): string {
  const outer = run.set;
  run.budget.charge(1 + Math.floor(part.text.length / 64));
  const set = outer.extend();
  const added = set.parse(part.name, part.text);
  if (!added.ok) throw new TemplateTextError(added.error.message, 'parse');
  run.set = set;
  try {
    return run.context.executeTemplate(part.name, data);
  } catch (error) {
    if (!(error instanceof TemplateFunctionError)) throw error;
    throw new TemplateTextError(error.message, 'execute');
  } finally {
    run.set = outer;
  }
}

/** What any exception means to the caller: a Go error, a limit, or our own mistake as an error. */
function describe(run: Run, name: string, error: unknown): TemplateError {
  if (error instanceof ExecutionFailure) return error.error;
  const { reason, stage } = explain(run, error);
  const here = run.frame?.errorHere(reason, stage);
  return here ?? { message: `template: ${name}: ${reason}`, stage, name, reason };
}

function explain(
  run: Run,
  error: unknown,
): { readonly reason: string; readonly stage: 'execute' | 'limit' } {
  if (error instanceof LimitReached) return { reason: error.message, stage: 'limit' };
  if (error instanceof RangeError && /call stack/.test(error.message)) {
    const reason = `nested too deeply at template depth ${run.depth}`;
    return { reason, stage: 'limit' };
  }
  if (error instanceof RangeError) return { reason: error.message, stage: 'limit' };
  return { reason: `internal error: ${String(error)}`, stage: 'execute' };
}
