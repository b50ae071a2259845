// What may be seen of objects that hold values of Secrets.
import { describe, expect, test } from 'vitest';
import type { DesiredState } from '../../src/model/desired.ts';
import { diagnostic } from '../../src/model/diagnostic.ts';
import type { Manifest } from '../../src/model/manifest.ts';
import { refOf } from '../../src/model/object-key.ts';
import { holdsRedacted } from '../../src/model/secrecy.ts';
import { secretInputs, withSecrecy } from '../../src/render/secret-inputs.ts';
import { templateHash } from '../../src/render/template-hash.ts';
import type { Answer, RenderResult } from '../../src/render/unit.ts';

const PASSWORD = 'correct horse';
const DATA = Buffer.from(PASSWORD).toString('base64');

function answers(resourceVersion = '1', data = DATA): ReadonlyMap<string, Answer> {
  return new Map<string, Answer>([
    [
      'object:v1/Secret/ns/s',
      {
        kind: 'object',
        object: {
          apiVersion: 'v1',
          kind: 'Secret',
          metadata: {
            name: 's',
            namespace: 'ns',
            uid: 'u',
            resourceVersion,
            annotations: {
              'kubectl.kubernetes.io/last-applied-configuration': `{"data":"${data}"}`,
            },
          },
          data: { password: data },
        },
      },
    ],
    ['scope:v1/ConfigMap', { kind: 'scope', scope: 'Namespaced' }],
  ]);
}

function rendered(manifest: Manifest): Extract<RenderResult, { kind: 'rendered' }> {
  const phases = [
    {
      name: 'object',
      class: undefined,
      objects: [
        {
          ref: refOf(manifest),
          manifest,
          collisionProtection: 'Prevent' as const,
          conditionMappings: [],
          source: { file: 't.yaml' },
        },
      ],
    },
  ];
  const content = { phases, availabilityProbes: [], builtinProbes: false, successDelaySeconds: 0 };
  const desired: DesiredState = {
    ...content,
    revisionHistoryLimit: 1,
    timeoutMs: undefined,
    annotations: {},
    templateHash: templateHash({ ...content, metadata: null }),
  };
  return { kind: 'rendered', desired, diagnostics: [] };
}

const map = (more: object, name = 'made'): Manifest => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'ns' },
  ...more,
});

function conceal(real: Manifest, shadow: Manifest | undefined, given = answers()) {
  const inputs = secretInputs(given);
  if (!inputs) throw new Error('no secret');
  const failed: RenderResult = { kind: 'failed', diagnostics: [] };
  const open = 'object v1 ConfigMap ns made';
  return withSecrecy(rendered(real), shadow ? rendered(shadow) : failed, { ...inputs, open });
}

function shown(real: Manifest, shadow: Manifest | undefined): Manifest | undefined {
  const result = conceal(real, shadow);
  return result.kind === 'rendered'
    ? result.desired.phases[0]?.objects[0]?.secrecy?.shown
    : undefined;
}

describe('answers', () => {
  test('without a Secret need no second render', () => {
    expect(secretInputs(new Map([['environment', { kind: 'environment', environment: {} }]]))).toBe(
      undefined,
    );
  });

  test('with one have a placeholder for each value, the copy in the annotation included', () => {
    const inputs = secretInputs(answers());
    const text = JSON.stringify([...(inputs?.placeholders ?? [])]);
    expect(text).not.toContain(DATA);
    expect(text).toContain('"password"');
    expect(text).toContain('Namespaced');
    expect(inputs?.values).toEqual(expect.arrayContaining([DATA, PASSWORD]));
  });
});

describe('what is shown', () => {
  test.each([
    [
      'a leaf that differs is masked, the others are not',
      map({ data: { a: `x ${PASSWORD}`, b: 'plain' } }),
      map({ data: { a: 'x placeholder', b: 'plain' } }),
      map({ data: { a: '(secret)', b: 'plain' } }),
    ],
    [
      'a key that comes from a value is masked with what is under it',
      map({ data: { [PASSWORD]: '1' } }),
      map({ data: { placeholder: '1' } }),
      map({ data: { '(secret)': '(secret)' } }),
    ],
    [
      'a list that got longer hides what the other has not',
      map({ data: { list: ['a', PASSWORD] } }),
      map({ data: { list: ['a'] } }),
      map({ data: { list: ['a', '(secret)'] } }),
    ],
    [
      'another type hides all of it',
      map({ data: { a: { b: 'c' } } }),
      map({ data: 'text' }),
      map({ data: '(secret)' }),
    ],
    [
      'without a second render nothing but the name is shown',
      map({ data: { a: 'x' }, immutable: true }),
      undefined,
      map({ data: '(secret)', immutable: '(secret)' }),
    ],
  ])('%s', (_what, real, shadow, expected) => {
    expect(shown(real, shadow)).toEqual(expected);
  });

  test('is known as something that must not be written', () => {
    expect(holdsRedacted(shown(map({ data: { a: PASSWORD } }), map({ data: { a: 'p' } })))).toBe(
      true,
    );
    expect(holdsRedacted(shown(map({ data: { a: 'same' } }), map({ data: { a: 'same' } })))).toBe(
      false,
    );
  });
});

describe('the hash', () => {
  const hash = (real: Manifest, given: ReturnType<typeof answers>): string => {
    const result = conceal(real, map({ data: { a: 'placeholder' } }), given);
    return result.kind === 'rendered' ? result.desired.templateHash : '';
  };

  test('is the same for other values of the same version, so it tells nothing of them', () => {
    const other = Buffer.from('other').toString('base64');
    expect(hash(map({ data: { a: PASSWORD } }), answers('1'))).toBe(
      hash(map({ data: { a: 'other' } }), answers('1', other)),
    );
  });

  test('is another one for another version', () => {
    expect(hash(map({ data: { a: PASSWORD } }), answers('1'))).not.toBe(
      hash(map({ data: { a: PASSWORD } }), answers('2')),
    );
  });
});

describe('trouble', () => {
  test('a name that rests on a value is refused', () => {
    const result = conceal(map({}, 'horse'), map({}, 'placeholder'));
    expect(result.diagnostics.map(({ message }) => message)).toEqual([
      'the kind, name or namespace of the object rests on a value of a Secret, or cannot be told apart from one',
    ]);
  });

  test('where the second render failed a name counts that is written out in the unit', () => {
    expect(conceal(map({}, 'made'), undefined).kind).toBe('rendered');
    expect(conceal(map({}, 'horsename'), undefined).kind).toBe('failed');
  });

  test.each([
    ['the version', { apiVersion: 'v2' }],
    ['the kind', { kind: 'horse' }],
  ])('%s that rests on a value is refused, and not printed', (_what, more) => {
    const result = conceal(map(more), map({}));
    expect(result.kind).toBe('failed');
    expect(JSON.stringify(result.diagnostics)).not.toContain('horse');
  });

  test('a message that the second render does not give as well is withheld, with its place', () => {
    const inputs = secretInputs(answers());
    if (!inputs) throw new Error('no secret');
    const at = { file: 't.yaml', line: 3 };
    const failed = {
      kind: 'failed' as const,
      diagnostics: [diagnostic('TemplateFailed', 'fail: CORRECT HOR', at)],
    };
    const secrecy = { ...inputs, open: '' };
    expect(withSecrecy(failed, rendered(map({})), secrecy).diagnostics).toEqual([
      {
        ...at,
        code: 'TemplateFailed',
        severity: 'error',
        message: 'a value of a Secret makes it so; the message may hold the value and is withheld',
      },
    ]);
    const shadow = {
      kind: 'failed' as const,
      diagnostics: [
        diagnostic('TemplateFailed', 'fail: SLUICE-PLACEHOLDER-FOR-A-SECRET-VALUE', at),
      ],
    };
    expect(withSecrecy(failed, shadow, secrecy).diagnostics[0]?.message).toBe('fail: (secret)');
  });

  test('values are cut out of messages', () => {
    const inputs = secretInputs(answers());
    if (!inputs) throw new Error('no secret');
    const failed = {
      kind: 'failed' as const,
      diagnostics: [diagnostic('TemplateFailed', `fail: ${PASSWORD}, in base64 ${DATA}`)],
    };
    const result = withSecrecy(failed, failed, { ...inputs, open: '' });
    expect(result.diagnostics[0]?.message).toBe('fail: (secret), in base64 (secret)');
  });

  test('a line of a value that a message quotes is not told: the line of the second render is', () => {
    const key = Buffer.from('-----BEGIN KEY-----\nMIIEow\n  half\n}\n').toString('base64');
    const inputs = secretInputs(answers('1', key));
    if (!inputs) throw new Error('no secret');
    const quoting = (line: string): Extract<RenderResult, { kind: 'failed' }> => ({
      kind: 'failed',
      diagnostics: [diagnostic('PackageInvalid', `line 9 of the rendered file: ${line}`)],
    });
    const shadow = quoting('sluice-placeholder-for-a-secret-value');
    const result = withSecrecy(quoting('MIIEow'), shadow, { ...inputs, open: '' });
    expect(result.diagnostics[0]?.message).toBe('line 9 of the rendered file: (secret)');
  });
});
