// What every field of Package Operator's kinds must be, one sentence each, and the place in the file where it is told.
import { describe, expect, test } from 'vitest';
import { findApiKind } from '../../src/api/index.ts';
import type { Manifest } from '../../src/model/manifest.ts';
import { readManifests } from '../../src/lang/yaml/index.ts';
import { createSchemaValidator } from '../../src/schema/index.ts';
import { admitUnit } from '../../src/targets/units/admission.ts';
import { repository } from '../support/repository.ts';

const API = 'package-operator.run/v1alpha1';
const HEAD = (kind: string): string =>
  `apiVersion: ${API}\nkind: ${kind}\nmetadata: {name: a, namespace: web}\nspec:\n`;
const OBJECT = '{object: {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}}';

/** A set whose first phase is given; its spec begins on line 5. */
function set(lines: readonly string[], kind = 'ObjectSet'): string {
  return HEAD(kind) + lines.map((line) => `  ${line}\n`).join('');
}

const PHASE = [`phases:`, `- name: one`, `  objects: [${OBJECT}]`];

function deployment(lines: readonly string[], spec: readonly string[] = []): string {
  const outer = ['selector: {matchLabels: {a: b}}', ...spec];
  const template = [
    'template:',
    '  metadata: {}',
    '  spec:',
    ...lines.map((line) => `    ${line}`),
  ];
  return set([...outer, ...template], 'ObjectDeployment');
}

function probe(text: string): string {
  return set([
    ...PHASE,
    'availabilityProbes:',
    '- selector: {kind: {group: apps, kind: Deployment}}',
    `  probes: [${text}]`,
  ]);
}

function template(lines: readonly string[]): string {
  return set(lines, 'ObjectTemplate');
}

const SOURCE = 'apiVersion: v1, kind: ConfigMap, name: x';

/** `line severity message` of everything that reading and rendering the file finds. */
function found(text: string): readonly string[] {
  const [, kind = ''] = /kind: (\w+)/.exec(text) ?? [];
  const { discovery, render } = repository({ 'u.yaml': text });
  const id = `local:${kind}.package-operator.run/web/a`;
  const rendered = discovery.units.some((unit) => unit.id === id) ? render(id).diagnostics : [];
  return [...discovery.diagnostics, ...rendered].map(
    ({ line, severity, message }) => `${line ?? ''} ${severity} ${message}`,
  );
}

type Row = readonly [rule: string, text: string, expected: readonly string[]];

const UNUSUAL =
  'is no DNS-1035 label (at most 63 lower case letters, digits and "-", beginning with a letter): ' +
  'newer engines refuse it, and the names of ObjectSetPhases are built from it';

const PHASES: readonly Row[] = [
  [
    'a phase has a name',
    set(['phases:', `- objects: [${OBJECT}]`]),
    ['6 error spec.phases[0].name: Required value'],
  ],
  [
    'and not an empty one',
    set(['phases:', `- name: ''`, `  objects: [${OBJECT}]`]),
    ['6 error spec.phases[0].name: Required value'],
  ],
  [
    'names of phases are unique in a set',
    set([...PHASE, '- name: two', '- name: one']),
    ['9 error spec.phases[2].name: Duplicate value: "one"'],
  ],
  [
    'and in the template of a deployment',
    deployment([...PHASE, '- name: one']),
    ['12 error spec.template.spec.phases[1].name: Duplicate value: "one"'],
  ],
  [
    'a name that is no DNS-1035 label is told, and works',
    set(['phases:', '- name: One_Phase', `  objects: [${OBJECT}]`]),
    [`6 warning spec.phases[0].name: "One_Phase" ${UNUSUAL}`],
  ],
  [
    'so is one of 64 characters',
    set(['phases:', `- name: ${'a'.repeat(64)}`, `  objects: [${OBJECT}]`]),
    [`6 warning spec.phases[0].name: "${'a'.repeat(64)}" ${UNUSUAL}`],
  ],
  [
    'where an ObjectSetPhase is named after the phase, its name must be one',
    set(['phases:', '- name: One', '  class: elsewhere', `  objects: [${OBJECT}]`]),
    [
      `6 warning spec.phases[0].name: "One" ${UNUSUAL}`,
      '6 error Phase "One": its class "elsewhere" is no target, so an ObjectSetPhase is named after it, and the name must consist of lower case letters, digits, "-" and ".", and start and end with a letter or digit',
    ],
  ],
  [
    'the same for the revisions of a deployment, whose names hold a hash',
    deployment([
      'phases:',
      `- name: ${'p'.repeat(245)}`,
      '  class: elsewhere',
      `  objects: [${OBJECT}]`,
    ]),
    [
      `10 warning spec.template.spec.phases[0].name: "${'p'.repeat(80)}…" ${UNUSUAL}`,
      `10 error Phase "${'p'.repeat(245)}": its class "elsewhere" is no target, so an ObjectSetPhase is named after it, and the name must be no more than 253 characters, has 258`,
    ],
  ],
  [
    'a class that is ours or a target makes no ObjectSetPhase',
    set([
      'phases:',
      '- {name: One, class: default, objects: []}',
      `- {name: Two, class: local, objects: [${OBJECT}]}`,
    ]),
    [
      `6 warning spec.phases[0].name: "One" ${UNUSUAL}`,
      `7 warning spec.phases[1].name: "Two" ${UNUSUAL}`,
    ],
  ],
  [
    'slices have names',
    set([...PHASE, `  slices: ['']`]),
    [
      '8 error spec.phases[0].slices[0]: Invalid value: "": spec.phases[0].slices[0] in body should be at least 1 chars long',
    ],
  ],
];

const OBJECTS: readonly Row[] = [
  [
    'an entry holds an object',
    set(['phases:', '- name: one', '  objects:', '  - collisionProtection: None']),
    ['8 error spec.phases[0].objects[0].object: Required value'],
  ],
  [
    'collisionProtection is one of three',
    set([
      'phases:',
      '- name: one',
      '  objects:',
      `  - object: {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}`,
      '    collisionProtection: Never',
    ]),
    [
      '9 error spec.phases[0].objects[0].collisionProtection: Unsupported value: "Never": supported values: "Prevent", "IfNoController", "None"',
    ],
  ],
  [
    'a mapping has a source',
    set([
      'phases:',
      '- name: one',
      '  objects:',
      `  - object: {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}`,
      '    conditionMappings: [{destinationType: a.b/C}]',
    ]),
    ['9 error spec.phases[0].objects[0].conditionMappings[0].sourceType: Required value'],
  ],
  [
    'and a destination with a prefix',
    set([
      'phases:',
      '- name: one',
      '  objects:',
      `  - object: {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}`,
      '    conditionMappings: [{sourceType: A, destinationType: B}]',
    ]),
    [
      expect.stringMatching(
        /^9 error spec\.phases\[0\]\.objects\[0\]\.conditionMappings\[0\]\.destinationType: Invalid value: "B": .* should match /,
      ) as unknown as string,
    ],
  ],
];

const PROBES: readonly Row[] = [
  [
    'a condition has a type',
    probe('{condition: {}}'),
    ['10 error spec.availabilityProbes[0].probes[0].condition.type: Required value'],
  ],
  [
    'its status is one of three',
    probe('{condition: {type: A, status: Yes please}}'),
    [
      '10 error spec.availabilityProbes[0].probes[0].condition.status: Unsupported value: "Yes please": supported values: "True", "False", "Unknown"',
    ],
  ],
  [
    'and a text',
    probe('{condition: {type: A, status: true}}'),
    [
      '10 error spec.availabilityProbes[0].probes[0].condition.status: Invalid value: "boolean": spec.availabilityProbes[0].probes[0].condition.status in body must be of type string: "boolean"',
      '10 error spec.availabilityProbes[0].probes[0].condition.status: Unsupported value: true: supported values: "True", "False", "Unknown"',
    ],
  ],
  [
    'fieldsEqual has two fields',
    probe('{fieldsEqual: {fieldA: .a}}'),
    ['10 error spec.availabilityProbes[0].probes[0].fieldsEqual.fieldB: Required value'],
  ],
  [
    'cel has a rule and a message',
    probe('{cel: {}}'),
    [
      '10 error spec.availabilityProbes[0].probes[0].cel.rule: Required value',
      '10 error spec.availabilityProbes[0].probes[0].cel.message: Required value',
    ],
  ],
  [
    'a kind is named',
    set([...PHASE, 'availabilityProbes:', '- selector: {kind: {group: apps}}', '  probes: []']),
    ['9 error spec.availabilityProbes[0].selector.kind.kind: Required value'],
  ],
  [
    'the core group need not be',
    set([...PHASE, 'availabilityProbes:', '- selector: {kind: {kind: ConfigMap}}', '  probes: []']),
    [],
  ],
  [
    'there is a list of probes',
    set([...PHASE, 'availabilityProbes:', '- selector: {kind: {group: apps, kind: Deployment}}']),
    ['9 error spec.availabilityProbes[0].probes: Required value'],
  ],
  [
    'an operator is one of four',
    set([
      ...PHASE,
      'availabilityProbes:',
      '- probes: []',
      '  selector: {selector: {matchExpressions: [{key: a, operator: Is}]}}',
    ]),
    [
      '10 error spec.availabilityProbes[0].selector.selector.matchExpressions[0].operator: Unsupported value: "Is": supported values: "In", "NotIn", "Exists", "DoesNotExist"',
    ],
  ],
  [
    'In has values',
    set([
      ...PHASE,
      'availabilityProbes:',
      '- probes: []',
      '  selector: {selector: {matchExpressions: [{key: a, operator: In}]}}',
    ]),
    [
      "10 error spec.availabilityProbes[0].selector.selector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
    ],
  ],
  [
    'Exists has none',
    deployment(PHASE, []).replace(
      '{matchLabels: {a: b}}',
      '{matchExpressions: [{key: a, operator: Exists, values: [b]}]}',
    ),
    [
      "5 error spec.selector.matchExpressions[0].values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
    ],
  ],
];

const REST: readonly Row[] = [
  [
    'lifecycleState is one of three',
    set([...PHASE, 'lifecycleState: Stopped']),
    [
      '8 error spec.lifecycleState: Unsupported value: "Stopped": supported values: "Active", "Paused", "Archived"',
    ],
  ],
  [
    'a previous set has a name',
    set([...PHASE, 'previous: [{}]']),
    ['8 error spec.previous[0].name: Required value'],
  ],
  [
    'one that is named twice is told',
    set([...PHASE, 'previous: [{name: b}, {name: b}]']),
    ['8 warning spec.previous[1].name: Duplicate value: "b"'],
  ],
  [
    'successDelaySeconds is not negative',
    set([...PHASE, 'successDelaySeconds: -1']),
    [
      '8 error spec.successDelaySeconds: Invalid value: -1: spec.successDelaySeconds in body should be greater than or equal to 0',
    ],
  ],
  [
    'and an int32',
    set([...PHASE, 'successDelaySeconds: 2147483648']),
    [
      '8 error spec.successDelaySeconds: Invalid value: 2147483648: spec.successDelaySeconds in body must be of type int32: 2147483648',
    ],
  ],
  [
    'revisionHistoryLimit is not negative',
    deployment(PHASE, ['revisionHistoryLimit: -1']),
    [
      '6 error spec.revisionHistoryLimit: Invalid value: -1: spec.revisionHistoryLimit in body should be greater than or equal to 0',
    ],
  ],
  [
    'a deployment has a selector and a template',
    set(['paused: false'], 'ObjectDeployment'),
    ['5 error spec.selector: Required value', '5 error spec.template: Required value'],
  ],
  [
    'a template has metadata and a spec',
    set(['selector: {}', 'template: {}'], 'ObjectDeployment'),
    [
      '6 error spec.template.metadata: Required value',
      '6 error spec.template.spec: Required value',
    ],
  ],
  [
    'an ObjectSetPhase has a revision and objects',
    set(['paused: false'], 'ObjectSetPhase'),
    ['5 error spec.revision: Required value', '5 error spec.objects: Required value'],
  ],
  [
    'a package has an image',
    set(['config: {}'], 'Package'),
    ['5 error spec.image: Required value'],
  ],
  [
    'paused is a boolean',
    set(['image: ./x', `paused: 'true'`], 'Package'),
    [
      '6 error spec.paused: Invalid value: "string": spec.paused in body must be of type boolean: "string"',
    ],
  ],
  [
    'an ObjectTemplate has a template and sources',
    template(['{}']).replace('  {}\n', '  other: 1\n'),
    [
      '5 error spec.template: Required value',
      '5 error spec.sources: Required value',
      '5 warning spec.other: unknown field, it has no effect',
    ],
  ],
  [
    'a source has a kind, a name and items',
    template([`template: ''`, 'sources: [{apiVersion: v1}]']),
    [
      '6 error spec.sources[0].kind: Required value',
      '6 error spec.sources[0].name: Required value',
      '6 error spec.sources[0].items: Required value',
    ],
  ],
  [
    'an item has a key and a destination',
    template([`template: ''`, `sources: [{${SOURCE}, items: [{}]}]`]),
    [
      '6 error spec.sources[0].items[0].key: Required value',
      '6 error spec.sources[0].items[0].destination: Required value',
    ],
  ],
];

describe.each([
  ['phases', PHASES],
  ['objects of phases', OBJECTS],
  ['probes', PROBES],
  ['the rest', REST],
])('%s', (_name, rows) => {
  test.each(rows)('%s', (_rule, text, expected) => {
    expect(found(text)).toEqual(expected);
  });
});

describe('units that a package asks for', () => {
  test('are held to the same rules', () => {
    const text = set([...PHASE, '- name: one', `- name: ''`]);
    const [document] = readManifests(new TextEncoder().encode(text), { file: 'u.yaml' }).documents;
    const kind = findApiKind(API, 'ObjectSet');
    if (kind === undefined) throw new Error('ObjectSet is gone');
    const answer = admitUnit(kind, document?.value as unknown as Manifest, createSchemaValidator());
    expect(answer).toMatchObject({
      kind: 'rejected',
      reason: 'Invalid',
      message:
        'ObjectSet "a" is invalid: spec.phases[1].name: Duplicate value: "one", ' +
        'spec.phases[2].name: Required value',
    });
  });
});

describe('phases of a package manifest', () => {
  const manifest = (phases: string): Record<string, string> => ({
    'p/manifest.yaml':
      'apiVersion: manifests.package-operator.run/v1alpha1\nkind: PackageManifest\nmetadata: {name: p}\n' +
      `spec:\n  scopes: [Namespaced]\n  phases:\n${phases}`,
    'p/a.yaml':
      'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  annotations: {package-operator.run/phase: One}\n',
    'u.yaml': `${HEAD('Package')}  image: ./p\n`,
  });
  const say = (phases: string): readonly string[] =>
    repository(manifest(phases))
      .render('local:Package.package-operator.run/web/a')
      .diagnostics.map(({ file, line, severity, message }) => {
        return `${file}:${line} ${severity} ${message}`;
      });

  test.each<Row>([
    [
      'have a name',
      `  - name: ''\n`,
      [
        'p/manifest.yaml:7 error PackageManifest invalid in manifest.yaml: spec.phases[0].name: Required value',
      ],
    ],
    [
      'of their own',
      '  - name: One\n  - name: One\n',
      [
        'p/manifest.yaml:8 error PackageManifest invalid in manifest.yaml: spec.phases[1].name: Invalid value: "One": must be unique',
      ],
    ],
    [
      'that other engines take, or a warning',
      '  - name: One\n',
      [`p/manifest.yaml:7 warning spec.phases[0].name: "One" ${UNUSUAL}`],
    ],
    [
      'that can be part of the name of an ObjectSetPhase, where there is one',
      '  - name: One\n    class: elsewhere\n',
      [
        `p/manifest.yaml:7 warning spec.phases[0].name: "One" ${UNUSUAL}`,
        'p/manifest.yaml:7 error Phase "One": its class "elsewhere" is no target, so an ObjectSetPhase is named after it, and the name must consist of lower case letters, digits, "-" and ".", and start and end with a letter or digit',
      ],
    ],
  ])('%s', (_rule, phases, expected) => {
    expect(say(phases)).toEqual(expected);
  });
});
