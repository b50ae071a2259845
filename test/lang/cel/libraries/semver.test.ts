// Semantic versions: rows of our own; the values are what Kubernetes 1.37's CEL answers.
import { describeRows } from './evaluate.ts';

describeRows('Semantic versions', {
  'follow the specification': [
    ['isSemver("1.2.3")', 'true'],
    ['isSemver("1.2.3-rc.1+build.5")', 'true'],
    ['isSemver("1.2")', 'false'],
    ['isSemver("v1.2.3")', 'false'],
    ['isSemver("01.2.3")', 'false'],
    ['isSemver("1.2.3-01")', 'false'],
    ['isSemver("1.2.3-0a")', 'true'],
    ['isSemver("1.2.3-")', 'false'],
    ['isSemver("1.2.3+")', 'false'],
    ['isSemver("1.2.3-a..b")', 'false'],
    ['isSemver("1.2.3+a_b")', 'false'],
    ['isSemver("18446744073709551616.0.0")', 'false'],
    ['semver("1")', 'error'],
  ],
  'forgive short forms where asked to': [
    ['isSemver("v1", true)', 'true'],
    ['isSemver("1.2", true)', 'true'],
    ['isSemver("v01.002.3", true)', 'true'],
    ['isSemver("1.2-rc", true)', 'false'],
    ['isSemver("", true)', 'false'],
    ['isSemver("vv1.0.0", true)', 'false'],
    ['semver("v1.02", true)', 'semver("1.2.0")'],
    ['semver("v1.2.03-rc.1", true)', 'semver("1.2.3-rc.1")'],
  ],
  'are ordered by precedence': [
    ['semver("1.0.0-alpha").isLessThan(semver("1.0.0-alpha.1"))', 'true'],
    ['semver("1.0.0-alpha.1").isLessThan(semver("1.0.0-alpha.beta"))', 'true'],
    ['semver("1.0.0-beta.2").isLessThan(semver("1.0.0-beta.11"))', 'true'],
    ['semver("1.0.0-rc.1").isLessThan(semver("1.0.0"))', 'true'],
    ['semver("1.10.0").isGreaterThan(semver("1.9.9"))', 'true'],
    ['semver("1.0.0+a").compareTo(semver("1.0.0+b"))', '0'],
    ['semver("1.0.0+a") == semver("1.0.0")', 'true'],
    ['semver("1.2.3").major()', '1'],
    ['semver("1.2.3").minor()', '2'],
    ['semver("1.2.3").patch()', '3'],
  ],
});
