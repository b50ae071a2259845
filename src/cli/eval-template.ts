// `sluice eval template`: one Go template, its output and nothing else; with --batch one JSON request a line.
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { readManifests } from '../lang/yaml/index.ts';
import { answerTemplateRequest } from '../lang/template/index.ts';
import type { TemplateAnswer } from '../lang/template/index.ts';
import { SluiceError } from '../model/sluice-error.ts';
import { jsonText } from './output/plan-json.ts';
import { EXIT } from './io.ts';
import type { CliIo } from './io.ts';
import { celHook } from './template-cel.ts';

export interface EvalTemplateFlags {
  readonly data?: string;
  readonly dialect?: string;
  /** `NAME=FILE` each. */
  readonly template?: readonly string[];
  /** `PATH=FILE` each. */
  readonly file?: readonly string[];
  readonly missingkey?: string;
  readonly numbers?: string;
  readonly name?: string;
  readonly batch?: boolean;
}

/** @returns the exit code; errors go to standard error exactly as the engine words them */
export async function evalTemplateCommand(
  file: string | undefined,
  flags: EvalTemplateFlags,
  io: CliIo,
): Promise<number> {
  if (flags.batch === true) return evalBatch(io);
  if (file === undefined)
    throw new SluiceError('UsageInvalid', 'name the template file, or - for standard input');
  const template = await readInput(file, io);
  const answer = evaluate({
    template,
    name: flags.name ?? (file === '-' ? 'template' : path.basename(file)),
    ...(flags.data === undefined ? {} : { dataText: await readData(flags.data, io) }),
    ...(flags.dialect === undefined ? {} : { dialect: flags.dialect }),
    ...(flags.missingkey === undefined ? {} : { missingkey: flags.missingkey }),
    ...(flags.numbers === undefined ? {} : { numbers: flags.numbers }),
    templates: await readPairs(flags.template ?? [], io),
    files: await readPairs(flags.file ?? [], io),
  });
  if ('error' in answer) {
    io.err(`${answer.error}\n`);
    return EXIT.failed;
  }
  io.out(
    'output' in answer
      ? answer.output
      : Buffer.from(answer.outputBase64, 'base64').toString('latin1'),
  );
  return EXIT.done;
}

async function evalBatch(io: CliIo): Promise<number> {
  let failed = false;
  for (const line of (await io.stdin()).split('\n')) {
    if (line.trim() === '') continue;
    let request: unknown;
    try {
      request = JSON.parse(line);
    } catch (error) {
      failed = true;
      io.out(
        `${JSON.stringify({ error: `the line is no JSON: ${error instanceof Error ? error.message : ''}` })}\n`,
      );
      continue;
    }
    io.out(`${JSON.stringify(evaluate(request))}\n`);
  }
  return failed ? EXIT.failed : EXIT.done;
}

/** One request, with `cel` over its own data, the clock and real randomness: what is tried here is shown, not kept. */
function evaluate(request: unknown): TemplateAnswer {
  return answerTemplateRequest(request, {
    now: () => performance.now(),
    hooks: {
      cel: celHook(request),
      now: () => BigInt(Date.now()) * 1_000_000n,
      randomBytes: (count) => randomBytes(count),
    },
  });
}

/** JSON as it is; YAML by what it means. */
async function readData(file: string, io: CliIo): Promise<string> {
  const text = await readInput(file, io);
  try {
    JSON.parse(text);
    return text;
  } catch {
    const { documents, diagnostics } = readManifests(text, { file });
    const first = diagnostics[0];
    if (first) throw new SluiceError('UsageInvalid', `${file}:${first.line}: ${first.message}`);
    return jsonText(documents[0]?.value ?? null);
  }
}

async function readPairs(
  pairs: readonly string[],
  io: CliIo,
): Promise<Readonly<Record<string, string>>> {
  const out: Record<string, string> = {};
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    if (equals < 1) throw new SluiceError('UsageInvalid', `"${pair}" is not of the form NAME=FILE`);
    out[pair.slice(0, equals)] = await readInput(pair.slice(equals + 1), io);
  }
  return out;
}

/** A file's text, or standard input for `-`. */
export async function readInput(file: string, io: CliIo): Promise<string> {
  if (file === '-') return io.stdin();
  try {
    return await readFile(path.resolve(io.cwd, file), 'utf8');
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new SluiceError('UsageInvalid', `${file} cannot be read: ${text}`, { cause: error });
  }
}
