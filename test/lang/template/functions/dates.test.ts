// Dates and durations: the clock and the zone come from outside, layouts and zones are Go's.
import { describe, expect, test } from 'vitest';
import { findZone } from '../../../../src/lang/template/functions/library/time-zone.ts';
import { timeFromText } from '../../../../src/lang/template/functions/time-types.ts';
import { map } from '../../../../src/lang/template/index.ts';
import { render } from './render.ts';

const hooks = { now: () => 1_700_000_000_123_000_000n, timeZone: 'Europe/Berlin' };
const value = map([
  ['t', timeFromText('2024-02-29T13:04:05.123456789Z')],
  ['tz', timeFromText('2024-07-01T23:30:00+02:00')],
]);

describe('the present', () => {
  test.each([
    ['{{ now }}', '2023-11-14 23:13:20.123 +0100 CET'],
    ['{{ now | date "15:04 MST" }}', '23:13 CET'],
    ['{{ date "2006" "not a time" }}', '2023'],
    ['{{ ago (now | dateModify "-90m") }}', '1h30m0s'],
    ['{{ durationRound (now | dateModify "-50h") }}', '2d'],
    ['{{ toDate "2006-01-02" "2024-07-01" | unixEpoch }}', '1719784800'],
  ])('%s with a clock in Berlin gives %s', (template, expected) => {
    expect(render(template, { hooks })).toBe(expected);
  });

  test.each(['{{ now }}', '{{ date "2006" "x" }}', '{{ ago 1 }}'])(
    '%s without a clock is an error',
    (template) => {
      expect(render(template)).toMatch(/error: .*: the present time is not available here$/);
    },
  );

  test('now is refused where output must not vary', () => {
    expect(render('{{ now }}', { hooks, varying: 'refuse' })).toBe(
      'error: error calling now: now is refused: it depends on the clock, and the output must be the same on every run',
    );
  });
});

describe('times', () => {
  test.each([
    [
      '{{ .t.Year }} {{ .t.Month }} {{ printf "%d" .t.Month }} {{ .t.Weekday }}',
      '2024 February 2 Thursday',
    ],
    ['{{ .t.Add 3600000000000 }}', '2024-02-29 14:04:05.123456789 +0000 UTC'],
    ['{{ .t.AddDate 1 0 0 }}', '2025-03-01 13:04:05.123456789 +0000 UTC'],
    ['{{ .t.Sub .tz }} {{ (.tz.Sub .t).Hours }}', '-2960h25m54.876543211s 2960.431910150892'],
    ['{{ .t.Before .tz }} {{ .t.After .tz }} {{ .t.Equal .t }}', 'true false true'],
    [
      '{{ .t.Unix }} {{ .t.UnixMilli }} {{ .t.UnixNano }}',
      '1709211845 1709211845123 1709211845123456789',
    ],
    [
      '{{ .tz }} {{ .tz.UTC }} {{ .tz.Location }}',
      '2024-07-01 23:30:00 +0200 +0200 2024-07-01 21:30:00 +0000 UTC ',
    ],
    ['{{ .t.Truncate 3600000000000 | date "15:04:05" }}', '13:00:00'],
    ['{{ dateInZone "MST -0700" .tz "Asia/Tokyo" }}', 'JST +0900'],
    ['{{ dateInZone "MST -07:00:00" .tz "America/St_Johns" }}', 'NDT -02:30:00'],
    ['{{ dateInZone "15:04 MST" .tz "europe/berlin" }}', '21:30 UTC'],
    [
      '{{ .t | toJson }} {{ toYaml .t }}',
      '"2024-02-29T13:04:05.123456789Z" "2024-02-29T13:04:05.123456789Z"',
    ],
    ['{{ .t.wall }}', "error: can't evaluate field wall in type interface {}"],
  ])('%s gives %s', (template, expected) => {
    expect(render(template, { value, dialect: 'helm' })).toBe(expected);
  });
});

describe('zones', () => {
  test.each([
    ['Europe/Berlin', 1_700_000_000, 'CET', 3600],
    ['Europe/Berlin', -62_135_596_800, 'LMT', 3208],
    ['Asia/Kolkata', 0, 'IST', 19_800],
    ['America/Sao_Paulo', 1_700_000_000, '-03', -10_800],
    ['Africa/Juba', 486_432_000, 'CAST', 10_800],
    ['Africa/Juba', 1_400_000_000, 'EAT', 10_800],
    ['UTC', 0, 'UTC', 0],
  ])('%s at %d is %s', (name, seconds, abbreviation, offset) => {
    expect(findZone(name)?.at(seconds)).toEqual({ offset, abbreviation });
  });

  test.each(['europe/berlin', '../etc/passwd', 'Nowhere', 'constructor'])('%s is none', (name) => {
    expect(findZone(name)).toBeUndefined();
  });
});
