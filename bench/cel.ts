// CEL: compilation and evaluation beside the published engines, in one run and without caches.
//
//   npx tsc -p bench/tsconfig.json && node dist/measured/bench/cel.js
import { celEnv, parse as bufParse, plan } from '@bufbuild/cel';
import { Environment as MarcEnvironment } from '@marcbachmann/cel-js';
import * as celJs from 'cel-js';
import { compile, createEnvironment } from '../src/lang/cel/index.ts';
import type { Environment, Value } from '../src/lang/cel/index.ts';
import { DYN } from '../src/lang/cel/type.ts';

const CONDITIONS = Array.from({ length: 10 }, (_, index) => ({
  type: index === 9 ? 'Ready' : `Condition${index}`,
  status: 'True',
  reason: 'Because',
  observedGeneration: 3,
}));
const SELF = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'Hans', namespace: 'default', generation: 3, labels: { app: 'hans' } },
  spec: { replicas: 3 },
  status: {
    observedGeneration: 3,
    replicas: 3,
    updatedReplicas: 3,
    availableReplicas: 3,
    conditions: CONDITIONS,
  },
  items: Array.from({ length: 1000 }, (_, index) => ({
    name: `item-${index}`,
    state: index % 2 === 0 ? 'on' : 'off',
  })),
};

/** The rows of reference/cel.md §4. */
const ROWS: Readonly<Record<string, string>> = {
  a: 'self.metadata.name == "Hans"',
  b: 'self.status.conditions.exists(c, c.type == "Ready" && c.status == "True")',
  c: 'self.items.filter(i, i.state == "on").map(i, i.name)',
  c2: 'size(self.items.map(i, i.name))',
  c3: 'self.items.all(i, i.name != "none")',
  d:
    'self.status.observedGeneration == self.metadata.generation && ' +
    'self.status.updatedReplicas == self.spec.replicas && ' +
    'self.status.availableReplicas == self.spec.replicas && self.status.replicas == self.spec.replicas',
};
const COMPILED_ROWS = ['a', 'b', 'c'];

interface Engine {
  readonly name: string;
  /** Parses, and checks where the engine can; nothing is kept from call to call. */
  readonly compile: (text: string) => unknown;
  readonly program: (text: string) => () => unknown;
}

const OURS: Environment = createEnvironment({
  name: 'bench',
  version: 1,
  libraries: [],
  variables: { self: DYN },
});

function ours(text: string): () => unknown {
  const compilation = compile(text, OURS);
  if (!compilation.ok) throw new Error(text);
  const { program } = compilation;
  const variables = { self: SELF as Value };
  return () => {
    const outcome = program.evaluate(variables);
    return outcome.kind === 'value' ? outcome.value : undefined;
  };
}

const MARC = new MarcEnvironment().registerVariable('self', 'dyn');
const BUF = celEnv();

const ENGINES: readonly Engine[] = [
  { name: 'sluice', compile: (text) => compile(text, OURS), program: ours },
  {
    name: '@marcbachmann/cel-js',
    compile: (text) => MARC.parse(text).check(),
    program: (text) => {
      const program = MARC.parse(text);
      return () => program({ self: SELF });
    },
  },
  {
    name: '@bufbuild/cel',
    compile: (text) => plan(BUF, bufParse(text)),
    program: (text) => {
      const program = plan(BUF, bufParse(text));
      return () => program({ self: SELF });
    },
  },
  {
    name: 'cel-js',
    compile: (text) => celJs.parse(text),
    program: (text) => {
      const parsed = celJs.parse(text);
      if (!parsed.isSuccess) throw new Error(text);
      return () => celJs.evaluate(parsed.cst, { self: SELF });
    },
  },
];

const SLICE_MS = 200;
const SLICES = 5;

/** Calls per second of each, the best of several slices; they take turns, so that noise hits all. */
function rates(runs: readonly (() => unknown)[]): number[] {
  const best = runs.map(() => 0);
  for (let slice = 0; slice < SLICES; slice++) {
    runs.forEach((run, index) => {
      best[index] = Math.max(best[index] ?? 0, sliceRate(run));
    });
  }
  return best;
}

function sliceRate(run: () => unknown): number {
  const start = performance.now();
  let calls = 0;
  let batch = 1;
  let elapsed = 0;
  while (elapsed < SLICE_MS) {
    for (let index = 0; index < batch; index++) run();
    calls += batch;
    elapsed = performance.now() - start;
    if (elapsed < SLICE_MS / 20) batch *= 2;
  }
  return (calls / elapsed) * 1000;
}

function shown(perSecond: number): string {
  if (perSecond >= 1e6) return `${(perSecond / 1e6).toFixed(2)} M/s`;
  return `${(perSecond / 1e3).toFixed(1)} k/s`;
}

interface Cell {
  readonly engine: string;
  readonly perSecond: number;
}

function report(title: string, cells: readonly Cell[], within: number): boolean {
  const own = cells.find((cell) => cell.engine === 'sluice')?.perSecond ?? 0;
  const fastest = Math.max(
    ...cells.filter((cell) => cell.engine !== 'sluice').map((cell) => cell.perSecond),
  );
  const met = own * within >= fastest;
  const text = cells.map((cell) => `${cell.engine} ${shown(cell.perSecond)}`).join('  ');
  const verdict = `${(own / fastest).toFixed(2)}x of the fastest, ${met ? 'met' : 'MISSED'}`;
  console.log(`${title.padEnd(12)} ${text}  (${verdict})`);
  return met;
}

function measure(title: string, run: (engine: Engine) => () => unknown, within: number): boolean {
  const perSecond = rates(ENGINES.map(run));
  const cells = ENGINES.map(({ name }, index) => ({
    engine: name,
    perSecond: perSecond[index] ?? 0,
  }));
  return report(title, cells, within);
}

let met = true;
for (const row of COMPILED_ROWS) {
  const text = ROWS[row] ?? '';
  met = measure(`compile (${row})`, (engine) => () => engine.compile(text), 5) && met;
}
for (const [row, text] of Object.entries(ROWS)) {
  met = measure(`eval (${row})`, (engine) => engine.program(text), 1) && met;
}
process.exitCode = met ? 0 : 1;
