// Parsing: trees printed back, and Go's complaints with their lines.
import { describe, expect, test } from 'vitest';
import { nodeText } from '../../../src/lang/template/node-text.ts';
import { parseTemplate } from '../../../src/lang/template/parser.ts';

function parse(text: string, delims: readonly [string, string] = ['{{', '}}']): string {
  const result = parseTemplate('t', text, {
    isFunction: (name) => ['printf', 'len', 'index', 'eq'].includes(name),
    leftDelim: delims[0],
    rightDelim: delims[1],
  });
  if ('message' in result) return `error: ${result.message}`;
  return [...result.trees.values()]
    .map(({ name, root }) => (name === 't' ? '' : `${name}: `) + nodeText(root))
    .join(' | ');
}

describe('a tree prints as', () => {
  test.each([
    ['hello', 'hello'],
    ['{{/* comment */}}x', 'x'],
    ['a {{- /* c */ -}} b', 'ab'],
    ['{{  .X.Y  |  printf   "%d"  }}', '{{.X.Y | printf "%d"}}'],
    ['{{$x := .A | len}}{{$x.B}}', '{{$x := .A | len}}{{$x.B}}'],
    ['{{(.A.B).C}}', '{{(.A.B).C}}'],
    ['{{printf ("a" | printf) .X}}', '{{printf ("a" | printf) .X}}'],
    [
      '{{if .A}}1{{else if .B}}2{{else}}3{{end}}',
      '{{if .A}}1{{else}}{{if .B}}2{{else}}3{{end}}{{end}}',
    ],
    ['{{with .A}}1{{else with .B}}2{{end}}', '{{with .A}}1{{else}}{{with .B}}2{{end}}{{end}}'],
    [
      '{{range $i, $v := .L}}{{break}}{{continue}}{{else}}x{{end}}',
      '{{range $i, $v := .L}}{{break}}{{continue}}{{else}}x{{end}}',
    ],
    ['{{define "a"}}x{{end}}y', 'a: x | y'],
    ['{{block "a" .X}}x{{end}}', 'a: x | {{template "a" .X}}'],
    ['{{template `a`}}', '{{template "a"}}'],
    ["{{'a'}} {{1_000}} {{0x1p3}} {{1+2i}}", "{{'a'}} {{1_000}} {{0x1p3}} {{1+2i}}"],
    ['x {{- 1 -}} y', 'x{{1}}y'],
    ['{{-1}}', '{{-1}}'],
    ['{{1 | }}', '{{1}}'],
  ])('%s becomes %s', (text, expected) => {
    expect(parse(text)).toBe(expected);
  });

  test('other delimiters', () => {
    expect(parse('<<.A>> {{.B}}', ['<<', '>>'])).toBe('{{.A}} {{.B}}');
  });
});

describe('complaints', () => {
  test.each([
    ['{{', 't:1: unclosed action'],
    ['a\n{{\n.X', 't:3: unclosed action started at t:2'],
    ['{{/* x', 't:1: unclosed comment'],
    ['{{"x\n"}}', 't:1: unterminated quoted string'],
    ['{{nope}}', 't:1: function "nope" not defined'],
    ['{{$x}}', 't:1: undefined variable "$x"'],
    ['{{if .X}}', 't:1: unexpected EOF'],
    ['{{end}}', 't:1: unexpected {{end}}'],
    ['{{if}}{{end}}', 't:1: missing value for if'],
    ['{{.X | 3}}', 't:1: non executable command in pipeline stage 2'],
    ['{{range $a, $b, $c := .X}}{{end}}', 't:1: too many declarations in range'],
    [
      '{{define "a"}}x{{end}}{{define "a"}}y{{end}}',
      't:1: template: multiple definition of template "a"',
    ],
    ['{{break}}', 't:1: {{break}} outside {{range}}'],
    ['{{range .X}}{{define "a"}}{{end}}{{end}}', 't:1: unexpected <define> in command'],
    ['{{template}}', 't:1: unexpected "}}" in template clause'],
    ['{{99999999999999999999}}', 't:1: integer overflow: "99999999999999999999"'],
    ["{{'ab'}}", "t:1: malformed character constant: 'ab'"],
    ['{{"x".Y}}', 't:1: unexpected . after term "\\"x\\""'],
    ['{{.X @}}', 't:1: unexpected "@" in operand'],
    ['{{é}}', 't:1: function "é" not defined'],
    ['{{\u0001}}', 't:1: unrecognized character in action: U+0001'],
    ['{{(1}}', 't:1: unclosed left paren'],
    ['{{1)}}', 't:1: unexpected right paren'],
    ['{{.X "aaaaaaaaaaaaaaaa" :}}', 't:1: expected :='],
  ])('%j: %s', (text, message) => {
    expect(parse(text)).toBe(`error: template: ${message}`);
  });

  test('ten thousand nested parentheses end in an error, whatever the stack holds', () => {
    const text = `{{${'('.repeat(20_000)}1${')'.repeat(20_000)}}}`;
    expect(parse(text)).toBe('error: template: t:1: max expression depth exceeded');
  });
});
