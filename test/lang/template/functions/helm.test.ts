// Helm's own functions and the objects it puts before a chart.
import { describe, expect, test } from 'vitest';
import {
  capabilitiesObject,
  fromPlain,
  GoMap,
  map,
  releaseObject,
  templateObject,
  valuesObject,
} from '../../../../src/lang/template/index.ts';
import { render } from './render.ts';

describe("Helm's functions", () => {
  test.each([
    ['{{ required "no x" .x }}', 'error: error calling required: no x'],
    ['{{ required "no x" "" }}', 'error: error calling required: no x'],
    ['{{ required "no x" 0 }}', '0'],
    ['{{ lookup "v1" "Pod" "ns" "" }}', 'map[]'],
    ['{{ tpl "{{ .a | upper }}{{ .b }}" (dict "a" "x") }}', 'X'],
    [
      '{{ tpl "{{ .a" . }}',
      'error: error calling tpl: cannot parse template "{{ .a": template: gotpl:1: unclosed action',
    ],
    [
      '{{ tpl "{{ fail `no` }}" . }}',
      'error: error calling tpl: error during tpl function execution for "{{ fail `no` }}": template: gotpl:1:3: executing "gotpl" at <fail `no`>: error calling fail: no',
    ],
    ['{{ define "x" }}<{{ . }}>{{ end }}{{ include "x" 1 | quote }}', '"<1>"'],
    ['{{ env "HOME" }}', 'error: template: t:1: function "env" not defined'],
    ['{{ getHostByName "localhost" }}', ''],
    ['{{ toYaml (dict "a" (list 1 "yes")) }}', 'a:\n- 1\n- "yes"'],
    ['{{ toYamlPretty (dict "a" (list 1 1e6)) }}', 'a:\n  - 1\n  - 1e+06'],
    ['{{ (fromYaml "a: {y: 1}").a }}', 'map[true:1]'],
    [
      '{{ fromYaml "[1]" }}',
      'map[Error:error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go value of type map[string]interface {}]',
    ],
    ['{{ fromYaml "null" | toJson }}{{ fromYaml "" | toJson }}', '{}{}'],
    ['{{ fromYamlArray "- 1\\n- x" }}', '[1 x]'],
    [
      '{{ fromJson "[1]" }}',
      'map[Error:json: cannot unmarshal array into Go value of type map[string]interface {}]',
    ],
    ['{{ fromJson "null" | toJson }}', 'null'],
    [
      '{{ fromJsonArray "{}" }}',
      '[json: cannot unmarshal object into Go value of type []interface {}]',
    ],
    ['{{ fromJsonArray "[1,\\"a\\"]" }}', '[1 a]'],
    ['{{ fromJson "{" }}', 'map[Error:unexpected end of JSON input]'],
  ])('%s gives %s', (template, expected) => {
    expect(render(template, { dialect: 'helm' })).toBe(expected);
  });

  test('lookup asks the hook', () => {
    const hooks = {
      lookup: (...args: readonly string[]) => map([['asked', args.join('/')]]),
    };
    expect(render('{{ (lookup "v1" "Pod" "ns" "n").asked }}', { dialect: 'helm', hooks })).toBe(
      'v1/Pod/ns/n',
    );
  });

  test.each([
    [
      '{{ durationSeconds "1m30s" }} {{ durationSeconds 2.5 }} {{ durationSeconds "x" }}',
      '90 2.5 0',
    ],
    ['{{ durationHours "90m" }} {{ durationDays "36h" }} {{ durationWeeks "168h" }}', '1.5 1.5 1'],
    ['{{ durationMilliseconds 2 }} {{ durationNanoseconds "1us" }}', '2000 1000'],
    ['{{ durationRoundTo "1h31m" "1h" }} {{ durationTruncateTo "1h59m" "1h" }}', '2h0m0s 1h0m0s'],
    ['{{ (mustToDuration "1.5h").Minutes }} {{ mustToDuration 61 }}', '90 1m1s'],
    [
      '{{ mustToDuration "x" }}',
      'error: error calling mustToDuration: could not parse duration "x"',
    ],
    ['{{ mustToDuration nil }}', 'error: error calling mustToDuration: invalid duration'],
    [
      '{{ mustToDuration (list) }}',
      'error: error calling mustToDuration: unsupported duration type []interface {}',
    ],
  ])('%s gives %s', (template, expected) => {
    expect(render(template, { dialect: 'helm' })).toBe(expected);
  });
});

describe("Helm's objects", () => {
  const values = fromPlain({ a: { b: 1 }, s: 'x', e: {} }, 'float64');
  const value = map([
    [
      'Capabilities',
      capabilitiesObject({
        kubeVersion: 'v1.33.4-gke.1',
        apiVersions: ['v1', 'apps/v1'],
        helmVersion: { Version: 'v4.0.0' },
      }),
    ],
    ['Release', releaseObject({ name: 'r', namespace: 'ns' })],
    ['Template', templateObject('c/templates/x.yaml', 'c/templates')],
    ['Values', valuesObject(values instanceof GoMap ? values : map())],
  ]);

  test.each([
    [
      '{{ .Capabilities.KubeVersion.Version }} {{ .Capabilities.KubeVersion }}',
      'v1.33.4-gke.1 v1.33.4',
    ],
    ['{{ .Capabilities.KubeVersion.Major }}.{{ .Capabilities.KubeVersion.Minor }}', '1.33'],
    ['{{ .Capabilities.KubeVersion.GitVersion }}', 'v1.33.4-gke.1'],
    [
      '{{ .Capabilities.APIVersions.Has "apps/v1" }} {{ .Capabilities.APIVersions.Has "x" }}',
      'true false',
    ],
    [
      '{{ has "v1" .Capabilities.APIVersions }} {{ .Capabilities.APIVersions }}',
      'true [v1 apps/v1]',
    ],
    [
      '{{ .Capabilities.HelmVersion.Version }} [{{ .Capabilities.HelmVersion.GitCommit }}]',
      'v4.0.0 []',
    ],
    [
      '{{ .Release.Name }} {{ .Release.IsInstall }} {{ .Release.Revision }} {{ .Release.Service }}',
      'r true 1 Helm',
    ],
    ['{{ .Template.Name }} {{ .Template.BasePath }}', 'c/templates/x.yaml c/templates'],
    ['{{ .Values.a.b }} {{ printf "%T" .Values }} {{ kindOf .Values }}', '1 common.Values map'],
    [
      '{{ .Values.AsMap | typeOf }} {{ (.Values.Table "a").b }} {{ .Values.PathValue "a.b" }}',
      'map[string]interface {} 1 1',
    ],
    ['{{ .Values.PathValue "a" }}', 'error: error calling PathValue: "a" is not a value'],
    ['{{ .Values.YAML }}', 'a:\n  b: 1\ne: {}\ns: x\n'],
    ['{{ merge .Values (dict "z" 1) | len }} {{ .Values.z }}', '4 1'],
    ['{{ .Capabilities.Nope }}', "error: can't evaluate field Nope in type interface {}"],
    [
      '{{ .Capabilities.KubeVersion.toString }}',
      "error: can't evaluate field toString in type common.KubeVersion",
    ],
  ])('%s gives %s', (template, expected) => {
    expect(render(template, { dialect: 'helm', value })).toBe(expected);
  });
});
