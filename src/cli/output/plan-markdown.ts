// The plan as Markdown, for pull requests: tables first, field diffs folded away below them.
import { showControls } from '../../model/diagnostic.ts';
import { formatObjectKey } from '../../model/object-key.ts';
import { countActions } from '../../plan/plan.ts';
import type { PlannedObject, UnitPlan } from '../../plan/plan.ts';
import { formatChanges } from './field-change.ts';
import { formatSummary } from './plan-text.ts';
import { createStyle } from './style.ts';

const PLAIN = createStyle(false);

/** One section per unit that would change. */
export function formatPlanMarkdown(plans: readonly UnitPlan[]): string {
  const sections = plans.flatMap(formatUnit);
  return [`**${formatSummary(countActions(plans), PLAIN)}**`, '', ...sections].join('\n');
}

function formatUnit(plan: UnitPlan): readonly string[] {
  const objects = plan.phases.flatMap((phase) =>
    phase.objects
      .filter((object) => object.action !== 'none')
      .map((object) => ({ phase: phase.name, object })),
  );
  if (objects.length + plan.removals.length === 0) return [];
  const rows = [
    ...objects.map(({ phase, object }) => row(object, phase)),
    ...plan.removals.map((object) => row(object, '')),
  ];
  const changes = [...objects.map(({ object }) => object), ...plan.removals].flatMap(formatObject);
  return [
    `### ${text(plan.unit)}`,
    '',
    '| op | object | phase | wait for |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    ...(plan.safety.kind === 'held' ? [`> Held: ${text(plan.safety.reason)}`, ''] : []),
    ...(changes.length === 0
      ? []
      : [
          '<details><summary>Fields</summary>',
          '',
          '```diff',
          ...changes,
          '```',
          '',
          '</details>',
          '',
        ]),
  ];
}

function row(object: PlannedObject, phase: string): string {
  return `| ${object.action} | ${text(formatObjectKey(object.ref))} | ${text(phase)} | ${text(object.reason ?? '')} |`;
}

function formatObject(object: PlannedObject): readonly string[] {
  if (object.changes.length === 0) return [];
  const lines = formatChanges(object.changes, PLAIN).map((line) => line.replaceAll('```', "'''"));
  return [`# ${formatObjectKey(object.ref)}`, ...lines];
}

function text(value: string): string {
  return showControls(value.replace(/\s*\n\s*/g, ' ')).replace(
    /[|\\`<>*_[\]]/g,
    (char) => `\\${char}`,
  );
}
