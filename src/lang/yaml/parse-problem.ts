// What is wrong with a file that does not parse, in words for its author instead of the parser's.
import type { Problem } from './diagnostic.ts';
import type { GoFaultDetails } from './go-fault.ts';

interface Wording {
  readonly message: string;
  readonly hint: string;
  /** Point at where the construct began, not at where the reader gave up. */
  readonly atContext?: true;
}

const INDENT = 'Give entries of one map or list the same number of leading spaces.';
const COLON = 'Write "key: value" with a space after the colon, or put a long text in quotes.';
const ESCAPE = 'Write \\\\ for a backslash, or use single quotes.';

const WORDINGS: Readonly<Record<string, Wording>> = {
  'found unexpected end of stream': {
    message: 'a text in quotes is never closed',
    hint: 'Close the text with the quote it began with.',
    atContext: true,
  },
  'found unexpected document indicator': {
    message: 'a text in quotes is not closed before the next document begins',
    hint: 'Close the text with the quote it began with.',
    atContext: true,
  },
  "did not find expected ',' or ']'": {
    message: 'a list in [ ] lacks a comma or is never closed',
    hint: 'Separate the entries with commas and close the list with ].',
    atContext: true,
  },
  "did not find expected ',' or '}'": {
    message: 'a map in { } lacks a comma or is never closed',
    hint: 'Separate the entries with commas and close the map with }; put text with { } in quotes.',
    atContext: true,
  },
  'did not find expected node content': {
    message: 'a value is expected here',
    hint: 'Remove the comma or bracket that is too many, or put the text in quotes.',
  },
  'did not find expected key': {
    message: 'this line does not continue the map above it',
    hint: INDENT,
  },
  "did not find expected '-' indicator": {
    message: 'this line does not continue the list above it',
    hint: INDENT,
  },
  "could not find expected ':'": {
    message: 'a line stands where "key: value" is expected',
    hint: COLON,
    atContext: true,
  },
  'mapping values are not allowed in this context': {
    message: 'a ": " is not allowed here',
    hint: 'Put the value in quotes if the colon belongs to it, or line the key up with the others.',
  },
  'mapping keys are not allowed in this context': {
    message: 'a "? " is not allowed here',
    hint: 'Put text that starts with a question mark in quotes.',
  },
  'block sequence entries are not allowed in this context': {
    message: 'a "- " is not allowed here',
    hint: 'Start the list on a new line, or put text that starts with a dash in quotes.',
  },
  'did not find expected <document start>': {
    message: 'this line does not continue what stands above it',
    hint: `${INDENT} A new document starts with ---.`,
  },
  'found a tab character that violates indentation': {
    message: 'a tab is used for indentation',
    hint: 'Indent with spaces: YAML does not allow tabs there.',
  },
  'found a tab character where an indentation space is expected': {
    message: 'a tab is used for indentation',
    hint: 'Indent with spaces: YAML does not allow tabs there.',
  },
  'found unknown escape character': {
    message: 'unknown escape after \\ in a text in double quotes',
    hint: ESCAPE,
  },
  'did not find expected hexdecimal number': {
    message: '\\x, \\u or \\U is not followed by enough hexadecimal digits',
    hint: ESCAPE,
  },
  'found invalid Unicode character escape code': {
    message: 'an escape names a character that does not exist',
    hint: ESCAPE,
  },
  'did not find expected alphabetic or numeric character': {
    message: 'a & or * starts an anchor or alias, but no name of letters and digits follows',
    hint: 'Put text that starts with & or * in quotes.',
    atContext: true,
  },
  'did not find expected comment or line break': {
    message: 'text follows | or > on the same line',
    hint: 'Start the text on the next line, or put the value in quotes.',
  },
  'found undefined tag handle': {
    message: 'a value starts with an unknown !tag!',
    hint: 'Put text that starts with ! in quotes.',
  },
  'found incompatible YAML document': {
    message: 'the file asks for another version of YAML than 1.1',
    hint: 'Remove the %YAML line: Kubernetes reads YAML 1.1 only.',
  },
};

/** Turns a fault into a problem of the part of the file that starts at `base`. */
export function parseProblem(details: GoFaultDetails, text: string, base: number): Problem {
  const { problem, at, context } = details;
  const depth = /^exceeded max depth of (\d+)$/u.exec(problem);
  if (depth !== null) {
    return {
      code: 'YamlLimit',
      offset: base + at.offset,
      message: `lists and maps are nested more than ${depth[1]} deep`,
      hint: 'Make the document less nested.',
    };
  }
  const wording = wordingOf(details, text);
  const offset = base + (wording.atContext === true ? (context ?? at) : at).offset;
  const { message, hint } = wording;
  return { code: 'YamlInvalid', offset, message, hint };
}

function wordingOf({ problem, at }: GoFaultDetails, text: string): Wording {
  const lineStart = text.lastIndexOf('\n', at.offset - 1) + 1;
  const lineEnd = text.indexOf('\n', at.offset);
  const line = text.slice(lineStart, lineEnd < 0 ? undefined : lineEnd);
  if (problem === 'found character that cannot start any token')
    return strangeCharacter(text, at.offset);
  if (problem === 'mapping values are not allowed in this context') {
    const before = text.slice(lineStart, at.offset);
    if (/: /u.test(before)) {
      return {
        message: 'a second ": " stands in one line',
        hint: 'Put the value in quotes if the colon belongs to it, or start a new line for the next key.',
      };
    }
  }
  if (line.includes('{{') && !line.trimStart().startsWith('#')) {
    return {
      message: 'a template expression {{ }} stands where YAML is expected',
      hint: 'Only files that end in .gotmpl are templates; put the expression in quotes if it is text.',
    };
  }
  return WORDINGS[problem] ?? { message: problem, hint: 'Correct the YAML at this place.' };
}

function strangeCharacter(text: string, offset: number): Wording {
  const character = text[offset] ?? '';
  if (character === '\t') {
    return {
      message: 'a tab is used for indentation',
      hint: 'Indent with spaces: YAML does not allow tabs there.',
    };
  }
  return {
    message: `no value can start with ${character}`,
    hint: `Put text that starts with ${character} in quotes.`,
  };
}
