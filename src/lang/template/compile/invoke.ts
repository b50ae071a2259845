// Runs a template in a frame of its own, compiling it when it runs for the first time.
import type { Run } from '../frame.ts';
import { Frame } from '../frame.ts';
import type { Template } from '../set.ts';
import type { Value } from '../value.ts';

/** Executes a template of the run's set with the given dot; `$` is the same value. */
export function runTemplate(run: Run, template: Template, dot: Value): void {
  const body = template.body ?? run.compile(template);
  run.budget.charge(1 + (body.slots >> 4));
  const outer = run.frame;
  const frame = new Frame(run, template, body.slots);
  frame.variables[0] = dot;
  run.frame = frame;
  run.depth += 1;
  body.execute(frame, dot);
  run.depth -= 1;
  run.frame = outer;
}
