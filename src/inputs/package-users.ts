// What units rest on, written beside the contents: a unit that cannot be read after a restart keeps what it had.
import { canonicalJson } from '../lib/canonical-json.ts';
import { isObject, stringAt } from '../model/json.ts';
import type { Json } from '../model/json.ts';
import type { KeptContents } from './kept-contents.ts';
import type { PackageAsk, PackagesInUse, PackageVersion } from './package-inputs.ts';

type Units = PackagesInUse['units'];

export interface PackageUsers {
  /** Writes only what is not written. */
  record(units: Units): Promise<void>;
  /** What was recorded last; empty where nothing is known, or what is there cannot be read. */
  recall(): Promise<Units>;
}

export function createPackageUsers(
  kept: Pick<KeptContents, 'users' | 'setUsers'> | undefined,
): PackageUsers {
  let written: string | undefined;
  return {
    record: async (units) => {
      const text = canonicalJson(
        [...units].map(([unit, versions]) => [
          unit,
          versions.map(({ ask: { kind, reference }, version = null }) => ({
            kind,
            reference,
            version,
          })),
        ]),
      );
      if (!kept || text === written) return;
      written = text;
      await kept.setUsers(text);
    },
    recall: async () => {
      written = await kept?.users();
      return written === undefined ? new Map() : parse(written);
    },
  };
}

function parse(text: string): Units {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    return new Map();
  }
  const entries = (Array.isArray(value) ? value : []).flatMap((entry) => {
    const [unit, versions] = Array.isArray(entry) ? entry : [];
    if (typeof unit !== 'string' || !Array.isArray(versions)) return [];
    return [[unit, versions.flatMap((item) => parseVersion(item) ?? [])] as const];
  });
  return new Map(entries);
}

function parseVersion(item: Json): PackageVersion | undefined {
  if (!isObject(item)) return undefined;
  const kind = stringAt(item, 'kind');
  const reference = stringAt(item, 'reference');
  if ((kind !== 'image' && kind !== 'gitFiles') || reference === undefined) return undefined;
  const ask: PackageAsk = { kind, reference };
  return { ask, version: stringAt(item, 'version') };
}
