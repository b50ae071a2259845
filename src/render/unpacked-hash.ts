// The hash of what a package was unpacked from: what its instance asks for, and the files that stood there.
import { createHash } from 'node:crypto';
import { CLUSTER_PACKAGE, PACKAGE } from '../api/package.ts';
import { canonicalJson } from '../lib/canonical-json.ts';
import { objectAt } from '../model/json.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { askKey } from './unit.ts';
import type { Answers, Ask, Unit } from './unit.ts';

/**
 * 64 hexadecimal digits over image, component, config and content (package-operator §5.4). Upstream's hash leaves
 * the content out, so that it stays when a tag moves; other fields of the spec unpack nothing.
 * @param shown the instance without values of Secrets, where it is not as it stands in a file: the hash is public
 * @param asks everything that the render asked for
 * @returns undefined for units that are no packages
 */
export function unpackedHash(
  unit: Unit,
  shown: JsonObject | undefined,
  asks: readonly Ask[],
  answers: Answers,
): string | undefined {
  const { group, kind } = unit.name;
  if (group !== PACKAGE.group || ![PACKAGE.kind, CLUSTER_PACKAGE.kind].includes(kind)) {
    return undefined;
  }
  const spec = objectAt(shown ?? unit.documents[0]?.manifest ?? {}, 'spec');
  const content = asks.flatMap((ask) => contentOf(ask, answers) ?? []).toSorted();
  const unpacked = {
    image: spec['image'] ?? '',
    component: spec['component'] ?? '',
    config: spec['config'] ?? {},
    content,
  };
  return sha256(canonicalJson(unpacked satisfies Json));
}

/** The address of a package from outside; of a folder a hash over names and contents, whatever Git calls them. */
function contentOf(ask: Ask, answers: Answers): string | undefined {
  const answer = answers.get(askKey(ask));
  if (answer?.kind === 'package') return answer.version;
  if (answer?.kind !== 'files' || ask.kind !== 'files') return undefined;
  const files = [...answer.files].map(([path, content]) => [
    path.startsWith(`${ask.prefix}/`) ? path.slice(ask.prefix.length + 1) : path,
    sha256(content),
  ]);
  return `sha256:${sha256(canonicalJson(Object.fromEntries(files) as JsonObject))}`;
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
