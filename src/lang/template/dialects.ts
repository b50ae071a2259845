// The dialects: Go itself, sprig, Package Operator's packages, Helm's charts, package releases.
import type { Dialect } from './dialect.ts';
import type { FunctionMap } from './functions/index.ts';
import {
  HELM_FUNCTIONS,
  HELM_ROOT,
  OBJECT_TEMPLATE_FUNCTIONS,
  PACKAGE_FUNCTIONS,
  RELEASE_FUNCTIONS,
  SPRIG_FUNCTIONS,
} from './functions/index.ts';

export type DialectName = 'go' | 'sprig' | 'package' | 'helm' | 'release';

/** A release's functions, and those that vary, which are refused in words rather than unknown. */
const RELEASE_WITH_REFUSALS: FunctionMap = new Map([
  ...[...HELM_FUNCTIONS].filter(([, fn]) => fn.varies !== undefined),
  ...RELEASE_FUNCTIONS,
]);

export const DIALECTS: Readonly<Record<DialectName, Dialect>> = {
  go: {
    name: 'go',
    functions: new Map(),
    missingKey: 'default',
    dropsNoValue: false,
    deterministic: false,
  },
  sprig: {
    name: 'sprig',
    functions: SPRIG_FUNCTIONS,
    missingKey: 'default',
    dropsNoValue: false,
    deterministic: false,
  },
  package: {
    name: 'package',
    functions: PACKAGE_FUNCTIONS,
    missingKey: 'error',
    dropsNoValue: false,
    deterministic: true,
    rootName: 'pkg',
  },
  helm: {
    name: 'helm',
    functions: HELM_FUNCTIONS,
    missingKey: 'zero',
    dropsNoValue: true,
    deterministic: false,
    rootName: HELM_ROOT,
  },
  release: {
    name: 'release',
    functions: RELEASE_WITH_REFUSALS,
    missingKey: 'error',
    dropsNoValue: false,
    deterministic: true,
    rootName: 'release',
  },
};

/** Package Operator's ObjectTemplates: no files and no conditions, a root without a name. */
export const OBJECT_TEMPLATE_DIALECT: Dialect = {
  ...DIALECTS.package,
  name: 'object-template',
  functions: OBJECT_TEMPLATE_FUNCTIONS,
  rootName: '',
};

export function isDialectName(name: string): name is DialectName {
  return Object.hasOwn(DIALECTS, name);
}
