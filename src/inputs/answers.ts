// Answers what a render asks for: files of the same snapshot, facts of the target. Content in, content out.
import type { Snapshot } from '../model/snapshot.ts';
import { diagnostic } from '../model/diagnostic.ts';
import type { Json } from '../model/json.ts';
import { askKey } from '../render/unit.ts';
import type { Answer, Ask } from '../render/unit.ts';
import { refusePackages } from './package-inputs.ts';
import type { PackageInputs } from './package-inputs.ts';
import type { Target } from '../targets/target.ts';

/** Bytes of one folder that a render may read. */
const MAX_FOLDER_BYTES = 64 * 1024 * 1024;

export interface AnswerContext {
  readonly snapshot: Snapshot;
  /** The target of the unit; undefined where none can be reached (`validate`, `render` without a target). */
  readonly target: Target | undefined;
  /** `.environment` as sluice.yaml gives it for the target, which spares the target the question. */
  readonly environment: Json | undefined;
  /** Packages from outside the repository; nothing is loaded without it. */
  readonly packages?: PackageInputs;
  readonly signal?: AbortSignal | undefined;
}

/** One answer per ask, by `askKey`. A question that cannot be answered is answered with the reason. */
export async function answerAsks(
  asks: readonly Ask[],
  context: AnswerContext,
): Promise<ReadonlyMap<string, Answer>> {
  const answers = await Promise.all(asks.map((ask) => answer(ask, context)));
  return new Map(asks.map((ask, index) => [askKey(ask), answers[index] ?? unanswered(ask)]));
}

/** Answers of a target alone, to see whether they are still what they were. */
export async function answerTargetAsks(
  asks: readonly Extract<Ask, { kind: 'object' | 'scope' }>[],
  context: Pick<AnswerContext, 'target' | 'signal'>,
): Promise<ReadonlyMap<string, Answer>> {
  const answers = await Promise.all(
    asks.map((ask) =>
      ask.kind === 'scope' ? answerScope(ask, context) : answerObject(ask, context),
    ),
  );
  return new Map(asks.map((ask, index) => [askKey(ask), answers[index] ?? unanswered(ask)]));
}

async function answer(ask: Ask, context: AnswerContext): Promise<Answer> {
  switch (ask.kind) {
    case 'files':
      return readFolder(ask.prefix, context);
    case 'scope':
      return answerScope(ask, context);
    case 'environment':
      return { kind: 'environment', environment: context.environment ?? DEFAULT_ENVIRONMENT };
    case 'object':
      return answerObject(ask, context);
    case 'image':
    case 'gitFiles':
      return (context.packages ?? refusePackages()).answer(ask, context.signal);
  }
}

/** What a package sees of a target that says nothing about itself. */
const DEFAULT_ENVIRONMENT: Json = { kubernetes: { version: 'v1.31.0' } };

async function readFolder(prefix: string, context: AnswerContext): Promise<Answer> {
  const { snapshot, signal } = context;
  const files = snapshot
    .under(prefix)
    .filter((file) => file.mode === 'file' || file.mode === 'executable');
  const bytes = files.reduce((sum, file) => sum + file.size, 0);
  if (bytes > MAX_FOLDER_BYTES) {
    const message = `${prefix} holds ${bytes} bytes, more than the limit of ${MAX_FOLDER_BYTES}`;
    return { kind: 'failed', diagnostic: diagnostic('RenderLimit', message, { file: prefix }) };
  }
  const contents = await snapshot.read([...new Set(files.map((file) => file.oid))], signal);
  const found = new Map<string, Uint8Array>();
  for (const file of files) {
    const content = contents.get(file.oid);
    if (content) found.set(file.path, content);
  }
  return { kind: 'files', files: found };
}

async function answerScope(
  ask: Extract<Ask, { kind: 'scope' }>,
  context: Pick<AnswerContext, 'target' | 'signal'>,
): Promise<Answer> {
  if (!context.target) return { kind: 'scope', scope: 'unknown' };
  try {
    const kind = await context.target.describe(ask.apiVersion, ask.objectKind, context.signal);
    return { kind: 'scope', scope: kind?.scope ?? 'unknown' };
  } catch (error) {
    return unreachable(error);
  }
}

async function answerObject(
  ask: Extract<Ask, { kind: 'object' }>,
  context: Pick<AnswerContext, 'target' | 'signal'>,
): Promise<Answer> {
  if (!context.target) return notLookedUp(ask);
  try {
    const [found] = await context.target.read([ask.ref], context.signal);
    // Unreadable is never absent.
    if (!found || found.state === 'unreadable') return unreachable(found?.reason ?? 'no answer');
    return { kind: 'object', object: 'object' in found ? found.object : undefined };
  } catch (error) {
    return unreachable(error);
  }
}

function unreachable(error: unknown): Answer {
  const message = error instanceof Error ? error.message : String(error);
  return { kind: 'failed', diagnostic: diagnostic('TargetUnreachable', message) };
}

/** Commands that have no target can say nothing about it, which is no mistake of whoever wrote the file. */
function notLookedUp(ask: Extract<Ask, { kind: 'object' }>): Answer {
  const { kind, namespace, name } = ask.ref;
  const message = `for source ${kind} ${namespace}/${name}: not looked up, there is no target here`;
  return { kind: 'failed', diagnostic: diagnostic('AskUnanswered', message, { severity: 'info' }) };
}

function unanswered(ask: Ask): Answer {
  return {
    kind: 'failed',
    diagnostic: diagnostic('AskUnanswered', `${askKey(ask)} got no answer`),
  };
}
