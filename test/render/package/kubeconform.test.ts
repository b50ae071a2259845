// Objects against built-in schemas and the definitions of their package: what strict means, row by row.
import { describe, expect, test } from 'vitest';
import { schemaChecks } from '../../../src/render/package/kubeconform/index.ts';
import { loadPackage } from '../../../src/render/package/load-package.ts';
import { formatViolation } from '../../../src/render/package/violation.ts';
import { createSchemaValidator } from '../../../src/schema/index.ts';
import { textFiles } from '../../support/package-files.ts';
import { widgetDefinition } from '../../support/manifests.ts';

const validator = createSchemaValidator();

const MANIFEST = `apiVersion: manifests.package-operator.run/v1alpha1
kind: PackageManifest
metadata: {name: shop}
spec:
  scopes: [Namespaced]
  phases: [{name: deploy}]
test:
  kubeconform: {kubernetesVersion: v1.36.2}
`;

const CRD = widgetDefinition(`          required: [spec]
          properties:
            spec:
              type: object
              required: [size, color]
              properties:
                size: {type: integer, minimum: 1}
                color: {type: string, default: red}
                note: {type: string, nullable: true}
                port: {x-kubernetes-int-or-string: true}
                free: {type: object, x-kubernetes-preserve-unknown-fields: true}
                map: {type: object, additionalProperties: {type: integer}}
                list: {type: array, items: {type: object, properties: {name: {type: string}}}}
                template: {type: object, x-kubernetes-embedded-resource: true, x-kubernetes-preserve-unknown-fields: true}
`);

/** What is refused of the documents of one file, without the head of the message. */
function refused(text: string, others: Readonly<Record<string, string>> = {}): readonly string[] {
  const files = textFiles({ 'manifest.yaml': MANIFEST, 'a.yaml': text, ...others });
  const loaded = loadPackage(files, { validator });
  if (loaded.kind === 'invalid') throw new Error(JSON.stringify(loaded.violations));
  const reports = schemaChecks(loaded.package, '', validator).map((check) => {
    const step = check.next();
    if (step.kind === 'needs') throw new Error(`needs ${step.addresses.join()}`);
    return step.report;
  });
  expect(reports.flatMap(({ faults }) => faults)).toEqual([]);
  expect(reports.flatMap(({ unknown }) => unknown)).toEqual([]);
  return reports
    .flatMap(({ groups }) => groups)
    .flatMap(({ violations }) => violations)
    .map((violation) => formatViolation(violation).replace(/^.* is invalid: /, ''));
}

const pod = (container: string, more = ''): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers: [{name: c, image: i${container}}]\n${more}`;

describe('built-in kinds', () => {
  test.each<readonly [string, string, readonly string[]]>([
    ['what is right passes', pod(''), []],
    [
      'a field that the kind does not have',
      pod(', imagePullPolice: Always'),
      ["spec.containers[0].imagePullPolice: unknown field. Did you mean 'imagePullPolicy'?"],
    ],
    [
      'a field of a wrong type',
      pod(', args: x'),
      [
        'spec.containers[0].args: Invalid value: "string": spec.containers[0].args in body must be of type array: "string"',
      ],
    ],
    [
      'a number where text belongs, in an environment',
      pod(', env: [{name: A, value: 1}]'),
      [
        'spec.containers[0].env[0].value: Invalid value: "integer": spec.containers[0].env[0].value in body must be of type string: "integer"',
      ],
    ],
    [
      'a required field that is missing',
      'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {}\n',
      ['spec.containers: Required value'],
    ],
    [
      'a field of metadata that there is not',
      'apiVersion: v1\nkind: Pod\nmetadata: {name: a, label: {}}\n',
      ["metadata.label: unknown field. Did you mean 'labels'?"],
    ],
    [
      'a label that is no text',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, labels: {a: 1}}\n',
      [
        'metadata.labels.a: Invalid value: "integer": metadata.labels.a in body must be of type string: "integer"',
      ],
    ],
    ['a port by number', pod(', livenessProbe: {httpGet: {port: 80}}'), []],
    ['a port by name', pod(', livenessProbe: {httpGet: {port: http}}'), []],
    [
      'a port that is neither',
      pod(', livenessProbe: {httpGet: {port: true}}'),
      [
        'spec.containers[0].livenessProbe.httpGet.port: Invalid value: "boolean": spec.containers[0].livenessProbe.httpGet.port in body must be of type integer,string: "boolean"',
      ],
    ],
    [
      'quantities as text and as numbers',
      pod(', resources: {limits: {cpu: 0.5, memory: 1Gi}}'),
      [],
    ],
    [
      'a quantity that is neither',
      pod(', resources: {limits: {cpu: [1]}}'),
      [
        'spec.containers[0].resources.limits.cpu: Invalid value: "array": spec.containers[0].resources.limits.cpu in body must be of type string,number: "array"',
      ],
    ],
    ['a field that is left null', pod(', command: null'), []],
    [
      'an entry of a list and a value of a map that are null',
      pod(', args: [null]', '  nodeSelector: {a: null}\n'),
      [],
    ],
    [
      'null in a field that must be there',
      'apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{port: null}]}\n',
      [
        'spec.ports[0].port: Invalid value: "null": spec.ports[0].port in body must be of type integer: "null"',
      ],
    ],
    [
      'null in objects that must be there',
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: {selector: null, template: null}\n',
      [
        '[spec.selector: Invalid value: "null": spec.selector in body must be of type object: "null", spec.template: Invalid value: "null": spec.template in body must be of type object: "null"]',
      ],
    ],
    [
      'several findings are one refusal',
      pod(', a: 1', '  b: 1\n'),
      ['[spec.b: unknown field, spec.containers[0].a: unknown field]'],
    ],
    [
      'a time that is none',
      'apiVersion: v1\nkind: Pod\nmetadata: {name: a, creationTimestamp: yesterday}\n',
      [
        'metadata.creationTimestamp: Invalid value: "yesterday": metadata.creationTimestamp in body must be of type date-time: "yesterday"',
      ],
    ],
    [
      'an item of a List',
      'apiVersion: v1\nkind: List\nmetadata: {}\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: b}, dat: {}}\n',
      ["items[1].dat: unknown field. Did you mean 'data'?"],
    ],
    ['any JSON in a definition', CRD, []],
    [
      'an unknown field in the schema of a definition',
      CRD.replace('minimum: 1', 'minimun: 1'),
      [
        "spec.versions[0].schema.openAPIV3Schema.properties.spec.properties.size.minimun: unknown field. Did you mean 'minimum'?",
      ],
    ],
  ])('%s', (_name, text, expected) => {
    expect(refused(text)).toEqual(expected);
  });
});

describe('kinds that the package defines', () => {
  const widget = (spec: string): string =>
    `apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: a}\nspec: {${spec}}\n`;
  test.each<readonly [string, string, readonly string[]]>([
    ['what is right passes, and a default stands in for what is missing', 'size: 1', []],
    ['a required field without default', 'color: red', ['spec.size: Required value']],
    [
      'a field that the schema does not have',
      'size: 1, colour: red',
      ["spec.colour: unknown field. Did you mean 'color'?"],
    ],
    [
      'a wrong type',
      'size: big',
      ['spec.size: Invalid value: "string": spec.size in body must be of type integer: "string"'],
    ],
    [
      'a number that is too small',
      'size: 0',
      ['spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1'],
    ],
    ['null where it is allowed', 'size: 1, note: null', []],
    [
      'null where it is not',
      'size: null',
      ['spec.size: Invalid value: "null": spec.size in body must be of type integer: "null"'],
    ],
    ['an integer or a text', 'size: 1, port: http', []],
    ['fields that are to be preserved', 'size: 1, free: {any: {thing: 1}}', []],
    ['keys of a map', 'size: 1, map: {any: 1}', []],
    [
      'a field in an item of a list',
      'size: 1, list: [{name: a}, {nam: b}]',
      ["spec.list[1].nam: unknown field. Did you mean 'name'?"],
    ],
    [
      'a whole resource inside',
      'size: 1, template: {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {}}',
      [],
    ],
  ])('%s', (_name, spec, expected) => {
    expect(refused(widget(spec), { 'crd.yaml': CRD })).toEqual(expected);
  });
});
