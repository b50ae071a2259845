// The `fieldsEqual` probe: two fields of the object are the same (package-operator §9).
import { canonicalJson } from '../lib/canonical-json.ts';
import { fieldAt, holdsSecrets } from './object-fields.ts';
import { failed, passed } from './result.ts';
import type { ProbeResult, Prober } from './result.ts';
import type { FieldsEqualSpec } from './spec.ts';

const HIDDEN = '(hidden)';

/** Paths are map keys between dots: no lists, no escapes. A missing field fails, even if both are. */
export function fieldsEqualProber(spec: FieldsEqualSpec): Prober {
  const paths = { a: pathOf(spec.fieldA), b: pathOf(spec.fieldB) };
  return { probe: (object) => probeFields(spec, paths, object) };
}

function pathOf(field: string): readonly string[] {
  const keys = field.split('.');
  const start = keys.findIndex((key) => key !== '');
  return start < 0 ? [''] : keys.slice(start, keys.findLastIndex((key) => key !== '') + 1);
}

function probeFields(
  spec: FieldsEqualSpec,
  paths: { readonly a: readonly string[]; readonly b: readonly string[] },
  object: unknown,
): ProbeResult {
  const a = fieldAt(object, paths.a);
  if (!a.found) return failed(`"${spec.fieldA}" missing`);
  const b = fieldAt(object, paths.b);
  if (!b.found) return failed(`"${spec.fieldB}" missing`);
  const [expected, got] = [textOf(a.value), textOf(b.value)];
  if (expected === got) return passed(`"${spec.fieldA}" == "${spec.fieldB}"`);
  const [left, right] = holdsSecrets(object) ? [HIDDEN, HIDDEN] : [expected, got];
  return failed(`"${spec.fieldA}" != "${spec.fieldB}" expected: ${left} got: ${right}`);
}

/** JSON with sorted keys, `<>&` escaped as Go's encoder does. */
function textOf(value: unknown): string {
  return canonicalJson(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
