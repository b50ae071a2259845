// The kinds that are reconciled here and may stand inside a phase: they live in a registry and not on a target.
import { findApiKind } from '../../api/index.ts';
import type { ApiKind } from '../../api/api-kind.ts';

/** Units, and the slices that some of them are made of; undefined for kinds of targets. */
export function unitKind(apiVersion: string, kind: string): ApiKind | undefined {
  const found = findApiKind(apiVersion, kind);
  return found?.role === 'unit' || found?.role === 'part' ? found : undefined;
}
