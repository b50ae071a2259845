// What is wrong with a file that does not parse, in words for its author instead of the parser's.
import { YAMLException } from 'js-yaml';
import type { Problem } from './diagnostic.ts';

interface Wording {
  readonly message: string;
  readonly hint: string;
}

const CLOSE_QUOTE = 'Close the text with the quote it began with; put it on one line if you can.';
const INDENT = 'Give entries of one map or list the same number of leading spaces.';

/** By the beginning of the parser's reason, first match wins. */
const WORDINGS: readonly (readonly [string, Wording])[] = [
  [
    'unexpected end of the stream within a double quoted',
    { message: 'a text in double quotes is never closed', hint: CLOSE_QUOTE },
  ],
  [
    'unexpected end of the document within a double quoted',
    { message: 'a text in double quotes is never closed', hint: CLOSE_QUOTE },
  ],
  [
    'unexpected end of the stream within a single quoted',
    { message: 'a text in single quotes is never closed', hint: CLOSE_QUOTE },
  ],
  [
    'unexpected end of the document within a single quoted',
    { message: 'a text in single quotes is never closed', hint: CLOSE_QUOTE },
  ],
  [
    'unexpected end of the stream within a flow collection',
    { message: 'a list in [ ] or a map in { } is never closed', hint: 'Add the missing ] or }.' },
  ],
  [
    'missed comma',
    {
      message: 'a comma is missing in a list in [ ] or a map in { }',
      hint: 'Separate the entries with commas; put text with { } in quotes.',
    },
  ],
  [
    'expected the node content, but found',
    {
      message: 'there is a comma too many',
      hint: 'Remove the comma, or write the entry that is missing before it.',
    },
  ],
  [
    "expected ':'",
    {
      message: 'a key has no colon and value',
      hint: 'Write "key: value" with a space after the colon.',
    },
  ],
  [
    'can not read a block mapping entry',
    {
      message: 'a line stands where "key: value" is expected',
      hint: 'Write "key: value" with a space after the colon, or put a long text in quotes.',
    },
  ],
  [
    'a whitespace character is expected after the key-value separator',
    {
      message: 'a space is missing after the colon',
      hint: 'Write "key: value" with a space after the colon.',
    },
  ],
  [
    'bad indentation of a mapping entry',
    { message: 'an entry of a map is not lined up with the others', hint: INDENT },
  ],
  [
    'bad indentation of a sequence entry',
    { message: 'an entry of a list is not lined up with the others', hint: INDENT },
  ],
  ['deficient indentation', { message: 'this line is not indented far enough', hint: INDENT }],
  [
    'end of the stream or a document separator is expected',
    {
      message: 'this line does not continue what stands above it',
      hint: `${INDENT} A new document starts with ---.`,
    },
  ],
  [
    'tab characters',
    {
      message: 'a tab is used for indentation',
      hint: 'Indent with spaces: YAML does not allow tabs there.',
    },
  ],
  [
    'unknown escape sequence',
    {
      message: 'unknown escape after \\ in a text in double quotes',
      hint: 'Write \\\\ for a backslash, or use single quotes.',
    },
  ],
  [
    'expected hexadecimal character',
    {
      message: '\\x, \\u or \\U is not followed by enough hexadecimal digits',
      hint: 'Write \\\\ for a backslash, or use single quotes.',
    },
  ],
  [
    'name of an alias node',
    {
      message: 'a * starts an alias, but no name follows',
      hint: 'Put text that starts with * in quotes.',
    },
  ],
  [
    'name of an anchor node',
    {
      message: 'an & starts an anchor, but no name follows',
      hint: 'Put text that starts with & in quotes.',
    },
  ],
  [
    'a line break is expected',
    {
      message: 'text follows | or > on the same line',
      hint: 'Start the text on the next line, or put the value in quotes.',
    },
  ],
  [
    'directives end mark',
    {
      message: 'a line that starts with % must be followed by ---',
      hint: 'Put text that starts with % in quotes.',
    },
  ],
  [
    'undeclared tag handle',
    {
      message: 'a value starts with an unknown !tag!',
      hint: 'Put text that starts with ! in quotes.',
    },
  ],
  [
    'expected valid JSON character',
    {
      message: 'a control character stands in a quoted text',
      hint: 'Remove it, or write it as \\xNN in double quotes.',
    },
  ],
];

/** Turns what the parser threw into a problem. Anything that is not the parser's own error is thrown on. */
export function parseProblem(error: unknown, text: string): Problem {
  if (!(error instanceof YAMLException)) throw error;
  const offset = error.mark?.position ?? 0;
  const { reason } = error;
  if (reason.startsWith('nesting exceeded')) {
    const limit = /\d+/u.exec(reason)?.[0] ?? '';
    return {
      code: 'YamlLimit',
      offset,
      message: `lists and maps are nested more than ${limit} deep`,
      hint: 'Make the document less nested.',
    };
  }
  const indent = /^[ \t]*/u.exec(text.slice(text.lastIndexOf('\n', offset - 1) + 1))?.[0] ?? '';
  const known = WORDINGS.find(([start]) => reason.startsWith(start))?.[1];
  const wording = indent.includes('\t')
    ? WORDINGS.find(([start]) => start === 'tab characters')?.[1]
    : known;
  if (wording !== undefined)
    return { code: 'YamlInvalid', offset, ...refine(wording, text, offset) };
  return { code: 'YamlInvalid', offset, message: reason, hint: 'Correct the YAML at this place.' };
}

/** Two everyday slips that the parser can only describe as bad indentation. */
function refine(wording: Wording, text: string, offset: number): Wording {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const lineEnd = text.indexOf('\n', offset);
  const line = text.slice(lineStart, lineEnd < 0 ? undefined : lineEnd);
  if (!wording.message.startsWith('an entry of a map') && !wording.message.startsWith('this line'))
    return wording;
  if (/^\s*(?:- )?[^\s'"#&*!|>[{][^'"]*?: [^'"#]*: /u.test(line)) {
    return {
      message: 'a second ": " stands in one line',
      hint: 'Put the value in quotes if the colon belongs to it, or start a new line for the next key.',
    };
  }
  if (line.includes('{{')) {
    return {
      message: 'a template expression {{ }} stands where YAML is expected',
      hint: 'Only files that end in .gotmpl are templates; put the expression in quotes if it is text.',
    };
  }
  return wording;
}
