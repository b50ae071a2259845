// Hostile templates end in a clear error within their budget, and nothing of JavaScript leaks.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  answerTemplateRequest,
  createTemplateSet,
  DIALECTS,
  execute,
  fromPlain,
} from '../../../src/lang/template/index.ts';
import type { DialectName, ExecuteResult, Limits } from '../../../src/lang/template/index.ts';

const SMALL: Partial<Limits> = {
  steps: 200_000,
  outputBytes: 100_000,
  stringLength: 100_000,
  textVolume: 2_000_000,
};

function render(text: string, limits: Partial<Limits> = SMALL, dialect: DialectName = 'helm') {
  const set = createTemplateSet(DIALECTS[dialect], { varying: 'allow' });
  const added = set.parse('t', text);
  if (!added.ok) throw new Error(added.error.message);
  return execute(set, 't', fromPlain({ big: 'x'.repeat(1000) }, 'float64'), { limits });
}

function limitOf(result: ExecuteResult): string {
  return result.ok
    ? `output of ${result.output.length}`
    : `${result.error.stage}: ${result.error.reason}`;
}

describe('a hostile template ends in a limit', () => {
  test.each([
    ['an endless loop', '{{range 1000000000000}}{{end}}', 'more than 200000 steps'],
    ['loops in loops', '{{range 9999}}{{range 9999}}{{end}}{{end}}', 'more than 200000 steps'],
    [
      'output without end',
      '{{range 100000}}aaaaaaaaaa{{end}}',
      'output is longer than 100000 bytes',
    ],
    ['multi-byte output', '{{range 50000}}\u65e5{{end}}', 'output is longer than 100000 bytes'],
    ['repeat', '{{repeat 1000000000 "x"}}', 'string is longer than 100000 characters'],
    [
      'repeat of repeat',
      '{{repeat 10000 (repeat 10000 "x")}}',
      'string is longer than 100000 characters',
    ],
    ['indent', '{{indent 1000000000 "x"}}', 'string is longer than 100000 characters'],
    [
      'a padded verb',
      '{{range 1000}}{{$x := printf "%1000000d" 1}}{{end}}',
      'more than 200000 steps',
    ],
    ['until', '{{until 1000000000}}', 'more than 200000 steps'],
    ['seq', '{{seq 1 1000000000}}', ''],
    ['text kept in variables', '{{range 10000}}{{$x := print $.big $.big}}{{end}}', ''],
    ['a template that calls itself', '{{define "r"}}{{template "r"}}{{end}}{{template "r"}}', ''],
    ['an include that calls itself', '{{define "r"}}{{include "r" .}}{{end}}{{include "r" .}}', ''],
    [
      'tpl of itself',
      '{{define "r"}}{{tpl "{{include \\"r\\" .}}" .}}{{end}}{{include "r" .}}',
      '',
    ],
    ['a map in itself', '{{$d := dict}}{{$_ := set $d "d" $d}}{{$d}}', ''],
    ['a map in itself as YAML', '{{$d := dict}}{{$_ := set $d "d" $d}}{{mustToYaml $d}}', ''],
    ['a map in itself as JSON', '{{$d := dict}}{{$_ := set $d "d" $d}}{{mustToJson $d}}', ''],
    ['a greedy pattern', '{{regexMatch "(a*)*(a*)*(a*)*b" (repeat 50000 "a")}}', ''],
  ])('%s', (_, text, reason) => {
    const started = performance.now();
    const result = render(text);
    expect(performance.now() - started).toBeLessThan(5000);
    expect(limitOf(result)).toContain(reason);
    if (result.ok) expect(result.output.length).toBeLessThanOrEqual(100_000);
  });

  test('by the clock that was given', () => {
    const set = createTemplateSet(DIALECTS.go);
    set.parse('t', '{{range 100000000}}{{end}}');
    let now = 0;
    const result = execute(set, 't', null, {
      now: () => (now += 1),
      limits: { milliseconds: 50, steps: 1e9 },
    });
    expect(limitOf(result)).toBe('limit: took longer than 50 ms');
  });

  test('by depth, at the node that went too far', () => {
    const result = render('{{define "r"}}{{template "r"}}{{end}}{{template "r"}}', {
      templateDepth: 20,
    });
    expect(result.ok ? '' : result.error.message).toBe(
      'template: t:1:25: executing "r" at <{{template "r"}}>: exceeded maximum template depth (20)',
    );
  });

  test('output just within the limit is allowed', () => {
    expect(limitOf(render('{{repeat 100000 "x"}}'))).toBe('output of 100000');
  });
});

describe('any text', () => {
  const pieces = fc.constantFrom(
    ...[
      '{{',
      '}}',
      '{{-',
      '-}}',
      '(',
      ')',
      '|',
      '.',
      '$',
      '$x',
      ':=',
      '=',
      ',',
      ' ',
      '\n',
      '"',
      '`',
    ],
    ...['if', 'else', 'end', 'range', 'with', 'define "a"', 'template "a"', 'block "a"', 'break'],
    ...[
      '.a',
      '.b.c',
      '.__proto__',
      '.constructor.name',
      '1',
      '-2.5e3',
      "'x'",
      '"s"',
      'nil',
      'true',
    ],
    ...['print', 'printf "%v %d %q %x"', 'index', 'len', 'slice', 'eq', 'call', 'html', 'toYaml'],
    ...[
      'include "a"',
      'tpl "{{.}}"',
      'dict "k"',
      'list 1',
      'set',
      'merge',
      'regexMatch "("',
      '\udc80',
    ],
  );
  const templates = fc.oneof(
    fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join('')),
    fc.array(pieces, { maxLength: 12 }).map((parts) => `{{ ${parts.join(' ')} }}`),
    fc.string({ unit: 'binary' }),
  );

  test('parses and renders to text or to an error, never more', () => {
    fc.assert(
      fc.property(
        templates,
        fc.jsonValue(),
        fc.constantFrom('go', 'helm', 'package'),
        (template, data, dialect) => {
          const answer = answerTemplateRequest(
            { template, data, dialect },
            { limits: { ...SMALL, steps: 20_000 } },
          );
          expect(leaks(JSON.stringify(answer), template + JSON.stringify(data))).toEqual([]);
        },
      ),
      { numRuns: 1500 },
    );
  });
});

describe('any call', () => {
  const names = [...DIALECTS.helm.functions.keys()].filter(
    // Key generation is slow by nature.
    (name) => !/^(?:gen|bcrypt|htpasswd|derivePassword|buildCustomCert)/.test(name),
  );
  const argument = fc.constantFrom(
    ...['.', '.a', '.l', '.m', '.missing', '.__proto__', '(dict "a" 1)', '(list 1 "x" nil)', 'nil'],
    ...[
      '0',
      '-1',
      '3',
      '1e9',
      '1.5',
      '9223372036854775807',
      '""',
      '"a"',
      '"%v"',
      '"\\xff"',
      '"a["',
    ],
    ...['"2006-01-02"', '">=1.0"', 'true', '(until 3)', '(splitList "," "b,a")', '"https://h/p"'],
  );
  const calls = fc
    .array(fc.tuple(fc.constantFrom(...names), fc.array(argument, { maxLength: 4 })), {
      minLength: 1,
      maxLength: 3,
    })
    .map((parts) => `{{ ${parts.map(([name, args]) => [name, ...args].join(' ')).join(' | ')} }}`);

  test('gives text or an error', () => {
    const data = { a: 1, l: [3, 'b', null], m: { x: { y: 1 }, constructor: 'c' } };
    fc.assert(
      fc.property(calls, (template) => {
        const answer = answerTemplateRequest(
          { template, data, dialect: 'helm' },
          {
            limits: SMALL,
            hooks: { randomBytes: (count) => new Uint8Array(count), now: () => 0n },
          },
        );
        expect(leaks(JSON.stringify(answer), template)).toEqual([]);
      }),
      { numRuns: 3000 },
    );
  });
});

/** Traces of JavaScript in an answer that were not in what was asked. */
function leaks(answer: string, asked: string): readonly string[] {
  return ['internal error', '[object ', 'native code', 'function (', '=>', 'at Object.'].filter(
    (trace) => answer.includes(trace) && !asked.includes(trace),
  );
}

describe('requests of any shape', () => {
  test.each([
    [null, 'a request is a JSON object'],
    [[], 'a request is a JSON object'],
    [{}, 'template is missing'],
    [{ template: 1 }, 'template must be text'],
    [{ template: '', dialect: 'x' }, 'dialect must be one of go, sprig, package, helm, release'],
    [
      { template: '', dialect: 'constructor' },
      'dialect must be one of go, sprig, package, helm, release',
    ],
    [{ template: '', missingkey: 'x' }, 'missingkey must be default, zero or error'],
    [{ template: '', numbers: 'x' }, 'numbers must be float64 or int64'],
    [{ template: '', delims: ['a'] }, 'delims must be two texts'],
    [{ template: '', templates: { a: 1 } }, 'templates must be an object of texts'],
    [{ template: '', dataText: '{' }, 'data: invalid JSON at offset 1: expected a string'],
    [
      { template: '', data: { $go: 'x', v: 1 }, typed: true },
      'data: cannot read {"$go": "x"} data',
    ],
  ])('%j: %s', (request, error) => {
    expect(answerTemplateRequest(request)).toEqual({ error });
  });

  test('the id comes back, whatever it is', () => {
    expect(answerTemplateRequest({ id: [1], template: 'x' })).toEqual({ id: [1], output: 'x' });
    expect(answerTemplateRequest({ id: 7 })).toEqual({ id: 7, error: 'template is missing' });
  });

  test('bytes that are no UTF-8 come back as base64', () => {
    expect(answerTemplateRequest({ template: '{{"\\xff"}}' })).toEqual({ outputBase64: '/w==' });
  });
});

describe('what is cheap to write and dear to carry out', () => {
  const doubled = (step: string): string =>
    `{{$x := list 1}}{{range 60}}{{$x = ${step}}}{{end}}{{len $x}}`;
  const shared = (use: string): string =>
    `{{$d := dict "k" 1}}{{range 60}}{{$d = dict "a" $d "b" $d}}{{end}}{{${use}}}`;

  test.each([
    ['text that doubles', '{{$x := "ab"}}{{range 60}}{{$x = print $x $x}}{{end}}{{$x}}'],
    [
      'text that doubles by printf',
      '{{$x := "ab"}}{{range 60}}{{$x = printf "%s%s" $x $x}}{{end}}{{$x}}',
    ],
    ['text that doubles by quoting', '{{$x := "\\""}}{{range 60}}{{$x = quote $x}}{{end}}{{$x}}'],
    [
      'text that doubles by replacing',
      '{{$x := "aa"}}{{range 60}}{{$x = replace "a" "aa" $x}}{{end}}{{$x}}',
    ],
    ['a list that doubles', doubled('concat $x $x')],
    ['a list in lists, printed', '{{$x := list 1}}{{range 60}}{{$x = list $x $x}}{{end}}{{$x}}'],
    ['maps shared sixty levels deep, printed', shared('$d')],
    ['maps shared sixty levels deep, as YAML', shared('toYaml $d')],
    ['maps shared sixty levels deep, as JSON', shared('mustToJson $d')],
    ['maps shared sixty levels deep, copied', shared('deepCopy $d')],
    ['maps shared sixty levels deep, compared', shared('deepEqual $d (deepCopy $d)')],
    ['maps shared sixty levels deep, merged', shared('merge (dict) $d $d')],
    [
      'aliases in YAML',
      '{{$x := "a: &a [1,1,1,1,1,1,1,1,1]\\n"}}{{range $i := 9}}{{$x = printf "%sb%d: &b%d [*a,*a,*a,*a,*a,*a,*a]\\n" $x $i $i}}{{end}}{{fromYaml $x}}',
    ],
    ['deep JSON', '{{repeat 50000 "[" | mustFromJson}}'],
    ['deep YAML', '{{repeat 50000 "[" | fromYaml}}'],
    ['one long line of actions', `{{range 3}}{{end}}${'{{1}}'.repeat(100_000)}`],
    ['many variables', Array.from({ length: 20_000 }, (_, i) => `{{$v${i} := 1}}{{$v0}}`).join('')],
    [
      'a call with many variables',
      `{{define "x"}}${'{{$v := 1}}'.repeat(5000)}{{end}}{{range 100000}}{{template "x"}}{{end}}`,
    ],
    [
      'a map sorted again and again',
      '{{$d := dict}}{{range $i := 5000}}{{$_ := set $d (print $i) 1}}{{end}}{{range 100000}}{{range $d}}{{break}}{{end}}{{end}}',
    ],
    [
      'the length of a long string',
      '{{$x := repeat 90000 "\u65e5"}}{{range 100000}}{{$y := len $x}}{{end}}',
    ],
    [
      'a comparison of long strings',
      '{{$x := repeat 90000 "a"}}{{$y := print $x ""}}{{range 100000}}{{$z := eq $x $y}}{{end}}',
    ],
    ['a version of many digits', '{{semver (repeat 50000 "1")}}'],
    ['a large power', '{{printf "%.1000000f" 1e308}}'],
    [
      'a number with a long exponent',
      '{{float64 (printf "1e%s" (repeat 50000 "9"))}} {{mulf (repeat 5000 "9") (repeat 5000 "9")}}',
    ],
    [
      'a decimal with a huge exponent',
      '{{addf "1e100000000" 1}} {{mulf "1e-100000000" "1e-100000000"}} {{divf 1 "1e9999999"}}',
    ],
    ['wrapping', '{{wrapWith 1 (repeat 1000 "\\n") (repeat 5000 "a ")}}'],
    ['dates', '{{date (repeat 9000 "January ") 0}}'],
    ['a glob', '{{(.Files.Glob (repeat 3000 "{a,"))}}'],
  ])('%s', (_, template) => {
    const started = performance.now();
    const answer = answerTemplateRequest(
      { template, data: {}, dialect: 'helm' },
      { limits: SMALL },
    );
    expect(performance.now() - started).toBeLessThan(4000);
    expect(JSON.stringify(answer).length).toBeLessThan(400_000);
    expect(leaks(JSON.stringify(answer).slice(0, 2000), '')).toEqual([]);
  });
});
