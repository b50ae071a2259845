// Executing sets: associated templates, redefinition, missing keys, variables, loops, methods.
import { describe, expect, test } from 'vitest';
import { defineFunction, TemplateFunctionError } from '../../../src/lang/template/function.ts';
import {
  createTemplateSet,
  DIALECTS,
  execute,
  fromPlain,
  GoMap,
  GoObject,
  int,
  map,
} from '../../../src/lang/template/index.ts';
import type { MissingKey, TemplateFunction, Value } from '../../../src/lang/template/index.ts';
import type { GoType } from '../../../src/lang/template/type.ts';
import { INT, STRING } from '../../../src/lang/template/type.ts';

interface Options {
  readonly missingKey?: MissingKey;
  readonly extra?: readonly TemplateFunction[];
}

function render(texts: readonly (readonly [string, string])[], data: Value, options: Options = {}) {
  const set = createTemplateSet(DIALECTS.go, {
    name: 'root',
    ...(options.missingKey === undefined ? {} : { missingKey: options.missingKey }),
    extraFunctions: options.extra ?? [],
  });
  for (const [name, text] of texts) {
    const added = set.parse(name, text);
    if (!added.ok) return `error: ${added.error.message}`;
  }
  const result = execute(set, texts.at(-1)?.[0] ?? 'root', data);
  return result.ok ? result.output : `error: ${result.error.message}`;
}

function one(text: string, data: unknown = {}, options: Options = {}): string {
  return render([['t', text]], fromPlain(data, 'float64'), options);
}

describe('associated templates', () => {
  test('a later text replaces a definition, a blank one does not', () => {
    const first = ['a', '{{define "x"}}one{{end}}'] as const;
    const call = ['t', '{{template "x"}}'] as const;
    expect(render([first, ['b', '{{define "x"}}two{{end}}'], call], null)).toBe('two');
    expect(render([first, ['b', '{{define "x"}} \n {{/* c */}}{{end}}'], call], null)).toBe('one');
  });

  test('positions name the text, the message the template', () => {
    expect(
      render(
        [
          ['file', '\n{{define "x"}}{{.a.b}}{{end}}'],
          ['t', '{{template "x" 1}}'],
        ],
        null,
      ),
    ).toBe(
      'error: template: file:2:18: executing "x" at <.a.b>: can\'t evaluate field a in type int',
    );
  });

  test('a template without a body is missing', () => {
    expect(render([['t', '{{template "y"}}']], null)).toBe(
      'error: template: t:1:11: executing "t" at <{{template "y"}}>: template "y" not defined',
    );
  });

  test('a called template sees no variables of its caller', () => {
    expect(one('{{define "x"}}{{$x}}{{end}}')).toBe(
      'error: template: t:1: undefined variable "$x"',
    );
    expect(one('{{define "x"}}[{{$}}]{{end}}{{$x := 1}}{{template "x" 5}}')).toBe('[5]');
  });
});

describe('missing keys', () => {
  test.each([
    ['default', '{{.a}} {{.a.b}}', '<no value> <no value>'],
    ['zero', '{{.a}}', '<no value>'],
    [
      'zero',
      '{{.a.b}}',
      'error: template: t:1:4: executing "t" at <.a.b>: nil pointer evaluating interface {}.b',
    ],
    [
      'error',
      '{{.a}}',
      'error: template: t:1:2: executing "t" at <.a>: map has no entry for key "a"',
    ],
  ] as const)('%s: %s gives %s', (missingKey, text, expected) => {
    expect(one(text, {}, { missingKey })).toBe(expected);
  });
});

describe('variables', () => {
  test.each([
    ['{{$x := 1}}{{if true}}{{$x = 2}}{{$x := 3}}{{end}}{{$x}}', '2'],
    ['{{range $i, $v := .l}}{{$i}}={{$v}} {{end}}', '0=a 1=b '],
    ['{{range $v := .l}}{{$v}}{{else}}none{{end}}', 'ab'],
    ['{{$v := 0}}{{range $v = .l}}{{end}}{{$v}}', 'b'],
    ['{{$i := 0}}{{$v := 0}}{{range $i, $v = .l}}{{end}}{{$i}}{{$v}}', '1b'],
    ['{{with $x := 5}}{{$x}}{{end}}', '5'],
    [
      '{{or 1 ($x := 2)}}{{$x}}',
      'error: template: t:1:20: executing "t" at <$x>: undefined variable: $x',
    ],
    ['{{$x := 7}}{{or 1 ($x := 2)}}{{$x}}', '17'],
    ['{{or 0 ($x := 2)}}{{$x}}', '22'],
    ['{{$a = 1}}', 'error: template: t:1:7: executing "t" at <1>: undefined variable: $a'],
  ])('%s gives %s', (text, expected) => {
    expect(one(text, { l: ['a', 'b'] })).toBe(expected);
  });
});

describe('loops', () => {
  test.each([
    ['{{range .m}}{{.}}{{end}}', 'bca'],
    ['{{range $k, $v := .m}}{{$k}}{{end}}', 'A\u{ffff}\u{10000}'],
    ['{{range 3}}{{.}}{{end}}', '012'],
    ['{{range $i := 3}}{{if eq $i 1}}{{continue}}{{end}}{{$i}}{{end}}', '02'],
    ['{{range .l}}{{.}}{{break}}{{end}}', 'a'],
    ['{{range .none}}x{{else}}none{{end}}', 'none'],
    [
      '{{range $i, $v := 3}}{{end}}',
      'error: template: t:1:18: executing "t" at <3>: can\'t use 3 to iterate over more than one variable',
    ],
    [
      '{{range "abc"}}{{end}}',
      'error: template: t:1:8: executing "t" at <"abc">: range can\'t iterate over abc',
    ],
  ])('%s gives %s', (text, expected) => {
    const data = { m: { '\u{10000}': 'a', A: 'b', '\u{ffff}': 'c' }, l: ['a', 'b'], none: [] };
    expect(one(text, data)).toBe(expected);
  });
});

describe('objects', () => {
  const methods = new Map([
    [
      'Name',
      defineFunction('Name', 'func() string', ({ receiver }) =>
        String((receiver as GoObject).state),
      ),
    ],
    [
      'Add',
      defineFunction('Add', 'func(int, ...int) (int, error)', (_, a, ...more) => {
        if (a < 0) throw new TemplateFunctionError('negative');
        return more.reduce((sum, n) => sum + n, a);
      }),
    ],
  ]);
  const type: GoType = {
    kind: 'struct',
    name: 'test.Thing',
    methods,
    fields: [
      { name: 'Count', type: INT, read: () => int(3) },
      { name: 'Title', type: STRING, read: (state) => String(state) },
    ],
  };
  const data = map([['o', new GoObject(type, 'thing')]]);

  test.each([
    ['{{.o.Name}} {{.o.Count}} {{.o.Title}} {{.o}}', 'thing 3 thing {3 thing}'],
    ['{{.o.Add 1 2 3}} {{3 | .o.Add 1}}', '6 4'],
    ['{{printf "%+v %#v" .o .o}}', '{Count:3 Title:thing} test.Thing{Count:3, Title:"thing"}'],
    [
      '{{.o.Add}}',
      'error: template: t:1:4: executing "t" at <.o.Add>: wrong number of args for Add: want at least 1 got 0',
    ],
    [
      '{{.o.Add "x"}}',
      'error: template: t:1:9: executing "t" at <"x">: expected integer; found "x"',
    ],
    [
      '{{.o.Add -1}}',
      'error: template: t:1:4: executing "t" at <.o.Add>: error calling Add: negative',
    ],
    [
      '{{.o.Count 1}}',
      'error: template: t:1:4: executing "t" at <.o.Count>: Count has arguments but cannot be invoked as function',
    ],
    [
      '{{.o.state}}',
      'error: template: t:1:4: executing "t" at <.o.state>: can\'t evaluate field state in type interface {}',
    ],
    [
      '{{.o.constructor}}',
      'error: template: t:1:4: executing "t" at <.o.constructor>: can\'t evaluate field constructor in type interface {}',
    ],
    [
      '{{(.o).type}}',
      'error: template: t:1:3: executing "t" at <.o>: can\'t evaluate field type in type test.Thing',
    ],
  ])('%s gives %s', (text, expected) => {
    expect(render([['t', text]], data)).toBe(expected);
  });
});

describe('what JavaScript knows and Go does not', () => {
  const names = ['__proto__', 'constructor', 'toString', 'length', 'hasOwnProperty', 'valueOf'];

  test.each(names)('%s is no entry of a map', (name) => {
    expect(one(`[{{.${name}}}] [{{index . "${name}"}}]`)).toBe('[<no value>] [<no value>]');
    expect(one(`{{(index .l 0).${name}}}`, { l: ['x'] })).toContain(`can't evaluate field ${name}`);
  });

  test.each(names)('%s is plain data when the data has it', (name) => {
    const data = new GoMap(new Map([[name, 'mine']]));
    expect(render([['t', `{{.${name}}} {{len .}}`]], data)).toBe('mine 1');
  });
});

test('functions whose output varies are refused where it must not vary', () => {
  const set = createTemplateSet(DIALECTS.release);
  expect(set.parse('t', 'a{{ randAlpha 5 }}').ok).toBe(true);
  const result = execute(set, 't', null);
  expect(result.ok ? '' : result.error.message).toMatch(
    /^template: t:1:4: executing "t" at <randAlpha 5>: error calling randAlpha: .*refused.*every run$/,
  );
});

test('errors carry where they point', () => {
  const set = createTemplateSet(DIALECTS.go);
  expect(set.parse('t', 'é\né {{ .a.b }}').ok).toBe(true);
  const result = execute(set, 't', fromPlain({ a: 1 }, 'float64'));
  expect(result.ok ? undefined : result.error).toMatchObject({
    stage: 'execute',
    name: 't',
    line: 2,
    column: 8,
    reason: "can't evaluate field b in type interface {}",
  });
  const refused = set.parse('u', 'x\n{{ nope }}');
  expect(refused.ok ? undefined : refused.error).toMatchObject({
    stage: 'parse',
    name: 'u',
    line: 2,
    reason: 'function "nope" not defined',
  });
});

test('an error inside an include says where it began', () => {
  const set = createTemplateSet(DIALECTS.helm);
  set.parse('helpers', '\n{{define "deep"}}{{ fail "stop" }}{{end}}');
  set.parse('main', '{{ include "deep" . }}');
  const result = execute(set, 'main', null);
  expect(result.ok ? undefined : result.error).toMatchObject({
    name: 'main',
    line: 1,
    cause: { name: 'helpers', line: 2, reason: 'error calling fail: stop' },
  });
});
