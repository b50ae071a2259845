// Semantic versions 2.0.0 as Kubernetes' CEL type reads and compares them.
import { celError } from '../error.ts';
import { Opaque } from '../value.ts';

export const SEMVER_TYPE = 'kubernetes.Semver';

/** A part of a pre-release: a number where it has digits only. */
type Identifier = bigint | string;

export class Semver extends Opaque {
  readonly major: bigint;
  readonly minor: bigint;
  readonly patch: bigint;
  readonly prerelease: readonly Identifier[];
  /** Kept for printing, never compared. */
  readonly build: readonly string[];

  constructor(
    numbers: readonly [major: bigint, minor: bigint, patch: bigint],
    prerelease: readonly Identifier[],
    build: readonly string[],
  ) {
    super();
    [this.major, this.minor, this.patch] = numbers;
    this.prerelease = prerelease;
    this.build = build;
  }

  get celType(): string {
    return SEMVER_TYPE;
  }

  equals(other: Opaque): boolean {
    return other instanceof Semver && this.compare(other) === 0;
  }

  override toJson(): string {
    const version = `${this.major}.${this.minor}.${this.patch}`;
    const prerelease = this.prerelease.length === 0 ? '' : `-${this.prerelease.join('.')}`;
    return `${version}${prerelease}${this.build.length === 0 ? '' : `+${this.build.join('.')}`}`;
  }

  /** -1, 0 or 1; build metadata does not count. */
  compare(other: Semver): number {
    return (
      order(this.major, other.major) ||
      order(this.minor, other.minor) ||
      order(this.patch, other.patch) ||
      comparePrereleases(this.prerelease, other.prerelease)
    );
  }
}

const MAX_UINT64 = 2n ** 64n - 1n;

/**
 * Reads a version. With `normalize`, a leading `v`, leading zeros and missing minor and patch numbers
 * are forgiven first.
 * @throws CelError `invalidArgument` with the reason, without the text
 */
export function parseSemver(text: string, normalize = false): Semver {
  const version = normalize ? normalized(text) : text;
  if (version === '') fail('Version string empty');
  const [major, minor, ...rest] = version.split('.');
  if (major === undefined || minor === undefined || rest.length === 0) {
    fail('No Major.Minor.Patch elements found');
  }
  const parts = /^([^+-]*)(?:-([^+]*))?(?:\+(.*))?$/s.exec(rest.join('.'));
  const [, patch = '', prerelease, build] = parts ?? [];
  return new Semver(
    [readNumber(major, 'major'), readNumber(minor, 'minor'), readNumber(patch, 'patch')],
    prerelease === undefined ? [] : prerelease.split('.').map(readIdentifier),
    build === undefined ? [] : build.split('.').map(readBuild),
  );
}

function normalized(text: string): string {
  const bare = text.startsWith('v') ? text.slice(1) : text;
  const [major = '', minor, ...rest] = bare.split('.');
  const parts = [major, ...(minor === undefined ? [] : [minor])];
  if (rest.length > 0) parts.push(rest.join('.'));
  const stripped = parts.map(stripZeros);
  if (stripped.length < 3 && /[+-]/.test(stripped.at(-1) ?? '')) {
    fail('short version cannot contain PreRelease/Build meta data');
  }
  while (stripped.length < 3) stripped.push('0');
  return stripped.join('.');
}

/** Leading zeros go, but one stays where no digit follows (`00` → `0`, `0x` → `0x`). */
function stripZeros(part: string): string {
  if (part.length < 2) return part;
  const bare = part.replace(/^0+/, '');
  return /^\d/.test(bare) ? bare : `0${bare}`;
}

function readNumber(text: string, part: string): bigint {
  if (!/^\d+$/.test(text)) fail(`invalid character in ${part} number`);
  if (text.length > 1 && text.startsWith('0')) fail(`${part} number has leading zeros`);
  return bounded(text);
}

function readIdentifier(text: string): Identifier {
  if (text === '') fail('Prerelease is empty');
  if (/^\d+$/.test(text)) {
    if (text.length > 1 && text.startsWith('0')) fail('numeric pre-release has leading zeros');
    return bounded(text);
  }
  if (!/^[0-9A-Za-z-]+$/.test(text)) fail('invalid character in pre-release');
  return text;
}

function readBuild(text: string): string {
  if (text === '') fail('Build meta data is empty');
  if (!/^[0-9A-Za-z-]+$/.test(text)) fail('invalid character in build metadata');
  return text;
}

function bounded(digits: string): bigint {
  const value = digits.length > 20 ? MAX_UINT64 + 1n : BigInt(digits);
  return value > MAX_UINT64 ? fail('number out of range') : value;
}

function comparePrereleases(a: readonly Identifier[], b: readonly Identifier[]): number {
  // A release is newer than each of its pre-releases.
  if (a.length === 0 || b.length === 0) return order(b.length, a.length);
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    const result = compareIdentifiers(a[index] ?? '', b[index] ?? '');
    if (result !== 0) return result;
  }
  return order(a.length, b.length);
}

function compareIdentifiers(a: Identifier, b: Identifier): number {
  // Numbers are older than words.
  if (typeof a !== typeof b) return typeof a === 'bigint' ? -1 : 1;
  return order(a, b);
}

function order<T extends bigint | number | string>(a: T, b: T): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function fail(reason: string): never {
  throw celError('invalidArgument', reason);
}
