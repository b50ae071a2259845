// One unit to phases of objects: `rendered | asks | failed`, without I/O and the same every time.
import { findApiKind } from '../api/index.ts';
import { FOLDER_KIND } from '../model/unit-id.ts';
import { hasErrors } from '../model/diagnostic.ts';
import { failed, withProblems } from './render-context.ts';
import type { RenderContext, RenderJob } from './render-context.ts';
import { renderFolder } from './render-folder.ts';
import { renderObjectSet } from './render-object-set.ts';
import { renderObjectTemplate } from './render-object-template.ts';
import { renderPackageUnit } from './render-package-unit.ts';
import type { Answers, RenderResult, Unit } from './unit.ts';

/**
 * Renders a unit.
 * @param answers to what earlier rounds asked for; empty at first
 * @returns what it needs from outside as `asks`; every problem, not only the first, when it `failed`
 */
export function renderUnit(unit: Unit, context: RenderContext, answers: Answers): RenderResult {
  if (hasErrors(unit.problems)) return failed(unit.problems);
  return withProblems(dispatch({ unit, context, answers }), unit.problems);
}

function dispatch(job: RenderJob): RenderResult {
  const { unit } = job;
  if (unit.name.kind === FOLDER_KIND && unit.name.group === '') return renderFolder(job);
  const [document] = unit.documents;
  const apiKind = document && findApiKind(document.manifest.apiVersion, document.manifest.kind);
  if (apiKind === undefined) return failed(unit.problems);
  switch (apiKind.kind) {
    case 'Package':
    case 'ClusterPackage':
      return renderPackageUnit(job, apiKind);
    case 'ObjectTemplate':
    case 'ClusterObjectTemplate':
      return renderObjectTemplate(job, apiKind);
    default:
      return renderObjectSet(job, apiKind);
  }
}
