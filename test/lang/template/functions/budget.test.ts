// Functions announce their work before they do it: a hostile call ends at a limit, at once.
import { expect, test } from 'vitest';
import { render } from './render.ts';

const data = { big: 'a'.repeat(1 << 18) };
const LOOP = '{{ $d := dict }}{{ $_ := set $d "d" $d }}';
const GROW = '{{ $l := list 1 }}{{ range until 60 }}';

test.each([
  ['{{ repeat 1000000000 "x" }}', /string is longer than/],
  ['{{ indent 1000000000 "x" }}', /string is longer than/],
  ['{{ nindent 10000000 (repeat 100 "\\n") }}', /string is longer than/],
  ['{{ replace "a" (repeat 1000 "b") .big }}', /string is longer than/],
  ['{{ wrapWith 1 (repeat 1000 "x") .big }}', /string is longer than/],
  ['{{ regexReplaceAll "a" .big (repeat 500 "$0") }}', /string is longer than/],
  ['{{ until 100000000 }}', /more than \d+ steps/],
  ['{{ untilStep 0 100000000000 1 }}', /more than \d+ steps/],
  ['{{ seq 1 1 100000000000 }}', /more than \d+ steps/],
  [
    '{{ range until 1000 }}{{ derivePassword 1 "long" "a" "b" "c" }}{{ end }}',
    /more than \d+ steps/,
  ],
  [`${GROW}{{ $l = concat $l $l }}{{ end }}`, /more than \d+ steps/],
  [`${GROW}{{ $l = list $l $l }}{{ end }}{{ toJson $l }}`, /more than \d+ steps/],
  [`${GROW}{{ $l = list $l $l }}{{ end }}{{ toYaml $l }}`, /more than \d+ steps/],
  [`${GROW}{{ $l = list $l $l }}{{ end }}{{ toToml $l }}`, /more than \d+ steps/],
  [`${GROW}{{ $l = list $l $l }}{{ end }}{{ deepCopy $l }}`, /more than \d+ steps/],
  [`${LOOP}{{ mustToJson $d }}`, /encountered a cycle/],
  [`${LOOP}{{ mustToYaml $d }}`, /encountered a cycle/],
  [`${LOOP}{{ toToml $d }}`, /nested too deeply/],
  [`${LOOP}{{ deepCopy $d }}`, /nested too deeply/],
  [`${LOOP}{{ deepEqual $d (dict "d" $d) }}`, /^true$/],
  ['{{ regexMatch "^(a+)+$" (print .big "b") }}', /^false$/],
  ['{{ semverCompare (repeat 20000 "1 ") "x" }}', /invalid semantic version/],
  ['{{ fromToml (print "a = " (repeat 100000 "[")) | len }}', /^1$/],
  ['{{ fromYaml (repeat 100000 "[") | len }}', /^1$/],
  ['{{ mustFromJson (repeat 100000 "[") }}', /nested too deeply|exceeded max depth/],
])('%s', (template, expected) => {
  const limits = { steps: 2_000_000, stringLength: 4_000_000 };
  const started = performance.now();
  expect(render(template, { dialect: 'helm', data, limits })).toMatch(expected);
  expect(performance.now() - started).toBeLessThan(10_000);
});
