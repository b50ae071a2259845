// The CEL functions of named formats: format.<name>(), format.named and validate.
import { global, member, overload } from '../library.ts';
import type { Library } from '../library.ts';
import { listOf, opaqueType, optionalOf, STRING } from '../type.ts';
import { Optional } from '../value.ts';
import { regexCost } from './cost.ts';
import { FORMAT_TYPE, FORMATS } from './format-names.ts';
import type { NamedFormat } from './format-names.ts';

const FORMAT = opaqueType<NamedFormat>(FORMAT_TYPE);

export const format: Library = {
  name: 'kubernetes.format',
  types: [FORMAT],
  functions: [
    ...Array.from(FORMATS.values(), (named) =>
      global(
        `format.${named.name}`,
        overload([], FORMAT, () => named),
      ),
    ),
    global(
      'format.named',
      overload([STRING], optionalOf(FORMAT), (name) => new Optional(FORMATS.get(name))),
    ),
    member(
      'validate',
      overload([FORMAT, STRING], optionalOf(listOf(STRING)), validate, {
        cost: (named, text) => regexCost(text.length, named.patternLength),
      }),
    ),
  ],
};

/** None for a good text, else one sentence per violated rule. */
function validate(named: NamedFormat, text: string): Optional {
  const sentences = named.check(text);
  return new Optional(sentences.length === 0 ? undefined : sentences);
}
