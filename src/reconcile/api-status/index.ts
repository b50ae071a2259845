// The status of a unit as the API of its kind defines it: written, never read back.
import { PACKAGE } from '../../api/package.ts';
import { deploymentStatus } from './deployment.ts';
import { genericStatus } from './generic.ts';
import { objectSetPhaseStatus, objectSetStatus } from './object-set.ts';
import { objectTemplateStatus } from './object-template.ts';
import { packageStatus } from './package.ts';
import type { ApiStatus, StatusView } from './view.ts';

export type { ApiStatus, StatusView } from './view.ts';

/** Conditions and further fields of `status`, by kind. */
export function apiStatusOf(view: StatusView): ApiStatus {
  const status = statusOfKind(view);
  return view.removing ? leaving(status) : status;
}

const CLAIMS: ReadonlySet<unknown> = new Set(['Available', 'Progressing', 'Pending']);

/** Teardown ends availability before the first object goes (package-operator §7.1). */
function leaving({ conditions, fields }: ApiStatus): ApiStatus {
  return {
    conditions: conditions.filter(({ type }) => type !== 'Available'),
    fields: CLAIMS.has(fields['phase']) ? { ...fields, phase: 'NotReady' } : fields,
  };
}

function statusOfKind(view: StatusView): ApiStatus {
  if (view.name.group !== PACKAGE.group) return genericStatus(view);
  switch (view.name.kind) {
    case 'Package':
    case 'ClusterPackage':
      return packageStatus(view);
    case 'ObjectDeployment':
    case 'ClusterObjectDeployment':
      return deploymentStatus(view);
    case 'ObjectSet':
    case 'ClusterObjectSet':
      return objectSetStatus(view);
    case 'ObjectSetPhase':
    case 'ClusterObjectSetPhase':
      return objectSetPhaseStatus(view);
    case 'ObjectTemplate':
    case 'ClusterObjectTemplate':
      return objectTemplateStatus(view);
    default:
      return genericStatus(view);
  }
}
