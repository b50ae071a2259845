// What to do where a write is refused because its namespace is not there.

/** @returns a hint for the answer to a write, undefined where it is about something else */
export function namespaceHint(reason: string, namespace: string): string | undefined {
  // A write is answered so for its namespace only: what it names itself need not exist.
  if (reason !== 'NotFound' || namespace === '') return undefined;
  return `Create Namespace ${namespace} in a unit of its own and let this one depend on it, or in an earlier phase.`;
}
