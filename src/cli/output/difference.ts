// The difference of two revisions, in the manner of a plan: a table, the field diff of each change, one summary line.
import { showControls } from '../../model/diagnostic.ts';
import type { JsonObject } from '../../model/json.ts';
import type { ObjectDifference, RevisionDifference } from '../revision-difference.ts';
import { formatChanges } from './field-change.ts';
import type { Style } from './style.ts';
import { formatTable } from './table.ts';

/** Without a newline at the end. */
export function formatDifference(difference: RevisionDifference, style: Style): string {
  const { unit, from, to, objects } = difference;
  const title = `${style.bold(showControls(unit))}  ${style.dim(`revision ${from.number} → ${to.number}`)}`;
  const lines = [title, ''];
  if (objects.length > 0) {
    const rows = objects.map((object) => row(object, style));
    const table = formatTable(['Op', 'Object', 'Phase'], rows);
    lines.push(...table.split('\n').map((line) => `  ${line}`), '');
  }
  for (const object of objects) {
    if (object.op !== 'change') continue;
    const changes = formatChanges(object.changes, style).map((line) => `    ${line}`);
    lines.push(`  ${style.bold(showControls(object.object))}`, ...changes, '');
  }
  if (difference.probesChanged) lines.push('  The probes that hold the gates differ, too.', '');
  return [...lines, summary(difference, style)].join('\n');
}

/** The value that `diff -o json` prints. */
export function differenceJson(difference: RevisionDifference): JsonObject {
  return {
    apiVersion: 'sluice.dev/v1alpha1',
    kind: 'RevisionDifference',
    unit: difference.unit,
    from: difference.from.number,
    to: difference.to.number,
    summary: counts(difference),
    probesChanged: difference.probesChanged,
    objects: difference.objects.map(({ object, op, phase, phaseBefore, changes }) => ({
      object,
      op,
      phase,
      ...(phaseBefore === undefined ? {} : { phaseBefore }),
      changes: changes.map((change) => ({
        path: change.path,
        op: change.op,
        ...(change.before === undefined ? {} : { before: change.before }),
        ...(change.after === undefined ? {} : { after: change.after }),
      })),
    })),
  };
}

function row(object: ObjectDifference, style: Style): readonly string[] {
  const { op, phase, phaseBefore } = object;
  const place = phaseBefore === undefined ? phase : `${phaseBefore} → ${phase}`;
  return [paint(op, style), showControls(object.object), showControls(place)];
}

function paint(op: ObjectDifference['op'], style: Style): string {
  switch (op) {
    case 'add':
      return style.green(op);
    case 'remove':
      return style.red(op);
    case 'change':
    case 'move':
      return style.yellow(op);
  }
}

function summary(difference: RevisionDifference, style: Style): string {
  const { add, change, move, remove, unchanged } = counts(difference);
  const moved = move === 0 ? '' : `${move} move, `;
  return style.bold(
    `Diff: ${add} add, ${change} change, ${moved}${remove} remove, ${unchanged} unchanged`,
  );
}

function counts(
  difference: RevisionDifference,
): Record<ObjectDifference['op'] | 'unchanged', number> {
  const of = (op: ObjectDifference['op']): number =>
    difference.objects.filter((object) => object.op === op).length;
  return {
    add: of('add'),
    change: of('change'),
    move: of('move'),
    remove: of('remove'),
    unchanged: difference.unchanged,
  };
}
