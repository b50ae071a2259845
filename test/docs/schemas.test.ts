// The JSON Schemas of docs/reference/schemas accept what the program writes, and refuse what it does not.
import { Ajv } from 'ajv';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readStatusFile } from '../../src/status/unit-reader.ts';
import { readText, ROOT } from './pages.ts';

const run = promisify(execFile);
const ajv = new Ajv({
  strict: true,
  strictRequired: false,
  allErrors: true,
  allowUnionTypes: true,
});
const base = mkdtempSync(path.join(tmpdir(), 'sluice-schemas-'));
const repository = path.join(base, 'repository');
const data = path.join(base, 'data');
afterAll(() => rmSync(base, { recursive: true, force: true }));

const FILES: Readonly<Record<string, string>> = {
  'sluice.yaml': 'apiVersion: sluice.dev/v1alpha1\nkind: Config\nspec:\n  sync: [{path: live}]\n',
  // Ready, with a Secret, a lever that is recorded, and a change cause.
  'live/web/web.yaml': [
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web, annotations: {sluice.dev/prune: disabled}}\ndata: {a: "1"}',
    'apiVersion: v1\nkind: Secret\nmetadata: {name: web, annotations: {sluice.dev/deletion-grace-seconds: "1"}}\nstringData: {password: hunter2000}',
  ].join('\n---\n'),
  // A closed gate and a phase that waits behind it.
  'live/shop.yaml': `apiVersion: package-operator.run/v1alpha1
kind: ObjectDeployment
metadata: {name: shop, namespace: default, annotations: {kubernetes.io/change-cause: first, sluice.dev/timeout: 500ms}}
spec:
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec:
      availabilityProbes:
        - selector: {kind: {group: "", kind: ConfigMap}}
          probes: [{cel: {rule: self.data.ready == 'yes', message: not ready}}]
      phases:
        - name: one
          objects: [{object: {apiVersion: v1, kind: ConfigMap, metadata: {name: one}, data: {ready: 'no'}}}]
        - name: two
          objects: [{object: {apiVersion: v1, kind: ConfigMap, metadata: {name: two}, data: {ready: 'yes'}}}]
`,
  // Broken, with a finding that has a place.
  'live/broken/broken.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: UPPER}\n',
  // Waits for the first.
  'live/after/after.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: after, annotations: {sluice.dev/depends-on: Folder/live/web}}\n',
};

let plan: unknown;

beforeAll(async () => {
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(path.dirname(path.join(repository, name)), { recursive: true });
    writeFileSync(path.join(repository, name), text);
  }
  plan = JSON.parse(await sluice('plan', repository, '--data-dir', data, '-o', 'json'));
  await sluice(
    'run',
    '--watch',
    repository,
    '--data-dir',
    data,
    '--instance',
    'docs',
    '--once',
    '--interval',
    '1s',
  );
}, 60_000);

describe('what the program writes', () => {
  it('plan -o json', () => {
    expect(problems('plan', plan)).toEqual([]);
    expect(JSON.stringify(plan)).not.toContain('hunter2000');
  });

  it.each([
    ['index', /^index\/.*\.json$/u, 2],
    ['unit', /\/unit\.yaml$/u, 4],
    ['inventory', /\/inventory\.yaml$/u, 4],
    ['revision', /\/revision\.yaml$/u, 2],
  ] as const)('%s files of the status branch', (schema, pattern, least) => {
    const files = statusFiles().filter((file) => pattern.test(file));
    expect(files.length).toBeGreaterThanOrEqual(least);
    for (const file of files)
      expect({ file, problems: problems(schema, read(file)) }).toEqual({ file, problems: [] });
  });

  it('shows an open, a closed and a waiting gate, and a finding with its place', () => {
    const text = statusFiles()
      .filter((file) => file.endsWith('/unit.yaml'))
      .map(content)
      .join('\n');
    for (const part of ['gate: open', 'gate: closed', 'gate: waiting', 'line: 3', 'dependsOn:']) {
      expect(text).toContain(part);
    }
  });
});

describe('what it does not write', () => {
  it.each([
    ['index', { apiVersion: 'sluice.dev/v1alpha1', kind: 'Index', units: [{ id: 'a' }] }],
    ['unit', { apiVersion: 'v1', kind: 'Folder', metadata: { name: 'a' }, status: {}, sluice: {} }],
    [
      'inventory',
      {
        apiVersion: 'sluice.dev/v1alpha1',
        kind: 'Inventory',
        unit: 'a:B/c',
        entries: [{ claim: 'applied' }],
      },
    ],
    ['revision', { apiVersion: 'sluice.dev/v1alpha1', kind: 'Revision', unit: 'a:B/c', number: 0 }],
    ['plan', { apiVersion: 'sluice.dev/v1alpha1', kind: 'Plan', units: [], diagnostics: [] }],
  ] as const)('%s: a file with faults is refused', (schema, value) => {
    expect(problems(schema, value)).not.toEqual([]);
  });
});

/** The program exits with 1 where units are not ready, which is what is wanted here. */
async function sluice(...args: readonly string[]): Promise<string> {
  const env = { ...process.env, XDG_CONFIG_HOME: path.join(base, 'config'), NO_COLOR: '1' };
  const options = { env, timeout: 50_000 };
  try {
    const program = path.join(ROOT, 'bin', 'sluice.js');
    return (await run(process.execPath, [program, ...args], options)).stdout;
  } catch (error) {
    const { code, stdout } = error as { readonly code?: unknown; readonly stdout?: string };
    if (code === 1 && stdout !== undefined) return stdout;
    throw error;
  }
}

function problems(schema: string, value: unknown): readonly string[] {
  const file = `docs/reference/schemas/${schema}.schema.json`;
  const validate =
    ajv.getSchema(file) ??
    ajv.addSchema(JSON.parse(readText(file)) as object, file).getSchema(file);
  if (!validate) throw new Error(`no schema ${file}`);
  void validate(value);
  return (validate.errors ?? []).map(
    (error) => `${error.instancePath} ${error.message ?? ''} ${JSON.stringify(error.params)}`,
  );
}

function statusFiles(): readonly string[] {
  const root = path.join(data, 'status');
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .toSorted();
}

function content(file: string): string {
  return readFileSync(path.join(data, 'status', file), 'utf8');
}

function read(file: string): unknown {
  return file.endsWith('.json') ? JSON.parse(content(file)) : readStatusFile(content(file), file);
}
