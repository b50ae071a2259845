// What renders were told by a target, and whether the target would say the same now: cache key and wake-up list in one.
import { stringAt } from '../model/json.ts';
import { inventoryKey } from '../model/inventory.ts';
import type { ObjectRef } from '../model/object-key.ts';
import type { UnitId } from '../model/unit-id.ts';
import { askKey } from '../render/unit.ts';
import type { Answer, Ask } from '../render/unit.ts';

export type TargetAsk = Extract<Ask, { kind: 'object' | 'scope' }>;

export interface TargetInput {
  /** Name of the target that was asked. */
  readonly target: string;
  readonly ask: TargetAsk;
  /** Uid and version of the object, or `absent`; undefined for what could not be told and is asked again. */
  readonly version: string | undefined;
}

/** The part of these answers that may change without a new commit. The scope of a kind that is known never does. */
export function targetInputs(
  target: string,
  asks: readonly Ask[],
  answers: ReadonlyMap<string, Answer>,
): readonly TargetInput[] {
  return asks.filter(isTargetAsk).flatMap((ask): readonly TargetInput[] => {
    const answer = answers.get(askKey(ask));
    if (answer?.kind === 'scope' && answer.scope !== 'unknown') return [];
    return [{ target, ask, version: versionOf(answer) }];
  });
}

/** False when one of them is answered in another way now; what cannot be told now is no other way. */
export function sameAnswers(
  inputs: readonly TargetInput[],
  answers: ReadonlyMap<string, Answer>,
): boolean {
  return inputs.every(({ ask, version }) => {
    const answer = answers.get(askKey(ask));
    return answer === undefined || answer.kind === 'failed' || versionOf(answer) === version;
  });
}

/** Which units rest on what, so that an event costs a look-up and not a walk over all units. */
export interface InputIndex {
  /** Units whose answers an event about this object may change. */
  concerned(target: string, key: string): readonly UnitId[];
  /** Objects that may appear, change or go at any time, by target. */
  readonly watched: ReadonlyMap<string, readonly ObjectRef[]>;
}

/** A kind becomes known with its definition, whatever that is called. */
const DEFINITION = 'CustomResourceDefinition';

export function indexInputs(
  units: Iterable<readonly [UnitId, readonly TargetInput[]]>,
): InputIndex {
  const byKey = new Map<string, UnitId[]>();
  const watched = new Map<string, ObjectRef[]>();
  for (const [unit, inputs] of units) {
    for (const { target, ask } of inputs) {
      const key = ask.kind === 'scope' ? DEFINITION : inventoryKey(ask.ref);
      listAt(byKey, `${target}|${key}`).push(unit);
      if (ask.kind === 'object') listAt(watched, target).push(ask.ref);
    }
  }
  return {
    concerned: (target, key) => [
      ...(byKey.get(`${target}|${key}`) ?? []),
      ...(key.startsWith(`${DEFINITION}.`) ? (byKey.get(`${target}|${DEFINITION}`) ?? []) : []),
    ],
    watched,
  };
}

function listAt<T>(map: Map<string, T[]>, key: string): T[] {
  const known = map.get(key);
  if (known) return known;
  const made: T[] = [];
  map.set(key, made);
  return made;
}

/** True for what no event tells: kinds that are not known yet, and targets that gave no answer. */
export function needsAsking(input: TargetInput): boolean {
  return input.ask.kind === 'scope' || input.version === undefined;
}

function isTargetAsk(ask: Ask): ask is TargetAsk {
  return ask.kind === 'object' || ask.kind === 'scope';
}

function versionOf(answer: Answer | undefined): string | undefined {
  if (answer?.kind === 'scope') return answer.scope;
  if (answer?.kind !== 'object') return undefined;
  const { object } = answer;
  if (object === undefined) return 'absent';
  return `${stringAt(object.metadata, 'uid')} ${stringAt(object.metadata, 'resourceVersion')}`;
}
