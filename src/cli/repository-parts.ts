// What `validate` looks at beside the units: sluice.yaml as a document, and every package of the repository.
import { answerAsks } from '../inputs/answers.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Snapshot, SnapshotFile } from '../model/snapshot.ts';
import { CONFIG_FILE, findPackageSources, parseSource } from '../render/index.ts';
import type { PackageSource, ParsedFile } from '../render/index.ts';

export interface FoundParts {
  readonly config: ParsedFile | undefined;
  /** Wherever they lie, in synced folders or not; hidden folders are nobody's packages. */
  readonly packages: readonly PackageSource[];
  /** Why a package could not be read. */
  readonly diagnostics: readonly Diagnostic[];
}

const MANIFEST = /(?:^|\/)manifest\.ya?ml$/;
const HIDDEN = /(?:^|\/)\./;

/** Reads the parts of a snapshot that rendering need not read. */
export async function readRepositoryParts(
  snapshot: Snapshot,
  signal: AbortSignal,
): Promise<FoundParts> {
  const manifests = snapshot.files.filter(
    ({ path, mode }) =>
      MANIFEST.test(path) && !HIDDEN.test(path) && (mode === 'file' || mode === 'executable'),
  );
  const configFile = snapshot.file(CONFIG_FILE);
  const wanted = [...manifests, ...(configFile ? [configFile] : [])];
  const contents = await snapshot.read([...new Set(wanted.map(({ oid }) => oid))], signal);
  const parse = ({ path, oid }: SnapshotFile): ParsedFile =>
    parseSource(path, contents.get(oid) ?? new Uint8Array());
  const folders = withoutComponents(findPackageSources(manifests.map(parse)));
  const packages: PackageSource[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const folder of folders) {
    const ask = { kind: 'files', prefix: folder } as const;
    const context = { snapshot, target: undefined, environment: undefined, signal };
    const [answer] = (await answerAsks([ask], context)).values();
    if (answer?.kind === 'failed') diagnostics.push(answer.diagnostic);
    if (answer?.kind !== 'files') continue;
    const skip = folder === '' ? 0 : folder.length + 1;
    const files = [...answer.files].map(([path, bytes]) => [path.slice(skip), bytes] as const);
    packages.push({ folder, files: new Map(files) });
  }
  return { config: configFile && parse(configFile), packages, diagnostics };
}

/** Components are checked with the package that they are part of. */
function withoutComponents(folders: readonly string[]): readonly string[] {
  const all = new Set(folders);
  return folders.filter((folder) => {
    const parent = /^(?:(.*)\/)?components\/[^/]+$/.exec(folder);
    return parent === null || !all.has(parent[1] ?? '');
  });
}
