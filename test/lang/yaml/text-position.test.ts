// Where a character of a text stands in the file, in every style that YAML has for texts.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readManifests } from '../../../src/lang/yaml/index.ts';
import type { YamlDocument } from '../../../src/lang/yaml/index.ts';

function ruleOf(document: YamlDocument | undefined): string {
  return (document as YamlDocument & { readonly value: { readonly rule: string } }).value.rule;
}

/** The place of the first `#` of the value of `rule`, as the value's own lines and columns have it. */
function placeOfMark(yaml: string): string {
  const [document] = readManifests(yaml).documents;
  const text = ruleOf(document);
  const before = text.slice(0, text.indexOf('#'));
  const line = before.split('\n').length;
  const column = Array.from(before.slice(before.lastIndexOf('\n') + 1)).length + 1;
  const found = document?.textPositionOf(['rule'], { line, column });
  return `${found?.line}:${found?.column}`;
}

/** Where the first `#` is in the file itself. */
function mark(yaml: string): string {
  const before = yaml.slice(0, yaml.indexOf('#'));
  return `${before.split('\n').length}:${Array.from(before.slice(before.lastIndexOf('\n') + 1)).length + 1}`;
}

describe('The place of a character in a text', () => {
  it.each([
    ['plain', 'rule: a.b#c\n'],
    ['plain over several lines', 'rule: a ==\n  b &&\n\n  c#\n'],
    ['in single quotes', 'rule: \'a == "x" #\'\n'],
    ['behind a doubled quote', "rule: 'a == ''x'' #'\n"],
    ['in double quotes', 'rule: "a == #"\n'],
    ['behind escapes', 'rule: "a == \\"x\\" \\\\ \\t\\x20\\u00e9\\U0001F600 #"\n'],
    ['behind an escaped line break', 'rule: "a == \\\n    b #"\n'],
    ['quoted over several lines', 'rule: "a ==\n\n     b &&\n   #"\n'],
    ['in a literal block', 'rule: |\n  a ==\n    b &&\n\n  c#\n'],
    ['in a literal block with indentation and chomping', 'rule: |2-\n    a\n  b#\n'],
    ['in a folded block', 'rule: >-\n  a ==\n  b &&\n\n    more\n  c#\n'],
    ['behind an anchor and a tag', 'rule: &anchor !!str "a #"\n'],
    ['behind characters of two units', 'rule: "😀😀 == #"\n'],
    ['in a second document', 'rule: x\n---\nrule: |\n  a\n  b#\n'],
    ['in a flow map', '{x: 1, rule: "a #"}\n'],
    ['in a file of Windows', 'rule: |\r\n  a ==\r\n  b#\r\n'],
  ])('%s', (_, yaml) => {
    const last = yaml.split(/^---\n/m).at(-1) ?? '';
    const skipped = yaml.slice(0, yaml.length - last.length).split('\n').length - 1;
    const [line = '', column = ''] = mark(last).split(':');
    const { documents } = readManifests(yaml);
    const found = documents.at(-1);
    const text = ruleOf(found);
    const before = text.slice(0, text.indexOf('#'));
    const place = found?.textPositionOf(['rule'], {
      line: before.split('\n').length,
      column: Array.from(before.slice(before.lastIndexOf('\n') + 1)).length + 1,
    });
    expect(`${place?.line}:${place?.column}`).toBe(`${Number(line) + skipped}:${column}`);
  });

  it('is behind the last character for the end of the text', () => {
    const [document] = readManifests('rule: "a == "\nother: |\n  a ==\n  b\n').documents;
    expect(document?.textPositionOf(['rule'], { line: 1, column: 6 })).toMatchObject({
      line: 1,
      column: 12,
    });
    expect(document?.textPositionOf(['other'], { line: 9, column: 9 })).toMatchObject({
      line: 4,
      column: 4,
    });
  });

  it('is where the value starts for what is no text, and for aliases', () => {
    const [document] = readManifests('a: &x text\nb: *x\nc: [1]\n').documents;
    const at = { line: 1, column: 3 };
    expect(document?.textPositionOf(['a'], at)).toMatchObject({ line: 1, column: 9, exact: true });
    expect(document?.textPositionOf(['b'], at)).toMatchObject({ line: 2, column: 4, exact: true });
    expect(document?.textPositionOf(['c'], at)).toMatchObject({ line: 3, column: 4, exact: true });
    expect(document?.textPositionOf(['d'], at)).toMatchObject({ line: 1, exact: false });
  });

  it('is found in any text, however it is written', () => {
    const words = fc.array(fc.stringMatching(/^[a-z"'\\é😀]{1,5}$/u), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(words, words, (before, after) => {
        const lines = [...before, `x#${after.join(' ')}`];
        const styles = [
          `rule: ${JSON.stringify(lines.join('\n'))}\n`,
          `rule: '${lines.join(' ').replaceAll("'", "''")}'\n`,
          `rule: |-\n${lines.map((line) => `   ${line}\n`).join('')}`,
          `rule: >\n${lines.map((line) => `   ${line}\n`).join('')}`,
        ];
        for (const yaml of styles) expect(placeOfMark(yaml)).toBe(mark(yaml));
      }),
    );
  });
});
