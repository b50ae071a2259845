// Literals that a template hands to a function, found without executing it.
import { describe, expect, it } from 'vitest';
import { createTemplateSet, DIALECTS, literalArguments } from '../../../src/lang/template/index.ts';

const set = createTemplateSet(DIALECTS.package);

/** Each literal, with the text of the template where it is said to stand. */
function found(text: string): readonly string[] {
  return literalArguments({ name: 'a', text }, set, 'cel').map((literal) => {
    const there = text.slice(literal.offset, literal.offset + literal.text.length);
    expect(literal.verbatim).toBe(there === literal.text);
    return literal.text;
  });
}

describe('Calls of cel with a literal', () => {
  it.each([
    ['an action', '{{ cel "a" }}', ['a']],
    ['a condition', '{{ if cel "a" }}x{{ else if cel "b" }}y{{ end }}', ['a', 'b']],
    ['in branches that are never taken', '{{ if false }}{{ cel "a" }}{{ end }}', ['a']],
    [
      'in parentheses and arguments',
      '{{ if and (cel "a") (not (cel ("b"))) }}{{ end }}',
      ['a', 'b'],
    ],
    ['through a pipe', '{{ "a" | cel | not }}', ['a']],
    ['in raw quotes', '{{ cel `a == "b"` }}', ['a == "b"']],
    ['with escapes', '{{ cel "a == \\"b\\"" }}', ['a == "b"']],
    [
      'in range, with, define and template',
      '{{ range list (cel "a") }}{{ with cel "b" }}{{ end }}{{ end }}{{ define "t" }}{{ cel "c" }}{{ end }}{{ template "t" (cel "d") }}',
      ['a', 'b', 'c', 'd'],
    ],
    ['in a variable', '{{ $x := cel "a" }}', ['a']],
    [
      'other functions and other arguments',
      '{{ print "a" }}{{ cel .x }}{{ cel (print "a" "b") }}',
      [],
    ],
    ['a comment', '{{/* cel "a" */}}', []],
    ['a template that does not parse', '{{ cel "a" }}{{ if }}', []],
  ])('%s', (_, text, expected) => {
    expect(found(text)).toEqual(expected);
  });
});
