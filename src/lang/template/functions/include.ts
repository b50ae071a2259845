// Rendering a named template to a string: `include` of Helm and Package Operator, with their limits
// on recursion.
import { defineFunction, TemplateFunctionError } from '../function.ts';
import type { CallContext, TemplateFunction } from '../function.ts';
import type { Value } from '../value.ts';

/** How often a name may be open at the same time. */
const MAX_OPEN = 1000;

/** How many includes of each name are open in this render. */
function openIncludes(context: CallContext): Map<string, number> {
  const known = context.scratch.get('include') as Map<string, number> | undefined;
  if (known) return known;
  const open = new Map<string, number>();
  context.scratch.set('include', open);
  return open;
}

/** @param refusal the error of an include that is open too often */
export function includeFunction(refusal: (name: string) => string): TemplateFunction {
  return defineFunction(
    'include',
    'func(string, interface {}) (string, error)',
    (context, name, data: Value) => {
      const open = openIncludes(context);
      const count = open.get(name) ?? 0;
      if (count > MAX_OPEN) throw new TemplateFunctionError(refusal(name));
      open.set(name, count + 1);
      try {
        return context.executeTemplate(name, data);
      } finally {
        open.set(name, count);
      }
    },
  );
}
