// Conditions in the text of templates: found in every form of YAML, with their place.
import { describe, expect, test } from 'vitest';
import { templateConditions } from '../../../src/render/check/template-conditions.ts';

const KEY = 'package-operator.run/condition';

/** Each expression, with the text of the template where its first `#` is said to stand. */
function found(template: string): readonly string[] {
  const lines = template.split('\n');
  return templateConditions(template).map(({ expression, locate }) => {
    const before = expression.slice(0, Math.max(0, expression.indexOf('@'))).split('\n');
    const at = { line: before.length, column: (before.at(-1) ?? '').length + 1 };
    const { line, column } = locate(expression.includes('@') ? at : undefined);
    return `${expression} @ ${lines[line - 1]?.slice(column - 1)}`;
  });
}

describe('conditions in templates', () => {
  test.each([
    ['plain', `a:\n  ${KEY}: a == @b\n`, ['a == @b @ @b']],
    ['in quotes', `a:\n  ${KEY}: 'a == @b'\n`, ["a == @b @ @b'"]],
    ['with a quoted key', `a:\n  "${KEY}": "a == @b"\n`, ['a == @b @ @b"']],
    [
      'folded, with what follows left out',
      `a:\n    ${KEY}: >-\n      a ==\n      @b\n    other: x\n`,
      ['a == @b @ @b'],
    ],
    ['a literal block', `a:\n  ${KEY}: |\n    a ==\n    @b\n{{ end }}\n`, ['a ==\n@b\n @ @b']],
    ['in a flow map', `a: {x: y, ${KEY}: "a == @b", z: 1}\n`, ['a == @b @ @b", z: 1}']],
    ['first in a flow map', `metadata: {annotations: {${KEY}: 'a'}}\n`, ["a @ a'}}"]],
    ['several', `a:\n  ${KEY}: a@\n{{ if .x }}\n  ${KEY}: "b@"\n{{ end }}`, ['a@ @ @', 'b@ @ @"']],
    ['on Windows', `a:\r\n  ${KEY}: a@\r\n`, ['a@ @ @\r']],
    ['templated ones are left out', `a:\n  ${KEY}: a == {{ .b }}\n`, []],
    ['as are those of a flow map without quotes', `a: {${KEY}: a == b}\n`, []],
    ['comments', `a:\n  # ${KEY}: a\n`, []],
    ['what is no text', `a:\n  ${KEY}: [a]\n`, []],
    ['what is no YAML', `a:\n  ${KEY}: "a\n`, []],
    ['other keys', `a:\n  ${KEY}-map: a\n`, []],
  ])('%s', (_name, template, expected) => {
    expect(found(template)).toEqual(expected);
  });
});
