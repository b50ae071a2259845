// Which names an object may carry, so that a wrong one is found in the file and not by the target.
import { builtinKind } from '../schema/builtin-kinds.ts';

const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const SERVICE = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;

/** Built-in kinds whose names are only kept out of URLs' way, not spelt as DNS names. */
const PATH_SEGMENT_GROUPS = new Set(['rbac.authorization.k8s.io']);
/** Groups of which every kind is named as a DNS subdomain. */
const OWN_GROUPS = new Set(['package-operator.run', 'sluice.dev']);

/**
 * Why a name is refused, or undefined when it is fine. Kinds that only a CRD defines are held to what
 * every API server demands of every name.
 */
export function nameProblem(group: string, kind: string, name: string): string | undefined {
  if (name === '') return 'must not be empty';
  if (name.length > 253) return `must be no more than 253 characters, has ${name.length}`;
  if (name === '.' || name === '..') return `must not be "${name}"`;
  const bad = /[/%\s\u0000-\u001f\u007f]/u.exec(name);
  if (bad) return `must not contain ${JSON.stringify(bad[0])}`;
  if (PATH_SEGMENT_GROUPS.has(group)) return undefined;
  if (!OWN_GROUPS.has(group) && builtinKind(group, kind) === undefined) return undefined;
  return dnsProblem(group === '' ? kind : '', name);
}

/** Why a namespace is refused, or undefined when it is fine. */
export function namespaceProblem(namespace: string): string | undefined {
  if (namespace.length > 63) {
    return `must be no more than 63 characters, has ${namespace.length}`;
  }
  return LABEL.test(namespace)
    ? undefined
    : 'must consist of lower case letters, digits and "-", and start and end with a letter or digit';
}

function dnsProblem(coreKind: string, name: string): string | undefined {
  if (coreKind === 'Namespace') return namespaceProblem(name);
  if (coreKind === 'Service') {
    if (name.length > 63) return `must be no more than 63 characters, has ${name.length}`;
    return SERVICE.test(name)
      ? undefined
      : 'must consist of lower case letters, digits and "-", start with a letter and end with a letter or digit';
  }
  return SUBDOMAIN.test(name)
    ? undefined
    : 'must consist of lower case letters, digits, "-" and ".", and start and end with a letter or digit';
}
