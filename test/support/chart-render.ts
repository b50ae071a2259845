// Renders the templates of an unpacked Helm chart with the template engine alone, for conformance
// and speed: loads files, merges values, builds the objects Helm puts before templates.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  capabilitiesObject,
  createTemplateSet,
  DIALECTS,
  execute,
  fromPlain,
  filesObject,
  map,
  releaseObject,
  templateObject,
  valuesObject,
} from '../../src/lang/template/index.ts';
import type { ExecuteResult, TemplateSet, Value } from '../../src/lang/template/index.ts';
import { GoList, GoMap } from '../../src/lang/template/index.ts';
import { readGoYaml } from '../../src/lang/yaml/index.ts';

/** A chart with what templates may see of it. */
export interface Chart {
  /** Path of the chart inside the release: `redis`, `redis/charts/common`. */
  readonly path: string;
  readonly metadata: GoMap;
  readonly values: GoMap;
  /** Every file below `templates/`, by path inside the release. */
  readonly templates: ReadonlyMap<string, string>;
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly dependencies: readonly Chart[];
}

function filesBelow(folder: string, prefix = ''): string[] {
  return readdirSync(join(folder, prefix)).flatMap((name) => {
    const path = prefix === '' ? name : `${prefix}/${name}`;
    return statSync(join(folder, path)).isDirectory() ? filesBelow(folder, path) : [path];
  });
}

function readMap(text: string): GoMap {
  const read = readGoYaml(text);
  if (read.kind === 'failed') throw new Error(read.message);
  const value = fromPlain(read.value, 'float64');
  return value instanceof GoMap ? value : map();
}

/** Loads a chart folder; `libraries` are the folders of its dependencies. */
export function loadChart(folder: string, libraries: readonly string[] = [], parent = ''): Chart {
  const metadata = readMap(readFileSync(join(folder, 'Chart.yaml'), 'utf8'));
  const path = `${parent}${String(metadata.entries.get('name'))}`;
  const templates = new Map<string, string>();
  const files = new Map<string, Uint8Array>();
  for (const file of filesBelow(folder)) {
    const content = readFileSync(join(folder, file));
    if (file.startsWith('templates/')) templates.set(`${path}/${file}`, content.toString('utf8'));
    else if (!/^(?:charts\/|Chart\.(?:yaml|lock)$|values\.(?:yaml|schema\.json)$)/.test(file)) {
      files.set(file, content);
    }
  }
  return {
    path,
    metadata,
    values: readMap(readFileSync(join(folder, 'values.yaml'), 'utf8')),
    templates,
    files,
    dependencies: libraries.map((library) => loadChart(library, [], `${path}/charts/`)),
  };
}

/** Templates may change their values with `set`: each render gets a copy of its own. */
function deepCopy(value: Value): Value {
  if (value instanceof GoList) return new GoList(value.items.map(deepCopy), value.type);
  if (!(value instanceof GoMap)) return value;
  const entries = [...value.entries].map(([key, item]) => [key, deepCopy(item)] as const);
  return new GoMap(new Map(entries), value.type);
}

/** `over` on top of `under`: maps merge, null removes, anything else replaces. */
export function mergeValues(under: GoMap, over: GoMap): GoMap {
  const merged = new Map(under.entries);
  for (const [key, value] of over.entries) {
    const below = merged.get(key);
    if (value === null) merged.delete(key);
    else if (value instanceof GoMap && below instanceof GoMap) {
      merged.set(key, mergeValues(below, value));
    } else merged.set(key, value);
  }
  return new GoMap(merged);
}

/** Reads a values file of Helm's number mode: every number is a float64. */
export function readValues(path: string): GoMap {
  return readMap(readFileSync(path, 'utf8'));
}

const METADATA = [
  'name',
  'home',
  'version',
  'description',
  'icon',
  'condition',
  'tags',
  'appVersion',
  'kubeVersion',
  'type',
] as const;

function chartObject(chart: Chart): GoMap {
  const read = (key: string): Value => chart.metadata.entries.get(key);
  const texts = METADATA.map((key): [string, Value] => {
    const value = read(key);
    return [`${key[0]?.toUpperCase()}${key.slice(1)}`, value === undefined ? '' : String(value)];
  });
  return map([
    ...texts,
    ['APIVersion', read('apiVersion') ?? ''],
    ['Annotations', read('annotations') ?? map()],
    ['Deprecated', read('deprecated') === true],
    ['Dependencies', read('dependencies') ?? new GoList([])],
    ['Keywords', read('keywords') ?? new GoList([])],
    ['Maintainers', read('maintainers') ?? new GoList([])],
    ['Sources', read('sources') ?? new GoList([])],
    ['IsRoot', !chart.path.includes('/')],
  ]);
}

/** Values of a dependency: its own, those the parent gives under its name, and `global`. */
function dependencyValues(parent: GoMap, chart: Chart): GoMap {
  const name = String(chart.metadata.entries.get('name'));
  const given = parent.entries.get(name);
  const own = given instanceof GoMap ? mergeValues(chart.values, given) : chart.values;
  const shared = parent.entries.get('global');
  const global = map([['global', shared instanceof GoMap ? shared : map()]]);
  return mergeValues(own, global);
}

export interface RenderOptions {
  readonly kubeVersion: string;
  readonly apiVersions: readonly string[];
  readonly releaseName: string;
  readonly namespace: string;
}

/** Deepest path first, then reverse order of names: it decides which duplicate define wins. */
function parseOrder(names: readonly string[]): string[] {
  const depth = (name: string): number => name.split('/').length;
  return [...names].sort((a, b) => depth(b) - depth(a) || (a < b ? 1 : -1));
}

function allTemplates(chart: Chart): Map<string, { readonly text: string; readonly chart: Chart }> {
  const found = new Map<string, { readonly text: string; readonly chart: Chart }>();
  for (const dependency of chart.dependencies) {
    for (const [name, entry] of allTemplates(dependency)) found.set(name, entry);
  }
  for (const [name, text] of chart.templates) found.set(name, { text, chart });
  return found;
}

/** A chart whose templates are parsed, ready to render. */
export interface ParsedChart {
  readonly chart: Chart;
  readonly set: TemplateSet;
}

/** @throws Error when a template cannot be parsed */
export function parseChart(chart: Chart): ParsedChart {
  const set = createTemplateSet(DIALECTS.helm, { varying: 'allow' });
  const templates = allTemplates(chart);
  for (const name of parseOrder([...templates.keys()])) {
    const added = set.parse(name, templates.get(name)?.text ?? '');
    if (!added.ok) throw new Error(added.error.message);
  }
  return { chart, set };
}

/** Renders every template of the chart itself that is no partial. */
export function renderChart(
  parsed: ParsedChart,
  given: GoMap,
  options: RenderOptions,
): Map<string, ExecuteResult> {
  const { chart, set } = parsed;
  const merged = withDependencies(chart, mergeValues(chart.values, given));
  const values = deepCopy(merged) as GoMap;
  const shared: [string, Value][] = [
    ['Chart', chartObject(chart)],
    ['Values', valuesObject(values)],
    ['Files', filesObject(chart.files)],
    ['Capabilities', capabilitiesObject(options)],
    ['Release', releaseObject({ name: options.releaseName, namespace: options.namespace })],
    ['Subcharts', map()],
  ];
  const results = new Map<string, ExecuteResult>();
  for (const name of [...chart.templates.keys()].sort()) {
    if ((name.split('/').at(-1) ?? '').startsWith('_')) continue;
    const template = templateObject(name, `${chart.path}/templates`);
    const data = map([...shared, ['Template', template]]);
    results.set(
      name,
      execute(set, name, data, {
        hooks: {
          now: () => 1_700_000_000_000_000_000n,
          randomBytes: (n) => new Uint8Array(n).fill(7),
        },
      }),
    );
  }
  return results;
}

function withDependencies(chart: Chart, values: GoMap): GoMap {
  const entries = chart.dependencies.map((dependency): [string, Value] => [
    String(dependency.metadata.entries.get('name')),
    dependencyValues(values, dependency),
  ]);
  return new GoMap(new Map([...values.entries, ...entries]));
}
