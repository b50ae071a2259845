// `sluice eval cel`: one CEL expression over objects, its value as JSON; with --batch one JSON request a line.
import { readManifests } from '../lang/yaml/index.ts';
import { answerCelLine, answerCelRequest } from '../lang/cel/index.ts';
import { SluiceError } from '../model/sluice-error.ts';
import { readInput } from './eval-template.ts';
import { EXIT } from './io.ts';
import type { CliIo } from './io.ts';
import { jsonText } from './output/plan-json.ts';

export interface EvalCelFlags {
  readonly object?: string;
  /** `name=FILE` each. */
  readonly var?: readonly string[];
  readonly dialect?: string;
  readonly batch?: boolean;
}

/** A clock, so that the deadline of the engine counts beside its cost limit. */
const LIMITS = { now: () => performance.now() } as const;

/** @returns the exit code; errors go to standard error exactly as the engine words them */
export async function evalCelCommand(
  expression: string | undefined,
  flags: EvalCelFlags,
  io: CliIo,
): Promise<number> {
  if (flags.batch === true) return evalBatch(io);
  if (expression === undefined) throw new SluiceError('UsageInvalid', 'give the expression');
  const dialect = flags.dialect ?? 'probe';
  const variables: Record<string, unknown> = {};
  if (flags.object !== undefined) {
    const value = await readValue(flags.object, io);
    if (dialect === 'filter' || dialect === 'health') Object.assign(variables, value);
    else variables['self'] = value;
  }
  for (const pair of flags.var ?? []) {
    const equals = pair.indexOf('=');
    if (equals < 1) throw new SluiceError('UsageInvalid', `"${pair}" is not of the form name=FILE`);
    variables[pair.slice(0, equals)] = await readValue(pair.slice(equals + 1), io);
  }
  const answer = answerCelRequest({ expression, variables, dialect }, LIMITS);
  if ('error' in answer) {
    io.err(`${answer.error}\n`);
    return EXIT.failed;
  }
  io.out(`${jsonText(answer.value)}\n`);
  return EXIT.done;
}

async function evalBatch(io: CliIo): Promise<number> {
  for (const line of (await io.stdin()).split('\n')) {
    if (line.trim() !== '') io.out(`${answerCelLine(line, LIMITS)}\n`);
  }
  return EXIT.done;
}

async function readValue(file: string, io: CliIo): Promise<unknown> {
  const { documents, diagnostics } = readManifests(await readInput(file, io), { file });
  const [first] = diagnostics;
  if (first) throw new SluiceError('UsageInvalid', `${file}:${first.line}: ${first.message}`);
  return documents[0]?.value ?? null;
}
