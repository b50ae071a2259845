// The plan for people: a table, the field diff of each change, what is held, one summary line.
import { formatDiagnostic, showControls } from '../../model/diagnostic.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { formatObjectKey } from '../../model/object-key.ts';
import { countActions } from '../../plan/plan.ts';
import type { Action, PlanCounts, PlannedObject, UnitPlan } from '../../plan/plan.ts';
import { formatChanges } from './field-change.ts';
import type { Style } from './style.ts';
import { formatTable } from './table.ts';

export interface PlanTextOptions {
  readonly style: Style;
  /** Field diffs of objects that are created, too. */
  readonly showCreated: boolean;
}

/** Everything but the diagnostics, which go to standard error. */
export function formatPlanText(plans: readonly UnitPlan[], options: PlanTextOptions): string {
  const parts = plans.flatMap((plan) => formatUnit(plan, options));
  return [...parts, formatSummary(countActions(plans), options.style)].join('\n');
}

/** `Plan: 3 create, 1 update, 0 replace, 1 prune (1 held), 12 unchanged` */
export function formatSummary(counts: PlanCounts, style: Style): string {
  const held = counts.held > 0 ? ` (${counts.held} held)` : '';
  const blocked = counts.blocked > 0 ? `, ${counts.blocked} blocked` : '';
  const text = `Plan: ${counts.create} create, ${counts.update} update, ${counts.replace} replace, ${counts.prune} prune${held}, ${counts.unchanged} unchanged${blocked}`;
  return style.bold(text);
}

/** Diagnostics of the plans, each once. */
export function planDiagnostics(plans: readonly UnitPlan[]): readonly Diagnostic[] {
  return plans.flatMap((plan) => plan.diagnostics);
}

/** Diagnostics as lines for standard error. */
export function formatDiagnostics(items: readonly Diagnostic[], style: Style): string {
  return items
    .map((item) => {
      const text = formatDiagnostic(item);
      if (item.severity === 'error') return style.red(text);
      return item.severity === 'warning' ? style.yellow(text) : style.dim(text);
    })
    .join('\n');
}

function formatUnit(plan: UnitPlan, options: PlanTextOptions): readonly string[] {
  const { style } = options;
  const rows = planRows(plan, style);
  if (rows.length === 0) return [];
  const revision =
    plan.revision === 0
      ? 'goes away'
      : `revision ${plan.revision}${plan.newRevision ? ' (new)' : ''}`;
  const lines = [`${style.bold(showControls(plan.unit))}  ${style.dim(revision)}`, ''];
  lines.push(indent(formatTable(['Op', 'Object', 'Phase', 'Wait for'], rows), 2), '');
  for (const object of [...plan.phases.flatMap((phase) => phase.objects), ...plan.removals]) {
    lines.push(...formatObject(object, options));
  }
  if (plan.safety.kind === 'held') {
    lines.push(style.yellow(`  Held: ${plan.safety.reason}`), '');
  }
  return lines;
}

function planRows(plan: UnitPlan, style: Style): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let gate = '';
  for (const phase of plan.phases) {
    const busy = phase.objects.filter((object) => object.action !== 'none');
    for (const object of busy) {
      rows.push([
        paint(object.action, style),
        showControls(formatObjectKey(object.ref)),
        showControls(phase.name),
        showControls(object.reason ?? gate),
      ]);
    }
    if (busy.length > 0) gate = `phase ${phase.name}`;
  }
  for (const removal of plan.removals) {
    rows.push([
      paint(removal.action, style),
      showControls(formatObjectKey(removal.ref)),
      '',
      showControls(removal.reason ?? gate),
    ]);
  }
  return rows;
}

function formatObject(object: PlannedObject, options: PlanTextOptions): readonly string[] {
  const created = object.action === 'create' || object.action === 'deferred';
  if (object.changes.length === 0 || (created && !options.showCreated)) return [];
  const title = `  ${options.style.bold(showControls(formatObjectKey(object.ref)))}`;
  const lines = formatChanges(object.changes, options.style).map((line) => `    ${line}`);
  return [title, ...lines, ''];
}

function paint(action: Action, style: Style): string {
  switch (action) {
    case 'create':
      return style.green(action);
    case 'prune':
    case 'replace':
    case 'blocked':
      return style.red(action);
    case 'update':
    case 'recover':
    case 'adopt':
    case 'transfer':
      return style.yellow(action);
    case 'release':
    case 'wait':
    case 'deferred':
    case 'none':
      return style.dim(action);
  }
}

function indent(text: string, width: number): string {
  return text
    .split('\n')
    .map((line) => ' '.repeat(width) + line)
    .join('\n');
}
