// The CEL functions of semantic versions: semver, isSemver and the methods of the type.
import { global, member, overload } from '../library.ts';
import type { Library } from '../library.ts';
import { BOOL, INT, opaqueType, STRING } from '../type.ts';
import { intFrom } from '../value.ts';
import type { Value } from '../value.ts';
import { textCost } from './cost.ts';
import { converts, early } from './early.ts';
import { parseSemver, SEMVER_TYPE } from './semver-value.ts';
import type { Semver } from './semver-value.ts';

const SEMVER = opaqueType<Semver>(SEMVER_TYPE);

export const semver: Library = {
  name: 'kubernetes.semver',
  types: [SEMVER],
  functions: [
    global(
      'semver',
      overload([STRING], SEMVER, (text) => parseSemver(text), {
        cost: textCost,
        specialise: early<string>((text) => parseSemver(text)),
      }),
      overload([STRING, BOOL], SEMVER, parseSemver, { cost: textCost }),
    ),
    global(
      'isSemver',
      overload([STRING], BOOL, (text) => isSemver(text, false), { cost: textCost }),
      overload([STRING, BOOL], BOOL, isSemver, { cost: textCost }),
    ),
    member(
      'major',
      overload([SEMVER], INT, (version) => asInt(version.major)),
    ),
    member(
      'minor',
      overload([SEMVER], INT, (version) => asInt(version.minor)),
    ),
    member(
      'patch',
      overload([SEMVER], INT, (version) => asInt(version.patch)),
    ),
    member(
      'isLessThan',
      overload([SEMVER, SEMVER], BOOL, (a, b) => a.compare(b) < 0),
    ),
    member(
      'isGreaterThan',
      overload([SEMVER, SEMVER], BOOL, (a, b) => a.compare(b) > 0),
    ),
    member(
      'compareTo',
      overload([SEMVER, SEMVER], INT, (a, b) => a.compare(b)),
    ),
  ],
};

/** Version numbers are uint64; Kubernetes hands them out as int64 and lets them wrap. */
function asInt(value: bigint): Value {
  return intFrom(BigInt.asIntN(64, value)) ?? 0;
}

function isSemver(text: string, normalize: boolean): boolean {
  return converts((version) => parseSemver(version, normalize))(text);
}
