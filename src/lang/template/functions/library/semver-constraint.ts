// Version constraints as Masterminds/semver 3.4 reads and checks them (go-templates §6, SemVer).
import { compileRegexp } from './go-regexp.ts';
import type { GoRegexp } from './go-regexp.ts';
import { failure, success } from './result.ts';
import type { Result } from './result.ts';
import { comparePrereleases, compareVersions, parseVersion } from './semver-version.ts';
import type { Version } from './semver-version.ts';

/** Alternatives joined by `||`; each holds when all of its terms hold. */
export interface Constraint {
  readonly alternatives: readonly Alternative[];
}

interface Alternative {
  readonly terms: readonly Term[];
  /** Prereleases are looked at only when a term of the alternative names one. */
  readonly prereleases: boolean;
}

interface Term {
  readonly check: Check;
  readonly version: Version;
  /** Some part was missing or a wildcard; `minorOpen` and `patchOpen` say which one came first. */
  readonly open: boolean;
  readonly minorOpen: boolean;
  readonly patchOpen: boolean;
}

type Check = (version: Version, term: Term) => boolean;

// The `|` inside the classes is part of the original grammar: `1|2` is read and then refused.
const NUMBER = '[0-9|xX*]+';
const IDENTIFIERS = '[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*';
const VERSION = `v?(${NUMBER})(\\.${NUMBER})?(\\.${NUMBER})?(-${IDENTIFIERS})?(?:\\+${IDENTIFIERS})?`;
// Order matters: the search takes the first operator that fits, and the empty one comes early.
const OPERATOR = '=||!=|>|<|>=|=>|<=|=<|~|~>|\\^';

// Linear-time expressions: constraints come from templates, and gaps of blanks would make a
// backtracking engine exponential.
const TERM = regexp(`^\\s*(${OPERATOR})\\s*(?:${VERSION})\\s*$`);
const TERMS = regexp(`(?:${OPERATOR})\\s*(?:${VERSION})`);
const RANGE = regexp(`\\s*(${VERSION})\\s+-\\s+(${VERSION})\\s*`);
const VALID = regexp(
  `^(?:\\s*(?:${OPERATOR})\\s*(?:${VERSION})\\s*)(?:(?:\\s+|,\\s*)(?:${OPERATOR})\\s*(?:${VERSION})\\s*)*$`,
);

function regexp(source: string): GoRegexp {
  const compiled = compileRegexp(source);
  if (!compiled.ok) throw new Error(compiled.error);
  return compiled.value;
}

/** Reads a constraint such as `>=1.2, <2 || ~3.1`. */
export function parseConstraint(text: string): Result<Constraint> {
  const alternatives: Alternative[] = [];
  for (const part of rewriteRanges(text).split('||')) {
    if (!VALID.matches(part)) return failure(`improper constraint: ${part}`);
    const terms: Term[] = [];
    for (const source of TERMS.findAll(part, -1)) {
      const term = parseTerm(source);
      if (!term.ok) return term;
      terms.push(term.value);
    }
    alternatives.push({ terms, prereleases: terms.some((term) => term.version.prerelease !== '') });
  }
  return success({ alternatives });
}

/** `1.2 - 2.3` means `>= 1.2, <= 2.3`. */
function rewriteRanges(text: string): string {
  let rewritten = text;
  for (const groups of RANGE.findAllGroups(text)) {
    rewritten = rewritten.replace(groups[0] ?? '', () => `>= ${groups[1]}, <= ${groups[6]} `);
  }
  return rewritten;
}

function parseTerm(source: string): Result<Term> {
  const [groups] = TERM.findAllGroups(source);
  if (!groups) return failure(`improper constraint: ${source}`);
  const [, operator = '', major = '', minor = '', patch = '', prerelease = ''] = groups;
  let text = `${major}${minor}${patch}${prerelease}`;
  let open = true;
  let minorOpen = false;
  let patchOpen = false;
  if (isWildcard(major)) {
    text = `0.0.0${prerelease}`;
  } else if (isWildcard(minor.slice(1))) {
    minorOpen = true;
    text = `${major}.0.0${prerelease}`;
  } else if (isWildcard(patch.slice(1))) {
    patchOpen = true;
    text = `${major}${minor}.0${prerelease}`;
  } else {
    open = false;
  }
  const version = parseVersion(text);
  if (!version.ok) return failure('constraint parser error');
  const check = CHECKS.get(operator) ?? tildeOrEqual;
  return success({ check, version: version.value, open, minorOpen, patchOpen });
}

function isWildcard(text: string): boolean {
  return text === '' || text === 'x' || text === 'X' || text === '*';
}

export function satisfies(version: Version, constraint: Constraint): boolean {
  return constraint.alternatives.some(
    ({ terms, prereleases }) =>
      (version.prerelease === '' || prereleases) &&
      terms.every((term) => term.check(version, term)),
  );
}

function notEqual(version: Version, term: Term): boolean {
  const limit = term.version;
  if (!term.open) return compareVersions(version, limit) !== 0;
  if (version.major !== limit.major) return true;
  if (term.minorOpen) return false;
  if (version.minor !== limit.minor) return true;
  if (!term.patchOpen) {
    return version.patch !== limit.patch || compareVersions(version, limit) !== 0;
  }
  if (version.prerelease === '' && limit.prerelease === '') return false;
  return comparePrereleases(version.prerelease, limit.prerelease) !== 0;
}

/** An open part must be exceeded as a whole: 11.1 is not greater than 11. */
function greater(version: Version, term: Term): boolean {
  const limit = term.version;
  if (!term.open) return compareVersions(version, limit) > 0;
  if (version.major !== limit.major) return version.major > limit.major;
  if (term.minorOpen) return false;
  if (term.patchOpen) return version.minor > limit.minor;
  return compareVersions(version, limit) > 0;
}

function less(version: Version, term: Term): boolean {
  return compareVersions(version, term.version) < 0;
}

function greaterOrEqual(version: Version, term: Term): boolean {
  return compareVersions(version, term.version) >= 0;
}

function lessOrEqual(version: Version, term: Term): boolean {
  const limit = term.version;
  if (!term.open) return compareVersions(version, limit) <= 0;
  if (version.major > limit.major) return false;
  return version.major !== limit.major || version.minor <= limit.minor || term.minorOpen;
}

/** Same major and minor version, from the given one on; `~0.0.0` and `~*` allow all. */
function tilde(version: Version, term: Term): boolean {
  const limit = term.version;
  if (compareVersions(version, limit) < 0) return false;
  const zero = limit.major === 0n && limit.minor === 0n && limit.patch === 0n;
  if (zero && !term.minorOpen && !term.patchOpen) return true;
  if (version.major !== limit.major) return false;
  return version.minor === limit.minor || term.minorOpen;
}

function tildeOrEqual(version: Version, term: Term): boolean {
  return term.open ? tilde(version, term) : compareVersions(version, term.version) === 0;
}

/** Nothing changes left of the first part that is not zero. */
function caret(version: Version, term: Term): boolean {
  const limit = term.version;
  if (compareVersions(version, limit) < 0) return false;
  if (limit.major > 0n || term.minorOpen) return version.major === limit.major;
  if (version.major > 0n) return false;
  if (limit.minor > 0n || term.patchOpen) return version.minor === limit.minor;
  if (version.minor > 0n) return false;
  return version.patch === limit.patch;
}

const CHECKS: ReadonlyMap<string, Check> = new Map<string, Check>([
  ['', tildeOrEqual],
  ['=', tildeOrEqual],
  ['!=', notEqual],
  ['>', greater],
  ['<', less],
  ['>=', greaterOrEqual],
  ['=>', greaterOrEqual],
  ['<=', lessOrEqual],
  ['=<', lessOrEqual],
  ['~', tilde],
  ['~>', tilde],
  ['^', caret],
]);
