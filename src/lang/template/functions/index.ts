// All template functions, by dialect (go-templates §6). A dialect's engine takes the builtins of
// text/template from elsewhere; these come on top.
import type { TemplateFunction } from '../function.ts';
import { TemplateFunctionError } from '../function.ts';
import { CERTIFICATES } from './certificates.ts';
import { CRYPTO } from './crypto.ts';
import { DATES } from './dates.ts';
import { DEFAULTS } from './defaults.ts';
import { DICTS } from './dicts.ts';
import { DURATIONS } from './durations.ts';
import { ENCODING } from './encoding.ts';
import { FLOW, MACHINE } from './flow.ts';
import { HASHES } from './hashes.ts';
import { HELM } from './helm.ts';
import { JSON_READERS, JSON_WRITERS } from './json.ts';
import { LISTS } from './lists.ts';
import { MATH } from './math.ts';
import { PACKAGE_FILES, PACKAGE_OPERATOR } from './package-operator.ts';
import { PATHS } from './paths.ts';
import { RANDOMS } from './random.ts';
import { REFLECTION } from './reflection.ts';
import { REGEX } from './regex.ts';
import { SEMVER } from './semver.ts';
import { STRING_LISTS } from './string-lists.ts';
import { STRINGS } from './strings.ts';
import { TOML } from './toml.ts';
import { URLS } from './urls.ts';

export type FunctionMap = ReadonlyMap<string, TemplateFunction>;

/** Families that Package Operator allows; a few of their functions are named below. */
const PLAIN_SPRIG: readonly TemplateFunction[] = [
  ...STRINGS,
  ...STRING_LISTS,
  ...LISTS,
  ...DICTS,
  ...MATH,
  ...DEFAULTS,
  ...REFLECTION,
  ...JSON_READERS,
  ...JSON_WRITERS,
  ...ENCODING,
  ...HASHES,
  ...PATHS,
  ...REGEX,
  ...SEMVER,
  ...URLS,
  ...FLOW,
];

const MORE_SPRIG: readonly TemplateFunction[] = [
  ...DATES,
  ...RANDOMS,
  ...CRYPTO,
  ...CERTIFICATES,
  ...MACHINE,
];

/** Deprecated, weak-looking or about the machine's own file names: not for packages. */
const NOT_IN_PACKAGES: ReadonlySet<string> = new Set([
  'trimall',
  'sha512sum',
  'osBase',
  'osDir',
  'osClean',
  'osExt',
  'osIsAbs',
]);

const NOT_IN_HELM: ReadonlySet<string> = new Set(['env', 'expandenv']);

function byName(...lists: readonly (readonly TemplateFunction[])[]): FunctionMap {
  return new Map(lists.flat().map((each) => [each.name, each] as const));
}

function without(list: readonly TemplateFunction[], names: ReadonlySet<string>) {
  return list.filter((each) => !names.has(each.name));
}

/** The 211 functions of sprig 3.3. */
export const SPRIG_FUNCTIONS: FunctionMap = byName(PLAIN_SPRIG, MORE_SPRIG);

/** Package Operator's ObjectTemplates: 164 of sprig's and its own, no files and no conditions. */
export const OBJECT_TEMPLATE_FUNCTIONS: FunctionMap = byName(
  without(PLAIN_SPRIG, NOT_IN_PACKAGES),
  PACKAGE_OPERATOR,
);

/** Package Operator's package templates. */
export const PACKAGE_FUNCTIONS: FunctionMap = byName(
  [...OBJECT_TEMPLATE_FUNCTIONS.values()],
  PACKAGE_FILES,
);

/** Helm 4, which also covers Helm 3: sprig without the environment, and Helm's own. */
export const HELM_FUNCTIONS: FunctionMap = byName(
  without([...PLAIN_SPRIG, ...MORE_SPRIG], NOT_IN_HELM),
  HELM,
  TOML,
  DURATIONS,
);

/** Wayfinder's templates: Helm's functions, as far as they neither vary nor need a chart. */
export const RELEASE_FUNCTIONS: FunctionMap = byName(
  [...HELM_FUNCTIONS.values()].filter(
    (each) => each.varies === undefined && !['lookup', 'getHostByName'].includes(each.name),
  ),
);

/**
 * The same functions, where those whose result differs from run to run fail and say why: for output
 * that must be the same bytes every time.
 */
export function refuseVarying(functions: FunctionMap): FunctionMap {
  return new Map([...functions].map(([name, each]) => [name, refused(each)] as const));
}

function refused(each: TemplateFunction): TemplateFunction {
  const { varies } = each;
  if (varies === undefined) return each;
  return {
    ...each,
    implementation: () => {
      throw new TemplateFunctionError(
        `${each.name} is refused: ${varies}, and the output must be the same on every run`,
      );
    },
  };
}

export {
  capabilitiesObject,
  filesObject,
  releaseObject,
  templateObject,
  valuesObject,
} from './helm-objects.ts';
export type { CapabilitiesOptions, HelmVersion, ReleaseOptions } from './helm-objects.ts';
export { HELM_ROOT, withoutNoValue } from './helm.ts';
export { timeFromText, timeValue } from './time-types.ts';
