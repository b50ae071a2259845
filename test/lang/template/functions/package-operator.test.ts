// Package Operator's own functions.
import { describe, expect, test } from 'vitest';
import { TemplateFunctionError } from '../../../../src/lang/template/index.ts';
import { render } from './render.ts';

describe("Package Operator's functions", () => {
  test.each([
    ['{{ toYAML (dict "a" "yes") }}', 'a: "yes"'],
    ['{{ (fromYAML "a: [1, x]").a }} {{ fromYAML "" }}', '[1 x] <no value>'],
    [
      '{{ fromYAML 5 }}',
      'error: error calling fromYAML: fromYAML requires string or []byte as input: invalid type',
    ],
    [
      '{{ fromYAML "a: b: c" }}',
      'error: error calling fromYAML: error converting YAML to JSON: yaml: mapping values are not allowed in this context',
    ],
    ['{{ b64decMap (dict "a" "aGk=" "n" 1) }}', 'map[a:hi]'],
    [
      '{{ b64decMap (dict "a" "!") }}',
      'error: error calling b64decMap: decode base64 value at key a: illegal base64 data at input byte 0',
    ],
    ['{{ now }}', 'error: template: t:1: function "now" not defined'],
    ['{{ cel "true" }}', 'error: error calling cel: expressions in CEL are not available here'],
  ])('%s gives %s', (template, expected) => {
    expect(render(template, { dialect: 'package' })).toBe(expected);
  });

  test('cel asks the hook', () => {
    const hooks = {
      cel: (expression: string) => {
        if (expression === '') throw new TemplateFunctionError('empty');
        return expression === 'yes';
      },
    };
    const options = { dialect: 'package', hooks } as const;
    expect(render('{{ cel "yes" }} {{ cel "no" }}', options)).toBe('true false');
    expect(render('{{ cel "" }}', options)).toBe('error: error calling cel: empty');
  });

  test('include that calls itself ends', () => {
    const template = '{{ define "r" }}{{ include "r" . }}{{ end }}{{ include "r" . }}';
    const limits = { templateDepth: 100 };
    expect(render(template, { dialect: 'package', limits })).toMatch(/^error: .*template depth/s);
  });
});
