// The objects Helm puts before a chart's templates (go-templates §6): Files, Capabilities, Values,
// Release, Template. Templates reach the methods listed here and nothing else.
import { toBytes, fromBytes, sortedKeys } from '../bytes.ts';
import { TemplateFunctionError, withTypes } from '../function.ts';
import type { CallContext, TemplateFunction } from '../function.ts';
import { ANY, ANY_MAP, BYTES, pointerTo, STRING } from '../type.ts';
import type { GoType } from '../type.ts';
import { GoList, GoMap, GoObject, int, map, stringMap } from '../value.ts';
import type { Value } from '../value.ts';
import { chargeText } from './elements.ts';
import { orElse } from './json.ts';
import { encodeBase64 } from './library/base-encoding.ts';
import { compileGlob } from './library/file-glob.ts';
import { yamlText } from './yaml.ts';

type Methods = Map<string, TemplateFunction>;

const fileMethods: Methods = new Map();
const valuesMethods: Methods = new Map();
const versionSetMethods: Methods = new Map();
const kubeVersionMethods: Methods = new Map();

const FILES_TYPE: GoType = {
  kind: 'map',
  name: 'engine.files',
  elem: BYTES,
  key: STRING,
  methods: fileMethods,
};

/** A chart's values at the top level, which have methods; tables inside are plain maps. */
const VALUES_TYPE: GoType = {
  kind: 'map',
  name: 'common.Values',
  elem: ANY,
  key: STRING,
  methods: valuesMethods,
};

const VERSION_SET_TYPE: GoType = {
  kind: 'slice',
  name: 'common.VersionSet',
  elem: STRING,
  methods: versionSetMethods,
};

const defineFiles = withTypes(new Map([[FILES_TYPE.name, FILES_TYPE]]));
const defineValues = withTypes(new Map([[VALUES_TYPE.name, VALUES_TYPE]]));

function add(methods: Methods, list: readonly TemplateFunction[]): void {
  for (const method of list) methods.set(method.name, method);
}

function self(context: CallContext): GoMap {
  if (context.receiver instanceof GoMap) return context.receiver;
  throw new TemplateFunctionError('the receiver is no map');
}

/** A chart's files that are no templates, by path. */
export function filesObject(files: Iterable<readonly [string, string | Uint8Array]>): GoMap {
  const entries = new Map<string, Value>();
  for (const [path, content] of files) {
    entries.set(path, typeof content === 'string' ? toBytes(content) : content);
  }
  return new GoMap(entries, FILES_TYPE);
}

function contentOf(files: GoMap, path: string): Uint8Array {
  const content = files.entries.get(path);
  return content instanceof Uint8Array ? content : new Uint8Array(0);
}

function glob(context: CallContext, pattern: string): GoMap {
  const files = self(context);
  context.charge(pattern.length * (files.entries.size + 1));
  const compiled = compileGlob(pattern);
  // A pattern that cannot be read matches everything.
  const matches = compiled.ok ? compiled.value : () => true;
  return new GoMap(new Map([...files.entries].filter(([path]) => matches(path))), FILES_TYPE);
}

/** One entry per file name; of equal names in different folders the last path wins. */
function dataOf(context: CallContext, text: (content: Uint8Array) => string): string {
  const files = self(context);
  const entries = sortedKeys(files.entries).map((path) => {
    const content = contentOf(files, path);
    chargeText(context, content.length);
    return [path.slice(path.lastIndexOf('/') + 1), text(content)] as const;
  });
  return orElse(() => yamlText(context, stringMap(entries)), '');
}

add(fileMethods, [
  defineFiles('Get', 'func(string) string', (context, path) =>
    fromBytes(contentOf(self(context), path)),
  ),
  defineFiles('GetBytes', 'func(string) []uint8', (context, path) =>
    contentOf(self(context), path),
  ),
  defineFiles('Glob', 'func(string) engine.files', glob),
  defineFiles('AsConfig', 'func() string', (context) => dataOf(context, fromBytes)),
  defineFiles('AsSecrets', 'func() string', (context) => dataOf(context, encodeBase64)),
  defineFiles('Lines', 'func(string) []string', (context, path) => {
    const text = fromBytes(contentOf(self(context), path));
    if (text === '') return [];
    return (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
  }),
]);

/** The values of a chart; shares its entries with `values`. */
export function valuesObject(values: GoMap): GoMap {
  return new GoMap(values.entries, VALUES_TYPE);
}

/** A table by its dotted path. */
function tableAt(values: GoMap, path: readonly string[]): GoMap {
  let table = values;
  for (const name of path) {
    const next = table.entries.get(name);
    if (!(next instanceof GoMap)) throw new TemplateFunctionError(`"${name}" is not a table`);
    table = next;
  }
  return table;
}

function pathValue(context: CallContext, path: string): Value {
  if (path === '') throw new TemplateFunctionError('YAML path cannot be empty');
  const names = path.split('.');
  const name = names.pop() ?? '';
  const missing = new TemplateFunctionError(`"${name}" is not a value`);
  const table = orElse<GoMap | undefined>(() => tableAt(self(context), names), undefined);
  if (!table?.entries.has(name)) throw missing;
  const value = table.entries.get(name);
  if (value instanceof GoMap) throw missing;
  return value;
}

add(valuesMethods, [
  defineValues('AsMap', 'func() map[string]interface {}', (context) => {
    const values = self(context);
    return values.entries.size === 0 ? map() : new GoMap(values.entries, ANY_MAP);
  }),
  defineValues(
    'YAML',
    'func() (string, error)',
    (context) => `${yamlText(context, self(context))}\n`,
  ),
  defineValues('Table', 'func(string) (common.Values, error)', (context, path) =>
    valuesObject(tableAt(self(context), path.split('.'))),
  ),
  defineValues('PathValue', 'func(string) (interface {}, error)', pathValue),
]);

add(versionSetMethods, [
  defineFiles('Has', 'func(string) bool', ({ receiver, charge }, version) => {
    if (!(receiver instanceof GoList)) return false;
    charge(receiver.items.length);
    return receiver.items.includes(version);
  }),
]);

interface KubeVersion {
  /** `v1.33.4-gke.1` */
  readonly version: string;
  readonly major: string;
  readonly minor: string;
  /** Without suffixes: what printing shows. */
  readonly normalized: string;
}

function versionOf(state: unknown): KubeVersion {
  return state as KubeVersion;
}

add(kubeVersionMethods, [
  defineFiles('String', 'func() string', ({ receiver }) =>
    receiver instanceof GoObject ? versionOf(receiver.state).normalized : '',
  ),
  defineFiles('GitVersion', 'func() string', ({ receiver }) =>
    receiver instanceof GoObject ? versionOf(receiver.state).version : '',
  ),
]);

const KUBE_VERSION_TYPE: GoType = {
  kind: 'struct',
  name: 'common.KubeVersion',
  methods: kubeVersionMethods,
  fields: [
    { name: 'Version', type: STRING, read: (state) => versionOf(state).version },
    { name: 'Major', type: STRING, read: (state) => versionOf(state).major },
    { name: 'Minor', type: STRING, read: (state) => versionOf(state).minor },
  ],
};

const HELM_VERSION_FIELDS = [
  'Version',
  'GitCommit',
  'GitTreeState',
  'GoVersion',
  'KubeClientVersion',
] as const;

/** What Helm says about itself; absent parts are empty. */
export type HelmVersion = Partial<Readonly<Record<(typeof HELM_VERSION_FIELDS)[number], string>>>;

const HELM_VERSION_TYPE: GoType = {
  kind: 'struct',
  name: 'version.BuildInfo',
  fields: HELM_VERSION_FIELDS.map((name) => ({
    name,
    type: STRING,
    read: (state) => (state as HelmVersion)[name] ?? '',
  })),
};

interface Capabilities {
  readonly kubeVersion: GoObject;
  readonly apiVersions: GoList;
  readonly helmVersion: GoObject;
}

const CAPABILITIES_STRUCT: GoType = {
  kind: 'struct',
  name: 'common.Capabilities',
  fields: [
    {
      name: 'KubeVersion',
      type: KUBE_VERSION_TYPE,
      read: (state) => (state as Capabilities).kubeVersion,
    },
    {
      name: 'APIVersions',
      type: VERSION_SET_TYPE,
      read: (state) => (state as Capabilities).apiVersions,
    },
    {
      name: 'HelmVersion',
      type: HELM_VERSION_TYPE,
      read: (state) => (state as Capabilities).helmVersion,
    },
  ],
};

export interface CapabilitiesOptions {
  /** `v1.30.2`, the leading v may be missing. */
  readonly kubeVersion: string;
  /** `apps/v1`, `apps/v1/Deployment`, `v1`, … */
  readonly apiVersions: readonly string[];
  readonly helmVersion?: HelmVersion;
}

export function capabilitiesObject(options: CapabilitiesOptions): GoObject {
  const version = options.kubeVersion.startsWith('v')
    ? options.kubeVersion
    : `v${options.kubeVersion}`;
  const [normalized = version, major = '', minor = ''] =
    /^v([0-9]+)\.([0-9]+)(?:\.[0-9]+)?/.exec(version) ?? [];
  const state: Capabilities = {
    kubeVersion: new GoObject(KUBE_VERSION_TYPE, { version, major, minor, normalized }),
    apiVersions: new GoList([...options.apiVersions], VERSION_SET_TYPE),
    helmVersion: new GoObject(HELM_VERSION_TYPE, options.helmVersion ?? {}),
  };
  const type: GoType = { ...pointerTo(CAPABILITIES_STRUCT) };
  return new GoObject(type, state);
}

export interface ReleaseOptions {
  readonly name: string;
  readonly namespace: string;
  /** Default 1. */
  readonly revision?: number;
  /** Default: an installation. */
  readonly isUpgrade?: boolean;
}

export function releaseObject(options: ReleaseOptions): GoMap {
  const isUpgrade = options.isUpgrade ?? false;
  return map([
    ['Name', options.name],
    ['Namespace', options.namespace],
    ['IsUpgrade', isUpgrade],
    ['IsInstall', !isUpgrade],
    ['Revision', int(options.revision ?? 1)],
    ['Service', 'Helm'],
  ]);
}

/** What `.Template` tells a template about itself. */
export function templateObject(name: string, basePath: string): GoMap {
  return new GoMap(
    new Map<string, Value>([
      ['Name', name],
      ['BasePath', basePath],
    ]),
    VALUES_TYPE,
  );
}
