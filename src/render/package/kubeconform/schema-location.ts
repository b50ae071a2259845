// Where the schemas of a package's objects come from: `test.kubeconform` as its author wrote it (package-operator §12.1).
import { createTemplateSet, DIALECTS, execute, fromPlain } from '../../../lang/template/index.ts';
import type { TemplateSet } from '../../../lang/template/index.ts';
import { groupOf } from '../../../model/manifest.ts';
import { builtinSchemas } from '../../../schema/index.ts';
import type { KubernetesSchemas } from '../../../schema/index.ts';
import { resolvePath } from '../../repository-path.ts';

export type SchemaLocation =
  /** The schemas that this program brings. */
  | { readonly kind: 'builtin'; readonly schemas: KubernetesSchemas }
  /** CustomResourceDefinitions of the package itself. */
  | { readonly kind: 'definitions' }
  | SchemaCollection;

/** One document per kind, at an address that a template makes. */
export interface SchemaCollection {
  readonly kind: 'collection';
  /** As it is written. */
  readonly text: string;
  /** Whether the version of Kubernetes is a part of addresses. */
  readonly usesVersion: boolean;
  /** Address of the folder that all schemas lie in, with a slash at its end; undefined for the web. */
  readonly folder: string | undefined;
  /** The address of a kind's schema. */
  readonly addressOf: (kind: SchemaKind) => AddressResult;
}

export interface SchemaKind {
  readonly apiVersion: string;
  readonly kind: string;
}

export type AddressResult =
  | { readonly kind: 'ok'; readonly address: string }
  | { readonly kind: 'invalid'; readonly reason: string };

export interface LocationFault {
  /** Of the list in the manifest. */
  readonly index: number;
  readonly reason: string;
}

export type LocationsResult =
  | { readonly kind: 'ok'; readonly locations: readonly SchemaLocation[] }
  | { readonly kind: 'invalid'; readonly faults: readonly LocationFault[] };

export interface KubeconformSettings {
  readonly kubernetesVersion: string;
  readonly schemaLocations: readonly string[];
}

/** What a location without a template of its own goes on with. */
const COLLECTION_LAYOUT =
  '{{ .NormalizedKubernetesVersion }}-standalone{{ .StrictSuffix }}/{{ .ResourceKind }}{{ .KindSuffix }}.json';
const KUBERNETES_COLLECTION = `https://raw.githubusercontent.com/yannh/kubernetes-json-schema/master/${COLLECTION_LAYOUT}`;
const CATALOG =
  'https://raw.githubusercontent.com/datreeio/CRDs-catalog/main/{{.Group}}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json';

const MAX_LOCATIONS = 32;
/** An address is short, and made in no time. */
const LIMITS = { steps: 10_000, outputBytes: 8192, stringLength: 8192, textVolume: 65_536 };
const SAMPLE: SchemaKind = { apiVersion: 'apps/v1', kind: 'Deployment' };

/** Files of the repository have addresses too, so that documents can refer to each other. */
const REPOSITORY = 'repository:///';

/**
 * The places to look in, in order.
 * @param folder of the package in the repository, where relative paths start
 */
export function readLocations(settings: KubeconformSettings, folder: string): LocationsResult {
  const version = settings.kubernetesVersion.replace(/^v/, '');
  const given = settings.schemaLocations;
  if (given.length > MAX_LOCATIONS) {
    const reason = `${given.length} locations, more than the limit of ${MAX_LOCATIONS}`;
    return { kind: 'invalid', faults: [{ index: MAX_LOCATIONS, reason }] };
  }
  const schemas = builtinSchemas(version);
  const collection = (text: string): SchemaCollection | string =>
    readCollection(text, version, folder);
  const usual: readonly (SchemaLocation | string)[] = [
    schemas ? { kind: 'builtin', schemas } : collection(KUBERNETES_COLLECTION),
    { kind: 'definitions' },
  ];
  const faults: LocationFault[] = [];
  const locations: SchemaLocation[] = [];
  const take = (found: readonly (SchemaLocation | string)[], index: number): void => {
    for (const item of found) {
      if (typeof item === 'string') faults.push({ index, reason: item });
      else locations.push(item);
    }
  };
  if (given.length === 0) take(schemas ? usual : [...usual, collection(CATALOG)], 0);
  for (const [index, text] of given.entries()) {
    take(text === 'default' ? usual : [collection(text)], index);
  }
  return faults.length > 0 ? { kind: 'invalid', faults } : { kind: 'ok', locations };
}

/** The path in the repository that an address stands for; undefined for addresses of the web. */
export function repositoryPathOf(address: string): string | undefined {
  if (!address.startsWith(REPOSITORY)) return undefined;
  try {
    return decodeURI(address.slice(REPOSITORY.length));
  } catch {
    return undefined;
  }
}

/** @returns what is wrong with it, as text */
function readCollection(text: string, version: string, folder: string): SchemaCollection | string {
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//.exec(text)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') {
    return `"${text}": write a path in the repository, or an address that starts with https://`;
  }
  const layout = text.endsWith('json') ? text : `${text}/${COLLECTION_LAYOUT}`;
  const set = createTemplateSet({ ...DIALECTS.go, missingKey: 'error' });
  const parsed = set.parse('location', layout);
  if (!parsed.ok) return `"${text}": ${parsed.error.message}`;
  const place = { set, folder, isWeb: scheme !== undefined };
  const addressOf = (kind: SchemaKind, of: string): AddressResult => address(kind, of, place);
  const sample = addressOf(SAMPLE, version);
  if (sample.kind === 'invalid') return `"${text}": ${sample.reason}`;
  const other = addressOf(SAMPLE, `${version}x`);
  return {
    kind: 'collection',
    text,
    usesVersion: other.kind === 'ok' && other.address !== sample.address,
    folder: place.isWeb ? undefined : folderAddress(layout, folder),
    addressOf: (kind) => addressOf(kind, version),
  };
}

interface Place {
  readonly set: TemplateSet;
  readonly folder: string;
  readonly isWeb: boolean;
}

function address(kind: SchemaKind, version: string, place: Place): AddressResult {
  const data = fromPlain(templateValues(kind, version), 'float64');
  const result = execute(place.set, 'location', data, { limits: LIMITS });
  if (!result.ok) return { kind: 'invalid', reason: result.error.message };
  return place.isWeb ? webAddress(result.output) : fileAddress(result.output, place.folder);
}

/** The names of kubeconform, with its lower case. */
function templateValues({ apiVersion, kind }: SchemaKind, version: string): Record<string, string> {
  const [first = '', ...rest] = apiVersion.split('/');
  const group = first.split('.')[0] ?? '';
  const suffix = [group, ...rest.slice(0, 1)].map((part) => `-${part.toLowerCase()}`);
  return {
    NormalizedKubernetesVersion: version === 'master' ? version : `v${version}`,
    StrictSuffix: '-strict',
    ResourceKind: kind.toLowerCase(),
    ResourceAPIVersion: rest.at(-1) ?? first,
    Group: first,
    KindSuffix: suffix.join(''),
  };
}

function webAddress(text: string): AddressResult {
  if (!URL.canParse(text)) return { kind: 'invalid', reason: `${text} is no address` };
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') {
    return { kind: 'invalid', reason: 'the address holds a login, which is sent nowhere' };
  }
  url.hash = '';
  return { kind: 'ok', address: url.href };
}

/** Paths start at the package's folder, with `/` at the root of the repository, and never leave that. */
function fileAddress(text: string, folder: string): AddressResult {
  const path = resolvePath(text.startsWith('/') ? '' : folder, text);
  if (path === undefined || path === '') {
    return { kind: 'invalid', reason: `${text} leaves the repository` };
  }
  return {
    kind: 'ok',
    address: `${REPOSITORY}${encodeURI(path).replaceAll(/[?#]/g, encodeURIComponent)}`,
  };
}

/** What stands before the first value that the template fills in. */
function folderAddress(layout: string, folder: string): string | undefined {
  const [fixed = ''] = layout.split('{{', 1);
  const result = fileAddress(`${fixed.slice(0, fixed.lastIndexOf('/') + 1)}.`, folder);
  if (result.kind === 'invalid') return undefined;
  return `${result.address}/`;
}

/** `Deployment.apps/v1`, for people. */
export function formatSchemaKind({ apiVersion, kind }: SchemaKind): string {
  const group = groupOf(apiVersion);
  return group === '' ? `${kind}/${apiVersion}` : `${kind}.${apiVersion}`;
}
