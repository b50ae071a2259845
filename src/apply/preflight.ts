// Checks of a whole phase before anything of it is applied (package-operator §7.3).
import type { DesiredObject, DesiredPhase } from '../model/desired.ts';
import { diagnostic } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { listAt, objectAt } from '../model/json.ts';
import { scrub, secretsOf } from '../model/secrecy.ts';
import { gvk } from '../plan/decision.ts';
import type { OwnerContext } from '../plan/situation.ts';
import type { Target } from '../targets/target.ts';
import { namespaceHint } from './missing-namespace.ts';
import { rehearseWrite } from './rehearsal.ts';
import type { Places } from './target-place.ts';

export interface PreflightDeps {
  /** Where each object lives. */
  readonly places: Places;
  readonly manager: string;
}

export interface PreflightContext {
  readonly owner: OwnerContext;
  readonly rehearse: boolean;
  readonly signal: AbortSignal;
}

interface Problem {
  readonly message: string;
  readonly hint?: string;
}

/** All violations, in the order of the objects, worded `Phase "<p>", <Kind> <ns>/<name>: <error>`. */
export async function preflightPhase(
  phase: DesiredPhase,
  deps: PreflightDeps,
  context: PreflightContext,
): Promise<readonly Diagnostic[]> {
  const found: Diagnostic[] = [];
  for (const desired of phase.objects) {
    const problem = await preflightObject(phase, desired, deps, context);
    if (problem) found.push(problem);
  }
  return found;
}

async function preflightObject(
  phase: DesiredPhase,
  desired: DesiredObject,
  deps: PreflightDeps,
  context: PreflightContext,
): Promise<Diagnostic | undefined> {
  if (desired.external === true) return undefined;
  const { ref } = desired;
  const { target } = deps.places.of(ref);
  const kind = await target.describe(ref.apiVersion, ref.kind, context.signal);
  const refused = (problem: Problem): Diagnostic => violation(phase.name, desired, problem);
  if (!kind) {
    return phase.remote === true
      ? unservedClass(phase, desired)
      : refused({ message: `${gvk(ref)} not registered on the api server.` });
  }
  if (listAt(objectAt(desired.manifest, 'metadata'), 'ownerReferences').length > 0) {
    return refused({ message: 'Object must not have a owner reference.' });
  }
  if (!context.rehearse || !kind.dryRun) return undefined;
  const problem = await rehearse(desired, deps, context);
  return problem && refused(problem);
}

/** The object is one of ours, so there is nothing to correct in it: the class is what somebody chose. */
function unservedClass(phase: DesiredPhase, { ref, source }: DesiredObject): Diagnostic {
  const message = `Phase "${phase.name}": class "${phase.class ?? ''}" is no configured target, and the target does not serve ${ref.kind}`;
  const hint =
    'Name a target of sluice.yaml, leave the class out, or install the controller that runs phases of this class.';
  return diagnostic('PreflightFailed', message, { object: ref, ...source, hint });
}

/** A rehearsal of the write that this object needs; collisions are the object engine's business, not ours. */
async function rehearse(
  desired: DesiredObject,
  deps: PreflightDeps,
  context: PreflightContext,
): Promise<Problem | undefined> {
  const { target } = deps.places.of(desired.ref);
  const [observed] = await target.read([desired.ref], context.signal);
  const by = { target, manager: deps.manager, owner: context.owner };
  const answer = await rehearseWrite(desired, observed ?? { state: 'absent' }, by);
  return answer && rejection(desired, answer);
}

function rejection(
  desired: DesiredObject,
  result: Awaited<ReturnType<Target['write']>>,
): Problem | undefined {
  // A change of an immutable field is the object engine's business: it may replace.
  if (result.kind !== 'rejected' || result.immutable) return undefined;
  const message = scrub(result.message, secretsOf(desired));
  const hint = namespaceHint(result.reason, desired.ref.namespace);
  return hint === undefined ? { message } : { message, hint };
}

function violation(phase: string, desired: DesiredObject, problem: Problem): Diagnostic {
  const { kind, namespace, name } = desired.ref;
  return diagnostic(
    'PreflightFailed',
    `Phase "${phase}", ${kind} ${namespace}/${name}: ${problem.message}`,
    {
      object: desired.ref,
      ...desired.source,
      ...(problem.hint === undefined ? {} : { hint: problem.hint }),
    },
  );
}
