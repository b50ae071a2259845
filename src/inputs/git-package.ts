// Packages from other repositories: `git+https://host/repo//path@ref`, fetched without history into a cache.
import { createHash } from 'node:crypto';
import {
  createObjectReader,
  createRemote,
  fetchRef,
  isBranchName,
  isObjectId,
  listTree,
  lookUpRefs,
} from '../git/index.ts';
import type { Environment, Git, Remote, RemoteOptions } from '../git/index.ts';
import { SluiceError } from '../model/sluice-error.ts';
import { resolvePath } from '../render/repository-path.ts';
import type { GitCache } from './git-cache.ts';
import type { Files } from './kept-contents.ts';

export interface GitPackageAddress {
  /** What git is called with. */
  readonly url: string;
  /** With a port where it is not the usual one; empty for files of this machine. */
  readonly host: string;
  /** The usual port of the protocol. */
  readonly port: number;
  readonly transport: 'https' | 'ssh' | 'http' | 'file';
  /** Folder in the repository; empty for its root. */
  readonly folder: string;
  /** Branch, tag, full ref name or commit id; undefined for the default branch. */
  readonly ref: string | undefined;
}

export type GitPackageResult =
  | { readonly kind: 'ok'; readonly address: GitPackageAddress }
  | { readonly kind: 'invalid'; readonly reason: string };

/**
 * Reads a reference. The folder stands behind `//`, the ref behind the last `@` after the host. Passwords do
 * not belong into a repository and are refused.
 */
export function parseGitPackage(text: string): GitPackageResult {
  const invalid = (why: string): GitPackageResult => ({ kind: 'invalid', reason: why });
  const match = /^git\+(https|ssh|http|file):\/\/([^/]*)(\/.*)$/u.exec(text);
  // oxlint-disable-next-line no-control-regex
  if (!match || /[\u0000-\u0020\u007f\\?#]/u.test(text)) {
    return invalid('it must read git+https://host/repository//folder@ref (or git+ssh://)');
  }
  const [, transport = '', authority = '', rest = ''] = match;
  const at = rest.lastIndexOf('@');
  const place = at < 0 ? rest : rest.slice(0, at);
  const ref = at < 0 ? undefined : rest.slice(at + 1);
  if (ref !== undefined && !isBranchName(ref)) return invalid(`"${ref}" is no ref`);
  const cut = place.indexOf('//');
  const folder = cut < 0 ? '' : resolvePath('', place.slice(cut + 2));
  if (folder === undefined) return invalid('the folder leaves the repository');
  const user = authority.includes('@') ? authority.slice(0, authority.lastIndexOf('@')) : '';
  if (user !== '' && (transport !== 'ssh' || user.includes(':'))) {
    return invalid('it holds a password or token; credentials belong into the configuration');
  }
  const host = authority.slice(authority.lastIndexOf('@') + 1).toLowerCase();
  if (host === '' && transport !== 'file') return invalid('it names no host');
  return {
    kind: 'ok',
    address: {
      url: `${transport}://${authority}${cut < 0 ? place : place.slice(0, cut)}`,
      host,
      port: { https: 443, ssh: 22, http: 80, file: 0 }[transport] ?? 0,
      transport: transport as GitPackageAddress['transport'],
      folder,
      ref,
    },
  };
}

export interface GitPackageDeps {
  readonly git: Git;
  readonly environment: Environment;
  /** Where repositories are fetched into. */
  readonly cache: GitCache;
  /** How to log in at a host. */
  readonly access: (address: GitPackageAddress) => Omit<RemoteOptions, 'url' | 'branch'>;
}

export interface GitPackages {
  /** The commit that the ref stands for now; one request, none for a commit id. */
  resolve(address: GitPackageAddress, signal: AbortSignal): Promise<string>;
  /**
   * The files of the folder at a commit, or at what the ref has moved to since.
   * @throws SluiceError PackageNotFound where the commit was had and holds no package there; GitFailed with what
   * git said
   */
  load(
    address: GitPackageAddress,
    commit: string,
    signal: AbortSignal,
  ): Promise<{ readonly version: string; readonly files: Files }>;
  /** Tells which addresses are in use: their repositories stay, whatever else has to go. */
  retain(inUse: readonly GitPackageAddress[]): Promise<void>;
  /** Ends what still runs. */
  close(): void;
}

/** Bytes of all files of a package. */
const MAX_BYTES = 64 * 1024 * 1024;
const FETCH_MS = 300_000;

/** Errors are SluiceErrors: GitFailed with what git said, or that there is no such ref. */
export function createGitPackages(deps: GitPackageDeps): GitPackages {
  const { git, cache } = deps;

  const remoteOf = (address: GitPackageAddress): Remote => {
    // The branch of a remote is not used here: refs are named one by one.
    const options = { ...deps.access(address), url: address.url, branch: 'main' };
    return createRemote(options, deps.environment);
  };
  const lookUp = async (
    address: GitPackageAddress,
    signal: AbortSignal,
  ): Promise<{ readonly ref: string; readonly commit: string }> => {
    const { ref } = address;
    const names = namesOf(ref);
    const peeled = names.map((name) => `${name}^{}`);
    const found = await lookUpRefs(git, remoteOf(address), [...names, ...peeled], { signal });
    for (const name of names) {
      const commit = found.get(`${name}^{}`) ?? found.get(name);
      if (commit !== undefined) return { ref: name, commit };
    }
    const what = ref === undefined ? 'no default branch' : `no branch or tag "${ref}"`;
    throw new SluiceError('GitFailed', `the repository has ${what}`);
  };
  const fetchCommit = async (
    gitDir: string,
    address: GitPackageAddress,
    signal: AbortSignal,
  ): Promise<string> => {
    const { ref } = address;
    const pinned = ref !== undefined && isObjectId(ref);
    const from = pinned ? ref : (await lookUp(address, signal)).ref;
    const into = localRef(from);
    const options = { gitDir, from, into, depth: 1, signal, timeoutMs: FETCH_MS };
    await fetchRef(git, remoteOf(address), options);
    return into;
  };

  return {
    resolve: async (address, signal) => {
      if (address.ref !== undefined && isObjectId(address.ref)) return address.ref;
      return (await lookUp(address, signal)).commit;
    },
    load: (address, wanted, signal) => {
      const format = wanted.length === 64 ? 'sha256' : 'sha1';
      return cache.use({ url: address.url, format }, async (gitDir) => {
        const into = await fetchCommit(gitDir, address, signal);
        const reader = createObjectReader(git, { gitDir });
        try {
          const commit = await reader.resolve(`${into}^{commit}`, signal);
          if (commit?.type !== 'commit') throw noPackage('the ref is no commit');
          const tree = await reader.resolve(`${commit.oid}:${address.folder}`, signal);
          if (tree?.type !== 'tree') {
            const message = `there is no folder "${address.folder}" at ${commit.oid.slice(0, 12)}`;
            // What is wrong with another commit says nothing about this one.
            if (commit.oid !== wanted) throw new SluiceError('GitFailed', message);
            throw noPackage(message);
          }
          const files = await readTree({ git, gitDir, reader }, tree.oid, signal);
          return { version: commit.oid, files };
        } finally {
          reader.close();
        }
      });
    },
    retain: (inUse) =>
      cache.trim(
        inUse.map(({ url, ref }) => ({
          url,
          refs: (ref !== undefined && isObjectId(ref) ? [ref] : namesOf(ref)).map(localRef),
        })),
      ),
    close: () => cache.close(),
  };
}

/** What a ref may be called in full; a tag is meant before a branch. */
function namesOf(ref: string | undefined): readonly string[] {
  if (ref === undefined) return ['HEAD'];
  return ref.startsWith('refs/') ? [ref] : [`refs/tags/${ref}`, `refs/heads/${ref}`];
}

/** Where a ref or commit of another repository is fetched to. */
function localRef(from: string): string {
  return `refs/sluice/${createHash('sha256').update(from).digest('hex').slice(0, 20)}`;
}

function noPackage(message: string): SluiceError {
  return new SluiceError('PackageNotFound', message);
}

async function readTree(
  from: {
    readonly git: Git;
    readonly gitDir: string;
    readonly reader: ReturnType<typeof createObjectReader>;
  },
  tree: string,
  signal: AbortSignal,
): Promise<Files> {
  const listed = await listTree(from.git, { gitDir: from.gitDir, commit: tree, signal });
  const files = listed.filter(({ mode }) => mode === 'file' || mode === 'executable');
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  if (bytes > MAX_BYTES) {
    throw noPackage(`the folder holds more than ${MAX_BYTES} bytes`);
  }
  const blobs = await from.reader.readBlobs([...new Set(files.map(({ oid }) => oid))], signal);
  return new Map(
    files.map(({ path: name, oid }) => {
      const content = blobs.get(oid);
      // A package with a file less would take an object away.
      if (!content) throw new SluiceError('GitFailed', `the fetched repository lacks ${name}`);
      return [name, content] as const;
    }),
  );
}
