// Version ranges of `spec.constraints`, in Package Operator's own grammar (package-operator §5.3).
//
// Versions are strict semver, but a leading `v` is dropped first: upstream refuses the one that its own
// environment carries, so that no platform constraint could ever hold.

type Version = readonly [major: number, minor: number, patch: number];

interface Bound {
  readonly version: Version;
  readonly includes: boolean;
}

/** Between two bounds; an absent one is open. */
interface Interval {
  readonly low: Bound | undefined;
  readonly high: Bound | undefined;
  /** `!=`: everything but the interval. */
  readonly negated: boolean;
}

export interface PackageConstraintRange {
  /** Whether the version lies in the range; undefined when it is no version. */
  readonly allows: (version: string) => boolean | undefined;
  /** Whether it names a version without an operator (`1.2`, `1.x`), which upstream's parser refuses. */
  readonly isBare: boolean;
}

const PARTIAL = /^([0-9]+|[xX*])(?:\.([0-9]+|[xX*]))?(?:\.([0-9]+|[xX*]))?$/;
const VERSION = /^v?([0-9]+)\.([0-9]+)\.([0-9]+)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/;

/** Reads a range, or undefined when it is improper. `||` joins alternatives, blanks and commas conditions; `==` is `=`. */
export function parsePackageConstraint(text: string): PackageConstraintRange | undefined {
  const alternatives: (readonly Interval[])[] = [];
  for (const part of text.split('||')) {
    const intervals = parseAll(part.trim());
    if (intervals === undefined) return undefined;
    alternatives.push(intervals);
  }
  return {
    allows: (version) => {
      const found = VERSION.exec(version.trim());
      if (!found) return undefined;
      const parsed: Version = [Number(found[1]), Number(found[2]), Number(found[3])];
      return alternatives.some((intervals) => intervals.every((item) => holds(item, parsed)));
    },
    isBare: text.split('||').some((part) => {
      return !HYPHEN.test(part.trim()) && termsOf(part).some((term) => /^[0-9xX*]/.test(term));
    }),
  };
}

const HYPHEN = /^(\S+)\s+-\s+(\S+)$/;

function termsOf(text: string): readonly string[] {
  const terms = text.replaceAll(/(>=|<=|!=|==?|>|<|~|\^)\s+/g, '$1').split(/[\s,]+/);
  return terms.filter((term) => term !== '');
}

function parseAll(text: string): readonly Interval[] | undefined {
  if (text === '') return undefined;
  const hyphen = HYPHEN.exec(text);
  if (hyphen) {
    const low = parsePartial(hyphen[1] ?? '');
    const high = parsePartial(hyphen[2] ?? '');
    if (!low || !high) return undefined;
    // The short form `1 - 2` means 1.0.0 - 2.0.0.
    return [{ low: bound(low.floor, true), high: bound(high.floor, true), negated: false }];
  }
  const intervals: Interval[] = [];
  for (const term of termsOf(text)) {
    const interval = parseTerm(term);
    if (interval === undefined) return undefined;
    intervals.push(interval);
  }
  return intervals;
}

interface Partial {
  /** Missing parts as zero. */
  readonly floor: Version;
  /** The first version above everything it covers; undefined when it covers all. */
  readonly ceiling: Version | undefined;
  readonly parts: number;
}

function parsePartial(text: string): Partial | undefined {
  const found = PARTIAL.exec(text);
  if (!found) return undefined;
  const numbers: number[] = [];
  for (const part of found.slice(1)) {
    if (part === undefined || /^[xX*]$/.test(part)) break;
    numbers.push(Number(part));
  }
  const [major = 0, minor = 0, patch = 0] = numbers;
  const ceilings: readonly (Version | undefined)[] = [
    undefined,
    [major + 1, 0, 0],
    [major, minor + 1, 0],
    [major, minor, patch + 1],
  ];
  return { floor: [major, minor, patch], ceiling: ceilings[numbers.length], parts: numbers.length };
}

function parseTerm(term: string): Interval | undefined {
  const found = /^(>=|<=|!=|==?|>|<|~|\^)?(.*)$/.exec(term);
  const partial = parsePartial(found?.[2] ?? '');
  if (!partial) return undefined;
  const { floor, ceiling, parts } = partial;
  const covered: Interval = {
    low: parts === 0 ? undefined : bound(floor, true),
    high: ceiling && bound(ceiling, false),
    negated: false,
  };
  switch (found?.[1]) {
    case '>':
      return { low: ceiling && bound(ceiling, true), high: undefined, negated: parts === 0 };
    case '>=':
      return { low: bound(floor, true), high: undefined, negated: false };
    case '<':
      return { low: undefined, high: bound(floor, false), negated: false };
    case '<=':
      return { low: undefined, high: covered.high, negated: false };
    case '!=':
      return { ...covered, negated: true };
    case '~':
      return parts <= 1 ? covered : { ...covered, high: bound([floor[0], floor[1] + 1, 0], false) };
    case '^':
      return { ...covered, high: parts === 0 ? undefined : bound(caretCeiling(partial), false) };
    default:
      return covered;
  }
}

/** The left-most part that is not zero may not grow. */
function caretCeiling({ floor: [major, minor, patch], parts }: Partial): Version {
  if (major > 0 || parts === 1) return [major + 1, 0, 0];
  if (minor > 0 || parts === 2) return [0, minor + 1, 0];
  return [0, 0, patch + 1];
}

function bound(version: Version, includes: boolean): Bound {
  return { version, includes };
}

function holds({ low, high, negated }: Interval, version: Version): boolean {
  const above = low === undefined || compare(version, low.version) >= (low.includes ? 0 : 1);
  const below = high === undefined || compare(version, high.version) <= (high.includes ? 0 : -1);
  return (above && below) !== negated;
}

function compare(a: Version, b: Version): number {
  return Math.sign(a[0] - b[0] || a[1] - b[1] || a[2] - b[2]);
}
