// Sprig's semantic versions (go-templates §6, SemVer): `semver` gives an object with methods.
import { toBytes } from '../bytes.ts';
import { TemplateFunctionError, withTypes } from '../function.ts';
import type { CallContext, TemplateFunction } from '../function.ts';
import { pointerTo } from '../type.ts';
import type { GoType } from '../type.ts';
import { GoObject } from '../value.ts';
import type { Value } from '../value.ts';
import { NIL_DEREFERENCE } from './elements.ts';
import { parseConstraint, satisfies } from './library/semver-constraint.ts';
import type { Result } from './library/result.ts';
import {
  compareVersions,
  formatVersion,
  increment,
  parseVersion,
  withMetadata,
  withPrerelease,
} from './library/semver-version.ts';
import type { Version } from './library/semver-version.ts';

const valueMethods = new Map<string, TemplateFunction>();
const pointerMethods = new Map<string, TemplateFunction>();

const VERSION_VALUE: GoType = {
  kind: 'struct',
  name: 'semver.Version',
  methods: valueMethods,
  equal,
};
export const VERSION_TYPE: GoType = {
  ...pointerTo(VERSION_VALUE),
  methods: pointerMethods,
  equal,
};

const define = withTypes(
  new Map([
    [VERSION_VALUE.name, VERSION_VALUE],
    [VERSION_TYPE.name, VERSION_TYPE],
  ]),
);

function equal(left: unknown, right: unknown): boolean {
  const [a, b] = [left as Version, right as Version];
  return a.original === b.original && formatVersion(a) === formatVersion(b);
}

function versionOf(value: unknown): Version {
  if (value instanceof GoObject && value.state !== undefined) return value.state as Version;
  throw new TemplateFunctionError(NIL_DEREFERENCE);
}

/** Version 0.0.0 of the same type: a deep copy in Go loses the fields, which are private. */
export function withoutFields(object: GoObject): GoObject {
  const blank = { major: 0n, minor: 0n, patch: 0n, prerelease: '', metadata: '', original: '' };
  return new GoObject(object.type, blank satisfies Version);
}

export function isVersion(object: GoObject): boolean {
  return object.type.methods === pointerMethods || object.type.methods === valueMethods;
}

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new TemplateFunctionError(result.error);
  return result.value;
}

function self(context: CallContext): Version {
  return versionOf(context.receiver);
}

function compared(context: CallContext, other: Value): -1 | 0 | 1 {
  return compareVersions(self(context), versionOf(other));
}

function changed(version: Version): GoObject {
  return new GoObject(VERSION_VALUE, version);
}

const METHODS: readonly TemplateFunction[] = [
  define('String', 'func() string', (context) => formatVersion(self(context))),
  define('Major', 'func() uint64', (context) => self(context).major),
  define('Minor', 'func() uint64', (context) => self(context).minor),
  define('Patch', 'func() uint64', (context) => self(context).patch),
  define('Prerelease', 'func() string', (context) => self(context).prerelease),
  define('Metadata', 'func() string', (context) => self(context).metadata),
  define('IncMajor', 'func() semver.Version', (context) =>
    changed(increment(self(context), 'major')),
  ),
  define('IncMinor', 'func() semver.Version', (context) =>
    changed(increment(self(context), 'minor')),
  ),
  define('IncPatch', 'func() semver.Version', (context) =>
    changed(increment(self(context), 'patch')),
  ),
  define('SetPrerelease', 'func(string) (semver.Version, error)', (context, text) =>
    changed(valueOf(withPrerelease(self(context), text))),
  ),
  define('SetMetadata', 'func(string) (semver.Version, error)', (context, text) =>
    changed(valueOf(withMetadata(self(context), text))),
  ),
  define('MarshalJSON', 'func() ([]uint8, error)', (context) =>
    toBytes(`"${formatVersion(self(context))}"`),
  ),
  define('MarshalText', 'func() ([]uint8, error)', (context) =>
    toBytes(formatVersion(self(context))),
  ),
];

/** Only a pointer has these. */
const POINTER_METHODS: readonly TemplateFunction[] = [
  define('Original', 'func() string', (context) => self(context).original),
  define('Compare', 'func(*semver.Version) int', compared),
  define('Equal', 'func(*semver.Version) bool', (context, other) => compared(context, other) === 0),
  define(
    'LessThan',
    'func(*semver.Version) bool',
    (context, other) => compared(context, other) < 0,
  ),
  define(
    'LessThanEqual',
    'func(*semver.Version) bool',
    (context, other) => compared(context, other) <= 0,
  ),
  define(
    'GreaterThan',
    'func(*semver.Version) bool',
    (context, other) => compared(context, other) > 0,
  ),
  define(
    'GreaterThanEqual',
    'func(*semver.Version) bool',
    (context, other) => compared(context, other) >= 0,
  ),
];

for (const method of METHODS) {
  valueMethods.set(method.name, method);
  pointerMethods.set(method.name, method);
}
for (const method of POINTER_METHODS) pointerMethods.set(method.name, method);

export const SEMVER: readonly TemplateFunction[] = [
  define('semver', 'func(string) (*semver.Version, error)', (context, text) => {
    context.charge(1 + text.length);
    return new GoObject(VERSION_TYPE, valueOf(parseVersion(text)));
  }),
  define('semverCompare', 'func(string, string) (bool, error)', (context, constraint, text) => {
    context.charge(1 + 8 * constraint.length + text.length);
    const parsed = valueOf(parseConstraint(constraint));
    return satisfies(valueOf(parseVersion(text)), parsed);
  }),
];
