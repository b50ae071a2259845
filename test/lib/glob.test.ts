// Path patterns: the doublestar dialect, row by row, and properties over random patterns.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileGlob } from '../../src/lib/glob.ts';

function matches(pattern: string, path: string): boolean {
  const glob = compileGlob(pattern);
  if (glob.kind === 'invalid') throw new Error(glob.reason);
  return glob.matches(path);
}

describe('what a pattern matches', () => {
  it.each([
    ['a literal matches itself', 'deploy.yaml', 'deploy.yaml', true],
    ['a literal matches no other name', 'deploy.yaml', 'deploy.yml', false],
    ['a dot is a dot', 'a.yaml', 'abyaml', false],
    ['a star stays inside its segment', 'a/*.yaml', 'a/b/c.yaml', false],
    ['a star may match nothing', 'a*.yaml', 'a.yaml', true],
    ['a star matches dot files', '*', '.hidden', true],
    ['two stars cross folders', 'a/**/c.yaml', 'a/b/b/c.yaml', true],
    ['two stars cross no folder at all', 'a/**/c.yaml', 'a/c.yaml', true],
    ['two leading stars match at the root too', '**/c.yaml', 'c.yaml', true],
    ['a folder pattern matches the folder itself', 'a/**', 'a', true],
    ['a folder pattern matches everything below', 'a/**', 'a/b/c', true],
    ['a folder pattern does not match a sibling', 'a/**', 'ab/c', false],
    ['two stars inside a segment are one star', 'a/**.yaml', 'a/b/c.yaml', false],
    ['two stars inside a segment still match there', 'a/**.yaml', 'a/c.yaml', true],
    ['a question mark is one character, not one byte', '?.yaml', 'é.yaml', true],
    ['a question mark is never a slash', 'a?b', 'a/b', false],
    ['a class matches one of its characters', '[ab].yaml', 'b.yaml', true],
    ['a range includes its ends', '[a-c]', 'c', true],
    ['an exclamation mark negates a class', '[!a].yaml', 'a.yaml', false],
    ['a negated class matches the rest', '[!a].yaml', 'b.yaml', true],
    ['a caret negates a class too', '[^a].yaml', 'a.yaml', false],
    ['braces are alternatives', '{a,b}.yaml', 'b.yaml', true],
    ['braces hold slashes', '{a/b,c}/d', 'a/b/d', true],
    ['braces nest', '{a,b{c,d}}', 'bd', true],
    ['an alternative may be empty', 'a{,.yaml}', 'a', true],
    ['braces hold two stars', '{a/**,b}', 'a/x/y', true],
    ['a backslash makes a star literal', '\\*', '*', true],
    ['a literal star matches nothing else', '\\*', 'a', false],
    ['an empty pattern matches the empty path only', '', 'a', false],
  ])('%s', (_sentence, pattern, path, expected) => {
    expect(matches(pattern, path)).toBe(expected);
  });
});

describe('what is no pattern', () => {
  it.each([
    ['an open class', '[a', 'matching ]'],
    ['an empty class', '[]', 'empty'],
    ['an open brace', '{a,b', 'matching }'],
    ['a brace that was never opened', 'a}', 'matching {'],
    ['a trailing backslash', 'a\\', 'ends the pattern'],
    ['more alternatives than anybody means', '{a,b}'.repeat(12), 'alternatives'],
  ])('%s is refused with its reason', (_sentence, pattern, reason) => {
    expect(compileGlob(pattern)).toMatchObject({
      kind: 'invalid',
      reason: expect.stringContaining(reason),
    });
  });
});

describe('properties', () => {
  const segment = fc.stringMatching(/^[a-z.é]{1,4}$/u);
  const path = fc.array(segment, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('/'));

  it('a path without special characters matches itself', () => {
    fc.assert(fc.property(path, (text) => matches(text, text)));
  });

  it('a folder and two stars match everything below the folder', () => {
    fc.assert(
      fc.property(path, path, (folder, rest) => matches(`${folder}/**`, `${folder}/${rest}`)),
    );
  });

  it('no pattern throws or runs away', () => {
    const part = fc.constantFrom('a', '*', '**', '/', '[', ']', '{', '}', ',', '\\', '!', '-', '?');
    const pattern = fc.array(part, { maxLength: 14 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(pattern, path, (text, name) => {
        const glob = compileGlob(text);
        return glob.kind === 'invalid' || typeof glob.matches(name) === 'boolean';
      }),
      { numRuns: 500 },
    );
  });

  it('many stars against a long name end at once', () => {
    expect(matches('*a*a*a*a*a*a*a*a*b', 'a'.repeat(2000))).toBe(false);
  });
});
