// Where mistakes are, and how they are shown.
import { describe, expect, it } from 'vitest';
import { compile, probeEnvironment } from '../../../src/lang/cel/index.ts';
import type { Diagnostic } from '../../../src/lang/cel/index.ts';

function diagnose(expression: string): readonly Diagnostic[] {
  const compilation = compile(expression, probeEnvironment);
  return compilation.ok ? [] : compilation.diagnostics;
}

describe('Diagnostics', () => {
  it('point at the column, counted in code points', () => {
    expect(diagnose('"😀😀" == nope')).toEqual([
      {
        class: 'check',
        message: "undeclared reference to 'nope' (in container '')",
        line: 1,
        column: 9,
        snippet: ' | "😀😀" == nope\n | ........^',
      },
    ]);
  });

  it('show the line of the mistake only', () => {
    expect(diagnose('self.a == 1 &&\n\tself.b + == 2 // comment')).toMatchObject([
      {
        class: 'parse',
        line: 2,
        column: 11,
        snippet: ' |  self.b + == 2 // comment\n | ..........^',
      },
    ]);
  });

  it('show a piece of a long line', () => {
    const [found] = diagnose(`${'self.a == 1 || '.repeat(100)}nope`);
    expect(found?.column).toBe(1501);
    expect(found?.snippet.length).toBeLessThan(450);
    expect(found?.snippet).toContain('nope');
  });

  it('come in the order of the text, all of them', () => {
    expect(diagnose('f(a) == b.c').map(({ column }) => column)).toEqual([1, 3, 9]);
  });

  it.each([
    ['', "Syntax error: unexpected '<EOF>'", 1],
    ['self.', "Syntax error: mismatched input '<EOF>' expecting IDENTIFIER", 6],
    ['self.a == ', "Syntax error: unexpected '<EOF>'", 11],
    ['self.a = 1', "Syntax error: token recognition error at: '='", 8],
    ['"a\nb" == self', 'Syntax error: string literal is not closed', 1],
    ['"\\q" == self', 'Syntax error: invalid escape sequence', 2],
    ['"\\uD800" == self', 'Syntax error: invalid escape sequence', 2],
    ['self.all(x.y, true)', 'argument must be a simple name', 11],
    ['has(self)', 'invalid argument to has() macro', 5],
    ['has(self.a, 1)', "undeclared reference to 'has' (in container '')", 1],
    ['9223372036854775808 == self', 'invalid int literal', 1],
    ['for == self', 'reserved identifier: for', 1],
    ['12abc == self', "Syntax error: invalid number '12a'", 1],
    ['A{b: 1} == self', "undeclared reference to 'A' (in container '')", 1],
    ['self.a(1) == true', "undeclared reference to 'a' (in container '')", 6],
    ['1 + "a" == self', "found no matching overload for '_+_' applied to '(int, string)'", 3],
    ['size(1) == self', "found no matching overload for 'size' applied to '(int)'", 1],
  ])('%s', (expression, message, column) => {
    expect(diagnose(expression)[0]).toMatchObject({ message, column });
  });
});
