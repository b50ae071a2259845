// Pods by label, and the disruption budgets that select them: a namespace full of both must not cost their product.
import { objectAt } from '../../../model/json.ts';
import type { JsonObject } from '../../../model/json.ts';
import { labelsOf } from '../../../model/manifest.ts';
import type { LiveObject } from '../../target.ts';
import type { ObjectChange } from '../change-feed.ts';
import { kindPrefix } from '../object-id.ts';
import type { ObjectStore } from '../store.ts';
import { isActive, isReady } from './pod-set.ts';

export interface PodFact {
  readonly labels: Readonly<Record<string, string>>;
  readonly ready: boolean;
}

export interface PodIndex {
  /** Takes a change in; @returns keys of budgets that have to count again. */
  note(change: ObjectChange): readonly string[];
  /** The active pods that a budget selects by `matchLabels`; none for an empty selector. */
  selectedBy(budget: LiveObject): readonly PodFact[];
}

const PODS = kindPrefix('', 'Pod');
const BUDGETS = kindPrefix('policy', 'PodDisruptionBudget');

/** Builds the index over everything that is stored. */
export function createPodIndex(store: ObjectStore): PodIndex {
  /** `<namespace>|<label>=<value>` → pods by key. */
  const pods = new Map<string, Map<string, PodFact>>();
  /** The first pair of a selector → budgets by key. */
  const budgets = new Map<string, Set<string>>();

  const setPod = (
    key: string,
    before: LiveObject | undefined,
    after: LiveObject | undefined,
  ): void => {
    for (const place of placesOf(before)) pods.get(place)?.delete(key);
    if (!after || !isActive(after)) return;
    const fact: PodFact = { labels: labelsOf(after), ready: isReady(after) };
    for (const place of placesOf(after)) {
      const known = pods.get(place);
      if (known) known.set(key, fact);
      else pods.set(place, new Map([[key, fact]]));
    }
  };
  const setBudget = (
    key: string,
    before: LiveObject | undefined,
    after: LiveObject | undefined,
  ): void => {
    const old = before && firstPlace(before);
    if (old !== undefined) budgets.get(old)?.delete(key);
    const place = after && firstPlace(after);
    if (place === undefined) return;
    const known = budgets.get(place);
    if (known) known.add(key);
    else budgets.set(place, new Set([key]));
  };
  for (const [key, pod] of store.entries(PODS)) setPod(key, undefined, pod);
  for (const [key, budget] of store.entries(BUDGETS)) setBudget(key, undefined, budget);

  return {
    note: ({ key, before, after }) => {
      if (key.startsWith(BUDGETS)) setBudget(key, before, after);
      if (!key.startsWith(PODS)) return [];
      setPod(key, before, after);
      const places = new Set([...placesOf(before), ...placesOf(after)]);
      return [...places].flatMap((place) => [...(budgets.get(place) ?? [])]);
    },
    selectedBy: (budget) => {
      const place = firstPlace(budget);
      if (place === undefined) return [];
      const wanted = Object.entries(selectorOf(budget));
      return [...(pods.get(place)?.values() ?? [])].filter((pod) =>
        wanted.every(([label, value]) => pod.labels[label] === value),
      );
    },
  };
}

function placesOf(pod: LiveObject | undefined): readonly string[] {
  if (!pod) return [];
  const namespace = pod.metadata.namespace ?? '';
  return Object.entries(labelsOf(pod)).map(([label, value]) => `${namespace}|${label}=${value}`);
}

function firstPlace(budget: LiveObject): string | undefined {
  const [first] = Object.entries(selectorOf(budget));
  return first && `${budget.metadata.namespace ?? ''}|${first[0]}=${String(first[1])}`;
}

function selectorOf(budget: LiveObject): JsonObject {
  return objectAt(objectAt(objectAt(budget, 'spec'), 'selector'), 'matchLabels');
}
