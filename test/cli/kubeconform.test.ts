// `sluice test` on packages with `test.kubeconform`: built-in schemas, schemas of the repository, and of a server.
import { execFileSync } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cli } from '../support/cli.ts';
import type { CliResult } from '../support/cli.ts';
import { cleanUpAfterwards, temporaryFolder } from '../support/git-fixture.ts';
import { startHttpServer } from '../support/http-server.ts';
import type { TestServer } from '../support/http-server.ts';

cleanUpAfterwards();

type Files = Readonly<Record<string, string>>;

interface Manifest {
  readonly version?: string;
  readonly locations?: readonly string[];
  readonly cases?: string;
  readonly components?: boolean;
}

const manifest = ({ version = '1.36', locations, cases, components }: Manifest = {}): string =>
  `apiVersion: manifests.package-operator.run/v1alpha1
kind: PackageManifest
metadata: {name: shop}
spec:
  scopes: [Namespaced]
  phases: [{name: deploy}]
${components ? '  components: {}\n' : ''}test:
  kubeconform:
    kubernetesVersion: "${version}"
${locations === undefined ? '' : `    schemaLocations: ${JSON.stringify(locations)}\n`}${cases === undefined ? '' : `  template:\n${cases}`}`;

const object = (apiVersion: string, kind: string, rest: string): string =>
  `apiVersion: ${apiVersion}
kind: ${kind}
metadata:
  name: web
  annotations: {package-operator.run/phase: deploy}
${rest}`;

const CASE = '    - {name: one, context: {package: {metadata: {name: mine}}, config: {}}}\n';
const CONFIG_MAP = object('v1', 'ConfigMap', 'data: {a: b}\n');
const WIDGET = object('example.com/v1', 'Widget', 'spec: {size: 3}\n');
const DEPLOYMENT = object(
  'apps/v1',
  'Deployment',
  `spec:
  replicas: 1
  selector: {matchLabels: {a: b}}
  template:
    metadata: {labels: {a: b}}
    spec: {containers: [{name: web, image: nginx}]}
`,
);
const WIDGET_SCHEMA = {
  type: 'object',
  required: ['apiVersion', 'kind', 'metadata'],
  additionalProperties: false,
  properties: {
    apiVersion: { type: 'string' },
    kind: { type: 'string' },
    metadata: { type: 'object' },
    spec: { $ref: 'parts.json#/definitions/spec' },
  },
};
const PARTS = {
  definitions: {
    spec: {
      type: 'object',
      additionalProperties: false,
      properties: { size: { type: 'integer', minimum: 0, exclusiveMinimum: true } },
    },
  },
};

/** A repository; the package lies in packages/shop. */
async function repository(files: Files): Promise<string> {
  const root = temporaryFolder();
  await mkdir(path.join(root, '.git'));
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(root, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  return root;
}

const inPackage = (files: Files): Files =>
  Object.fromEntries(Object.entries(files).map(([name, text]) => [`packages/shop/${name}`, text]));

async function run(files: Files, ...flags: readonly string[]): Promise<CliResult> {
  return cli(['test', 'packages/shop', ...flags], { cwd: await repository(files) });
}

describe('with built-in schemas', () => {
  test('objects of a case that are right pass', async () => {
    const result = await run(
      inPackage({
        'manifest.yaml': manifest({ cases: CASE }),
        'web.yaml.gotmpl': DEPLOYMENT,
        '.test-fixtures/one/web.yaml': DEPLOYMENT,
      }),
    );
    expect(result).toEqual({
      code: 0,
      out: '1 passed, 0 failed\n',
      err: 'PASS packages/shop one\n',
    });
  });

  test('what a template makes is refused with file, object and field', async () => {
    const wrong = DEPLOYMENT.replace('replicas: 1', 'replica: 1');
    const result = await run(
      inPackage({
        'manifest.yaml': manifest({ cases: CASE }),
        'web.yaml.gotmpl': wrong,
        '.test-fixtures/one/web.yaml': wrong,
      }),
    );
    expect(result.code).toBe(1);
    expect(result.err).toBe(
      `FAIL packages/shop one
  Kubeconform rejected schema in web.yaml idx 0: Deployment.apps "web" is invalid: spec.replica: unknown field. Did you mean 'replicas'?
`,
    );
  });

  test('fixtures are written all the same, and the case fails', async () => {
    const result = await run(
      inPackage({
        'manifest.yaml': manifest({ cases: CASE }),
        'web.yaml.gotmpl': DEPLOYMENT.replace('replicas: 1', 'replicas: one'),
      }),
      '--update',
    );
    expect(result.code).toBe(1);
    expect(result.out).toBe('0 passed, 1 failed\n');
    expect(result.err).toContain('WROTE packages/shop one\nFAIL packages/shop one\n');
    expect(result.err).toContain('spec.replicas in body must be of type integer: "string"');
  });

  test('a package without cases has its plain objects checked, document by document', async () => {
    const result = await run(
      inPackage({
        'manifest.yaml': manifest(),
        'all.yaml': `${CONFIG_MAP}---\n${DEPLOYMENT.replace(/ {2}selector.*\n/, '')}`,
      }),
    );
    expect(result.code).toBe(1);
    expect(result.err).toBe(
      `FAIL packages/shop
  Kubeconform rejected schema in all.yaml idx 1: Deployment.apps "web" is invalid: spec.selector: Required value
`,
    );
  });

  test('a component is checked by its own manifest', async () => {
    const result = await run({
      ...inPackage({
        'manifest.yaml': manifest({ components: true }),
        'web.yaml': CONFIG_MAP,
        'components/db/manifest.yaml': manifest().replace('name: shop', 'name: db'),
        'components/db/db.yaml': CONFIG_MAP.replace('\ndata:', '\ndat:'),
      }),
    });
    expect(result.code).toBe(1);
    expect(result.err).toContain('PASS packages/shop\n');
    expect(result.err).toContain('FAIL packages/shop db\n  Kubeconform rejected schema in db.yaml');
  });

  test('a key that stands twice is refused, as strict reading does', async () => {
    const result = await run(
      inPackage({ 'manifest.yaml': manifest(), 'web.yaml': `${CONFIG_MAP}data: {c: d}\n` }),
    );
    expect(result.code).toBe(1);
    expect(result.err).toContain('Kubeconform rejected schema in web.yaml idx 0');
    expect(result.err).toContain('data');
  });

  test('kinds without a schema are counted, and pass', async () => {
    const result = await run(
      inPackage({
        'manifest.yaml': manifest(),
        'web.yaml': `${WIDGET}---\n${WIDGET.replace('name: web', 'name: other')}`,
      }),
    );
    expect(result.code).toBe(0);
    expect(result.err).toBe(
      'PASS packages/shop\npackages/shop: 2 objects not checked: no schema for Widget.example.com/v1\n',
    );
  });

  test('a package that does not ask for it is not checked', async () => {
    const result = await run(
      inPackage({
        'manifest.yaml': manifest().replace(/test:[^]*/, ''),
        'web.yaml': CONFIG_MAP.replace('\ndata:', '\ndat:'),
      }),
    );
    expect(result.code).toBe(0);
    expect(result.err).not.toContain('Kubeconform');
  });
});

describe('with schemas of the repository', () => {
  const files = (location: string, widget = WIDGET, folder = 'packages/shop/schemas'): Files => ({
    ...inPackage({ 'manifest.yaml': manifest({ locations: [location] }), 'web.yaml': widget }),
    [`${folder}/widget_v1.json`]: JSON.stringify(WIDGET_SCHEMA),
    [`${folder}/parts.json`]: JSON.stringify(PARTS),
  });
  const LAYOUT = '{{ .ResourceKind }}_{{ .ResourceAPIVersion }}.json';

  test.each([
    ['a path starts at the package', `schemas/${LAYOUT}`, 'packages/shop/schemas'],
    ['dots lead to the rest of the repository', `../../schemas/${LAYOUT}`, 'schemas'],
    ['a slash starts at the root of the repository', `/schemas/${LAYOUT}`, 'schemas'],
  ])('%s', async (_name, location, folder) => {
    expect(await run(files(location, WIDGET, folder))).toMatchObject({ code: 0 });
    const wrong = await run(files(location, WIDGET.replace('size: 3', 'size: 0'), folder));
    expect(wrong.code).toBe(1);
    expect(wrong.err).toContain('Widget.example.com "web" is invalid: spec.size');
    expect(wrong.err).toContain('should be greater than 0');
  });

  test('a reference to another document is followed, and nothing else is known', async () => {
    const result = await run(files(`schemas/${LAYOUT}`, WIDGET.replace('size: 3', 'sise: 3')));
    expect(result.err).toContain("spec.sise: unknown field. Did you mean 'size'?");
  });

  test.each([
    ['leaves the repository', '../../../schemas/x.json', 'leaves the repository'],
    ['has a template that cannot be read', 'schemas/{{ .Kind', 'schemaLocations[0]'],
    ['names a value that there is not', 'schemas/{{ .Kind }}.json', 'schemaLocations[0]'],
    ['is of another scheme', 'file:///etc/{{ .Group }}.json', 'https://'],
  ])('a location that %s is a fault of the manifest', async (_name, location, text) => {
    const result = await run(files(location));
    expect(result.code).toBe(1);
    expect(result.err).toContain('PackageManifest invalid in manifest.yaml');
    expect(result.err).toContain(text);
  });

  test('a folder that is not there is an error', async () => {
    const result = await run(files(`schema/${LAYOUT}`));
    expect(result.code).toBe(1);
    expect(result.err).toContain(`schema/${LAYOUT}: the repository has no such folder`);
  });

  test('a document that is no JSON is an error', async () => {
    const result = await run({
      ...files(`schemas/${LAYOUT}`),
      'packages/shop/schemas/widget_v1.json': '<html>',
    });
    expect(result.code).toBe(1);
    expect(result.err).toContain('packages/shop/schemas/widget_v1.json is no JSON document');
  });

  test('a reference to nothing is an error', async () => {
    const result = await run({
      ...files(`schemas/${LAYOUT}`),
      'packages/shop/schemas/widget_v1.json': '{"$ref": "gone.json"}',
    });
    expect(result.code).toBe(1);
    expect(result.err).toContain(
      'there is nothing at repository:///packages/shop/schemas/gone.json',
    );
  });

  test.each([
    ['is a list', '[{"type": "object"}]', 'it is no JSON Schema'],
    ['is null', 'null', 'it is no JSON Schema'],
    ['refers to itself and nothing else', '{"$ref": "#"}', ''],
    ['has an unknown type', '{"type": "integre"}', 'type'],
    ['is nested without end', `${'{"not":'.repeat(50_000)}{}${'}'.repeat(50_000)}`, ''],
    ['refers to a file of the machine', '{"$ref": "file:///etc/passwd"}', 'no address of the web'],
    ['refers to a list', '{"$ref": "list.json"}', 'it is no JSON Schema'],
  ])('a document that %s is an error', async (_name, text, message) => {
    const result = await run({
      ...files(`schemas/${LAYOUT}`),
      'packages/shop/schemas/widget_v1.json': text,
      'packages/shop/schemas/list.json': '[]',
    });
    expect(result.code).toBe(1);
    expect(result.err).toContain('objects of Widget.example.com/v1 were not checked: ');
    expect(result.err).toContain(message);
  });

  test('a symlink is not followed out of the repository', async () => {
    const outside = temporaryFolder();
    await writeFile(path.join(outside, 'widget_v1.json'), JSON.stringify(WIDGET_SCHEMA));
    const root = await repository(
      inPackage({
        'manifest.yaml': manifest({ locations: [`schemas/${LAYOUT}`] }),
        'web.yaml': WIDGET,
      }),
    );
    await symlink(outside, path.join(root, 'packages/shop/schemas'));
    const result = await cli(['test', 'packages/shop'], { cwd: root });
    expect(result.code).toBe(1);
    expect(result.err).toContain('no such folder');
  });

  test('default is the built-in schemas with the definitions of the package', async () => {
    const result = await run(
      inPackage({
        'manifest.yaml': manifest({ locations: ['schemas/{{ .Group }}.json', 'default'] }),
        'schemas/other.json': '{}',
        'web.yaml': CONFIG_MAP.replace('\ndata:', '\ndat:'),
      }),
    );
    expect(result.code).toBe(1);
    expect(result.err).toContain('ConfigMap "web" is invalid: dat: unknown field');
  });
});

describe('with schemas of a server', () => {
  let server: TestServer;
  const LAYOUT =
    '{{ .NormalizedKubernetesVersion }}-standalone{{ .StrictSuffix }}/{{ .ResourceKind }}{{ .KindSuffix }}.json';
  beforeAll(async () => {
    const documents: Readonly<Record<string, unknown>> = {
      '/v1.30.0-standalone-strict/widget-example-v1.json': WIDGET_SCHEMA,
      '/v1.30.0-standalone-strict/parts.json': PARTS,
      '/v1.30.0-standalone-strict/configmap-v1.json': { type: 'object' },
    };
    server = await startHttpServer(({ url }, response) => {
      const document = documents[url.replace(/^\/moved/, '')];
      if (url.startsWith('/broken/')) response.writeHead(500).end();
      else if (url.startsWith('/page/')) response.end('<html>');
      else if (url.startsWith('/moved/')) {
        response.writeHead(302, { location: url.replace('/moved', '') }).end();
      } else if (url.startsWith('/round/')) response.writeHead(302, { location: url }).end();
      else if (document === undefined) response.writeHead(404).end();
      else response.end(JSON.stringify(document));
    });
  });
  afterAll(() => server.close());

  const files = (version: string, location: string, widget = WIDGET): Files =>
    inPackage({
      'manifest.yaml': manifest({ version, locations: [location] }),
      'web.yaml': `${widget}---\n${object('other.com/v1', 'Gadget', '')}`,
    });

  test('a location without a template goes on as the collection of kubeconform', async () => {
    const good = await run(files('v1.30.0', `http://${server.host}`));
    expect(good).toMatchObject({
      code: 0,
      err: 'PASS packages/shop\npackages/shop: 1 object not checked: no schema for Gadget.other.com/v1\n',
    });
    const wrong = files('1.30.0', `http://${server.host}`, WIDGET.replace('size: 3', 'size: x'));
    expect((await run(wrong)).err).toContain('spec.size in body must be of type integer: "string"');
    expect(server.seen.map(({ url }) => url)).toContain(
      '/v1.30.0-standalone-strict/gadget-other-v1.json',
    );
  });

  test('redirects are followed', async () => {
    const result = await run(files('1.30.0', `http://${server.host}/moved/${LAYOUT}`));
    expect(result.code).toBe(0);
  });

  test.each([
    ['an error status', 'broken', 'answered with status 500'],
    ['a page in place of a document', 'page', 'is no JSON document'],
    ['redirects without end', 'round', 'was redirected too often'],
  ])('%s is an error, not a pass', async (_name, folder, text) => {
    const result = await run(files('1.30.0', `http://${server.host}/${folder}/${LAYOUT}`));
    expect(result.code).toBe(1);
    expect(result.err).toContain(text);
    expect(result.err).toContain(
      'test.kubeconform: objects of Gadget.other.com/v1, Widget.example.com/v1 were not checked',
    );
  });

  test('a server that refuses is an error, not a pass', async () => {
    const gone = await startHttpServer((_request, response) => response.end());
    await gone.close();
    const result = await run(files('1.30.0', `http://${gone.host}/${LAYOUT}`));
    expect(result.code).toBe(1);
    expect(result.err).toContain('ECONNREFUSED');
    expect(result.err).toContain('Correct schemaLocations, or try again');
  });

  test('a version that there is not is an error, not a package full of unknown kinds', async () => {
    const result = await run(files('1.99.0', `http://${server.host}/${LAYOUT}`));
    expect(result.code).toBe(1);
    expect(result.err).toContain('there are no schemas of Kubernetes 1.99.0');
    expect(result.err).toContain('schemas of 1.36 are built in');
  });

  test('a version is there when the core kinds are, whatever the package holds', async () => {
    const gadget = inPackage({
      'manifest.yaml': manifest({ version: '1.30.0', locations: [`http://${server.host}`] }),
      'web.yaml': object('other.com/v1', 'Gadget', ''),
    });
    expect(await run(gadget)).toMatchObject({ code: 0 });
  });
});

describe('sluice validate', () => {
  const validate = async (files: Files): Promise<CliResult> => {
    const root = await repository({
      'sluice.yaml':
        'apiVersion: sluice.dev/v1alpha1\nkind: Config\nspec:\n  sync: [{path: apps}]\n',
      'apps/config.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n',
      ...files,
    });
    execFileSync('rm', ['-rf', path.join(root, '.git')]);
    return cli(['validate'], { cwd: root });
  };

  test('refuses with the place in the file', async () => {
    const result = await validate(
      inPackage({
        'manifest.yaml': manifest(),
        'web.yaml': DEPLOYMENT.replace('replicas: 1', 'replica: 1'),
      }),
    );
    expect(result.code).toBe(1);
    expect(result.err).toContain('packages/shop/web.yaml:7:12: error PackageInvalid: Kubeconform');
  });

  test('asks nobody on the web, and says what sluice test would look at', async () => {
    const result = await validate(
      inPackage({
        'manifest.yaml': manifest({ locations: ['http://127.0.0.1:1/'] }),
        'web.yaml': WIDGET,
      }),
    );
    expect(result.code).toBe(0);
    expect(result.err).toContain('info SchemaUnchecked');
    expect(result.err).toContain('schemas of Widget.example.com/v1 are on the web');
    expect(result.err).toContain('Run sluice test');
  });

  test('reads schemas of the repository', async () => {
    const result = await validate({
      ...inPackage({
        'manifest.yaml': manifest({ locations: ['/schemas/{{ .ResourceKind }}.json'] }),
        'web.yaml': WIDGET.replace('size: 3', 'size: x'),
      }),
      'schemas/widget.json': JSON.stringify(WIDGET_SCHEMA),
      'schemas/parts.json': JSON.stringify(PARTS),
    });
    expect(result.code).toBe(1);
    expect(result.err).toContain('spec.size in body must be of type integer');
  });
});
