// The template function `cel` for `eval template`: evaluated over the data of the request, as in a package.
import { TemplateFunctionError } from '../lang/template/index.ts';
import type { TemplateHooks } from '../lang/template/index.ts';
import { isObject } from '../model/json.ts';
import type { JsonObject } from '../model/json.ts';
import { createConditionSet } from '../render/package/filter.ts';

/** @param request one request of `eval template`, of any shape */
export function celHook(request: unknown): NonNullable<TemplateHooks['cel']> {
  return (expression) => {
    const set = createConditionSet([], dataOf(request));
    if (set.kind === 'invalid') throw new TemplateFunctionError(set.message);
    const verdict = set.conditions.evaluate(expression);
    if (verdict.kind === 'error') throw new TemplateFunctionError(verdict.message);
    return verdict.value;
  };
}

function dataOf(request: unknown): JsonObject {
  if (!isObject(request)) return {};
  const { data, dataText } = request;
  if (isObject(data)) return data;
  if (typeof dataText !== 'string') return {};
  const parsed: unknown = JSON.parse(dataText);
  return isObject(parsed) ? parsed : {};
}
