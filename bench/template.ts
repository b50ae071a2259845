// How fast charts parse and render, beside real Go when a toolchain is at hand.
//
//   npx tsc -p bench/tsconfig.json && node dist/measured/bench/template.js [ROUNDS]
//
// Charts come from SLUICE_CASES (default ../shared/cases); without them a chart is generated.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { loadChart, parseChart, readValues, renderChart } from '../test/support/chart-render.ts';

interface Subject {
  readonly folder: string;
  readonly libraries: readonly string[];
}

interface Figures {
  readonly chart: string;
  readonly parseMs: number;
  readonly renderMs: number;
  readonly bytes: number;
}

const OPTIONS = {
  kubeVersion: 'v1.35.0',
  apiVersions: ['v1', 'apps/v1', 'batch/v1', 'networking.k8s.io/v1', 'policy/v1'],
  releaseName: 'release-name',
  namespace: 'default',
};

/** The bar: our time per warm render, in Go's times. */
const BAR = 3;

function realCharts(): readonly Subject[] {
  const helm = join(resolve(process.env['SLUICE_CASES'] ?? '../shared/cases'), 'third-party/helm');
  const common = join(helm, 'bitnami__charts--common');
  return [
    { folder: join(helm, 'bitnami__charts--redis'), libraries: [common] },
    { folder: join(helm, 'kubernetes__ingress-nginx--ingress-nginx'), libraries: [] },
    { folder: join(helm, 'cert-manager__cert-manager--cert-manager'), libraries: [] },
  ].filter(({ folder }) => existsSync(folder));
}

const HELPERS = `{{- define "g.name" -}}{{ .Chart.Name | trunc 63 | trimSuffix "-" }}{{- end -}}
{{- define "g.labels" -}}
app.kubernetes.io/name: {{ include "g.name" . }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- with .Values.labels }}
{{ toYaml . }}
{{- end }}
{{- end -}}
`;

const DEPLOYMENT = `{{- range $i, $port := .Values.ports }}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ printf "%s-%d" (include "g.name" $) $i }}
  labels: {{- include "g.labels" $ | nindent 4 }}
spec:
  replicas: {{ $.Values.replicas | default 1 }}
  {{- if and (gt (int $.Values.replicas) 1) $.Values.strategy }}
  strategy: {{- toYaml $.Values.strategy | nindent 4 }}
  {{- end }}
  template:
    spec:
      containers:
        - name: main
          image: "{{ $.Values.image.repository }}:{{ $.Values.image.tag | default "latest" }}"
          ports: [{ containerPort: {{ $port | int }} }]
          resources: {{- toYaml $.Values.resources | nindent 12 }}
{{- end }}
`;

const VALUES = `labels: { team: core, tier: "1" }
ports: [80, 443, 8080, 8443, 9090, 9091, 9092, 9093]
replicas: 3
strategy: { type: RollingUpdate, rollingUpdate: { maxSurge: 1 } }
image: { repository: example.test/app, tag: "1.2" }
resources: { limits: { cpu: 100m, memory: 128Mi }, requests: { cpu: 50m } }
`;

/** A chart of our own in a temporary folder: forty files of eight deployments. */
function writeGeneratedChart(folder: string): Subject {
  mkdirSync(join(folder, 'templates'), { recursive: true });
  writeFileSync(join(folder, 'Chart.yaml'), 'apiVersion: v2\nname: generated\nversion: 1.0.0\n');
  writeFileSync(join(folder, 'values.yaml'), VALUES);
  writeFileSync(join(folder, 'templates/_helpers.tpl'), HELPERS);
  for (let i = 0; i < 40; i++) {
    writeFileSync(join(folder, `templates/deployment-${i}.yaml`), DEPLOYMENT);
  }
  return { folder, libraries: [] };
}

function milliseconds(rounds: number, work: () => void): number {
  const start = performance.now();
  for (let i = 0; i < rounds; i++) work();
  return (performance.now() - start) / rounds;
}

function measure({ folder, libraries }: Subject, rounds: number): Figures {
  const chart = loadChart(folder, libraries);
  const values = readValues(join(folder, 'values.yaml'));
  const parsed = parseChart(chart);
  let bytes = 0;
  const render = (): void => {
    bytes = 0;
    for (const result of renderChart(parsed, values, OPTIONS).values()) {
      if (!result.ok) throw new Error(result.error.message);
      bytes += Buffer.byteLength(result.output);
    }
  };
  milliseconds(rounds, render);
  return {
    chart: chart.path,
    parseMs: milliseconds(rounds, () => parseChart(chart)),
    renderMs: milliseconds(rounds, render),
    bytes,
  };
}

/** Go's figures for the same charts; `undefined` where there is no Go or its modules are missing. */
function measureGo(subjects: readonly Subject[], rounds: number): readonly Figures[] | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  try {
    const program = join(folder, 'oracle');
    const built = spawnSync('go', ['build', '-o', program, '.'], { cwd: resolve('bench/oracle') });
    if (built.status !== 0) return undefined;
    const charts = subjects.map(({ folder: chart, libraries }) => [chart, ...libraries].join(','));
    const run = spawnSync(program, [String(rounds), ...charts], { encoding: 'utf8' });
    if (run.status !== 0) return undefined;
    return run.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Figures);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function line(cells: readonly (string | number)[]): string {
  return cells
    .map((cell, i) => (i === 0 ? String(cell).padEnd(26) : String(cell).padStart(11)))
    .join('');
}

function report(own: Figures, go: Figures | undefined): string {
  const perSecond = (1000 / own.renderMs).toFixed(0);
  const perMegabyte = ((own.renderMs / own.bytes) * 1e6).toFixed(1);
  const ratio = go === undefined ? '-' : `${(own.renderMs / go.renderMs).toFixed(2)}x`;
  return line([
    own.chart,
    own.parseMs.toFixed(2),
    own.renderMs.toFixed(2),
    perSecond,
    perMegabyte,
    go?.parseMs.toFixed(2) ?? '-',
    go?.renderMs.toFixed(2) ?? '-',
    ratio,
  ]);
}

function main(rounds: number): void {
  const temporary = mkdtempSync(join(tmpdir(), 'sluice-chart-'));
  try {
    const subjects = [...realCharts(), writeGeneratedChart(temporary)];
    const own = subjects.map((subject) => measure(subject, rounds));
    const go = measureGo(subjects, rounds);
    console.log(
      line([
        'chart',
        'parse ms',
        'render ms',
        'renders/s',
        'ms/MB',
        'Go parse',
        'Go render',
        'ratio',
      ]),
    );
    own.forEach((figures, i) => console.log(report(figures, go?.[i])));
    if (go === undefined)
      console.log('no Go toolchain with the modules of bench/oracle: no ratios');
    else {
      const worst = Math.max(...own.map((figures, i) => figures.renderMs / (go[i]?.renderMs ?? 1)));
      const verdict = worst <= BAR ? 'within' : 'ABOVE';
      console.log(
        `slowest warm render: ${worst.toFixed(2)} times Go, ${verdict} the bar of ${BAR}`,
      );
    }
  } finally {
    rmSync(temporary, { recursive: true });
  }
}

main(Number(process.argv[2] ?? 100));
