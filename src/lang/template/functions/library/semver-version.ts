// Semantic versions as Masterminds/semver 3.4 reads, prints and orders them (go-templates §6, SemVer).
import { failure, success } from './result.ts';
import type { Result } from './result.ts';

export interface Version {
  readonly major: bigint;
  readonly minor: bigint;
  readonly patch: bigint;
  readonly prerelease: string;
  readonly metadata: string;
  /** The text that was read. */
  readonly original: string;
}

const MAX_UINT64 = 2n ** 64n - 1n;
const LOOSE =
  /^v?([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?$/;

/** Reads a version; missing minor and patch count as 0, a leading `v` and leading zeros are fine. */
export function parseVersion(text: string): Result<Version> {
  const parts = LOOSE.exec(text);
  if (!parts || text.endsWith('\n')) return failure('invalid semantic version');
  const numbers: bigint[] = [];
  for (const digits of [parts[1], parts[2] ?? '0', parts[3] ?? '0']) {
    const number = BigInt(digits ?? '0');
    if (number > MAX_UINT64) return failure(outOfRange(digits ?? ''));
    numbers.push(number);
  }
  const prerelease = parts[4] ?? '';
  if (prerelease.split('.').some((part) => /^0[0-9]+$/.test(part))) {
    return failure('version segment starts with 0');
  }
  const [major = 0n, minor = 0n, patch = 0n] = numbers;
  return success({ major, minor, patch, prerelease, metadata: parts[5] ?? '', original: text });
}

function outOfRange(digits: string): string {
  return `error parsing version segment: strconv.ParseUint: parsing "${digits}": value out of range`;
}

export function formatVersion(version: Version): string {
  const prerelease = version.prerelease === '' ? '' : `-${version.prerelease}`;
  const metadata = version.metadata === '' ? '' : `+${version.metadata}`;
  return `${version.major}.${version.minor}.${version.patch}${prerelease}${metadata}`;
}

/** -1, 0 or 1; metadata does not count, a prerelease comes before its release. */
export function compareVersions(left: Version, right: Version): -1 | 0 | 1 {
  for (const part of ['major', 'minor', 'patch'] as const) {
    if (left[part] !== right[part]) return left[part] < right[part] ? -1 : 1;
  }
  if (left.prerelease === right.prerelease) return 0;
  if (left.prerelease === '') return 1;
  if (right.prerelease === '') return -1;
  return comparePrereleases(left.prerelease, right.prerelease);
}

/** Compares dot-separated identifiers: numbers before names, fewer identifiers before more. */
export function comparePrereleases(left: string, right: string): -1 | 0 | 1 {
  const lefts = left.split('.');
  const rights = right.split('.');
  for (let at = 0; at < Math.max(lefts.length, rights.length); at++) {
    const order = compareIdentifiers(lefts[at] ?? '', rights[at] ?? '');
    if (order !== 0) return order;
  }
  return 0;
}

function compareIdentifiers(left: string, right: string): -1 | 0 | 1 {
  if (left === right) return 0;
  if (left === '') return -1;
  if (right === '') return 1;
  const leftNumber = identifierNumber(left);
  const rightNumber = identifierNumber(right);
  if (leftNumber === undefined && rightNumber === undefined) return left < right ? -1 : 1;
  if (leftNumber === undefined) return 1;
  if (rightNumber === undefined) return -1;
  return leftNumber > rightNumber ? 1 : -1;
}

function identifierNumber(text: string): bigint | undefined {
  if (!/^[0-9]+$/.test(text)) return undefined;
  const number = BigInt(text);
  return number <= MAX_UINT64 ? number : undefined;
}

/** The next patch, minor or major version; a prerelease is finished by its own patch. */
export function increment(version: Version, part: 'major' | 'minor' | 'patch'): Version {
  const { major, minor, patch } = version;
  const keepsPatch = version.prerelease !== '';
  const next = {
    major: { major: wrap(major + 1n), minor: 0n, patch: 0n },
    minor: { major, minor: wrap(minor + 1n), patch: 0n },
    patch: { major, minor, patch: keepsPatch ? patch : wrap(patch + 1n) },
  }[part];
  return withOriginal({ ...version, ...next, prerelease: '', metadata: '' }, version);
}

function wrap(number: bigint): bigint {
  return BigInt.asUintN(64, number);
}

/** A changed version keeps the leading `v` of the text it came from. */
function withOriginal(changed: Version, from: Version): Version {
  return {
    ...changed,
    original: (from.original.startsWith('v') ? 'v' : '') + formatVersion(changed),
  };
}

export function withPrerelease(version: Version, prerelease: string): Result<Version> {
  const bad = identifierError(prerelease, 'invalid prerelease string', true);
  if (bad !== undefined) return failure(bad);
  return success(withOriginal({ ...version, prerelease }, version));
}

export function withMetadata(version: Version, metadata: string): Result<Version> {
  const bad = identifierError(metadata, 'invalid metadata string', false);
  if (bad !== undefined) return failure(bad);
  return success(withOriginal({ ...version, metadata }, version));
}

function identifierError(text: string, message: string, refuseZero: boolean): string | undefined {
  if (text === '') return undefined;
  for (const part of text.split('.')) {
    if (refuseZero && /^0[0-9]+$/.test(part)) return 'version segment starts with 0';
    if (!/^[0-9A-Za-z-]+$/.test(part)) return message;
  }
  return undefined;
}
