// Answers asks for packages from outside the repository: from registries and other repositories, if allowed.
import { diagnostic } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Answer, Ask } from '../render/unit.ts';
import { parseGitPackage } from './git-package.ts';
import type { GitPackages } from './git-package.ts';
import type { KeptContents } from './kept-contents.ts';
import { createPackageUsers } from './package-users.ts';
import type { RegistryClient } from './registry/client.ts';
import { isAllowedHost } from './registry/host.ts';
import { pullPackage } from './registry/pull.ts';
import { formatRepository, parseImageName } from '../model/image-name.ts';
import type { RemoteContent, RemotePlace } from './remote-content.ts';

export type PackageAsk = Extract<Ask, { kind: 'image' | 'gitFiles' }>;

/** What would be answered now, as an address of the content, or why it cannot be had. */
export type PackageLook =
  | { readonly kind: 'at'; readonly version: string }
  | { readonly kind: 'unavailable'; readonly diagnostic: Diagnostic };

/** What an ask was answered with, or could not be. */
export interface PackageVersion {
  readonly ask: PackageAsk;
  /** Address of the content; undefined when it could not be had. */
  readonly version: string | undefined;
}

/** What must stay on disk, whatever else has to go. */
export interface PackagesInUse {
  /** Of every unit what its last good render rests on; the next process is told of it. */
  readonly units: ReadonlyMap<string, readonly PackageVersion[]>;
  readonly others: readonly PackageVersion[];
}

export interface PackageInputs {
  answer(ask: PackageAsk, signal?: AbortSignal): Promise<Answer>;
  look(ask: PackageAsk, signal?: AbortSignal): Promise<PackageLook>;
  /** Tells what is in use now; what it rests on is never dropped to make room. */
  retain(inUse: PackagesInUse): Promise<void>;
  /** What units rested on when that was told last, perhaps by an earlier process. */
  recall(): Promise<PackagesInUse['units']>;
  /** Ends what still runs. */
  close(): void;
}

export interface PackageInputsDeps {
  /** `sources.hosts` of the daemon's configuration. */
  readonly hosts: readonly string[];
  readonly registry: RegistryClient;
  readonly git: GitPackages;
  readonly content: RemoteContent;
  /** Where the next process reads what is in use. Default: nowhere. */
  readonly kept?: KeptContents | undefined;
  /** Repositories of this machine and without encryption are let in; for tests alone. Default false. */
  readonly localRepositories?: boolean;
}

/** True for asks that this folder answers from outside the snapshot. */
export function isPackageAsk(ask: Ask): ask is PackageAsk {
  return ask.kind === 'image' || ask.kind === 'gitFiles';
}

/** Builds the answers. Failures of the network are answers that may be asked again, refusals are final. */
export function createPackageInputs(deps: PackageInputsDeps): PackageInputs {
  const place = (ask: PackageAsk): RemotePlace | Diagnostic =>
    ask.kind === 'image' ? imagePlace(ask.reference, deps) : gitPlace(ask.reference, deps);
  const unavailable = (ask: PackageAsk, message: string): Diagnostic =>
    diagnostic('AskUnanswered', `${ask.reference}: ${message}`, {
      hint: 'It is tried again by itself, at most every five minutes.',
    });
  const users = createPackageUsers(deps.kept);
  return {
    answer: async (ask, signal) => {
      const found = place(ask);
      if ('code' in found) return { kind: 'failed', diagnostic: found };
      const loaded = await deps.content.load(found, signal);
      if (loaded.kind === 'loaded') {
        return { kind: 'package', files: loaded.files, version: loaded.version };
      }
      if (loaded.kind === 'unusable') {
        const { version } = loaded;
        return { kind: 'failed', diagnostic: noPackage(ask, loaded), version };
      }
      return { kind: 'failed', diagnostic: unavailable(ask, loaded.message), retry: true };
    },
    look: async (ask, signal) => {
      const found = place(ask);
      if ('code' in found) return { kind: 'unavailable', diagnostic: found };
      const look = await deps.content.look(found, signal);
      if (look.kind === 'at') return look;
      return { kind: 'unavailable', diagnostic: unavailable(ask, look.message) };
    },
    retain: async ({ units, others }) => {
      await users.record(units);
      const inUse = [...[...units.values()].flat(), ...others];
      await deps.content.retain(
        inUse.flatMap(({ ask, version }) => {
          const found = place(ask);
          return 'code' in found ? [] : [{ place: found, version }];
        }),
      );
      await deps.git.retain(
        inUse.flatMap(({ ask }) => {
          const parsed = ask.kind === 'gitFiles' ? parseGitPackage(ask.reference) : undefined;
          return parsed?.kind === 'ok' ? [parsed.address] : [];
        }),
      );
    },
    recall: () => users.recall(),
    close: () => {
      deps.content.close();
      deps.git.close();
    },
  };
}

/** Inputs for where nothing from outside may be loaded. */
export function refusePackages(): PackageInputs {
  const refuse = ({ reference }: PackageAsk): Diagnostic =>
    notAllowed(reference, 'packages from outside the repository');
  return {
    answer: (ask) => Promise.resolve({ kind: 'failed', diagnostic: refuse(ask) }),
    look: (ask) => Promise.resolve({ kind: 'unavailable', diagnostic: refuse(ask) }),
    retain: () => Promise.resolve(),
    recall: () => Promise.resolve(new Map()),
    close: () => undefined,
  };
}

function imagePlace(reference: string, deps: PackageInputsDeps): RemotePlace | Diagnostic {
  const parsed = parseImageName(reference);
  if (parsed.kind === 'invalid') return unreadable(parsed.reason);
  const { name } = parsed;
  if (!isAllowedHost(name.registry, deps.hosts, 443)) {
    const isImplied = !/^([^/]*[.:][^/]*|localhost)\//u.test(reference);
    // Without a host in front, a folder's path is the name of an image too.
    const folder = isImplied ? ` A folder of this repository is written ./${reference}.` : '';
    return notAllowed(reference, `images from ${name.registry}`, folder);
  }
  return {
    key: `${formatRepository(name)} ${name.digest ?? name.tag ?? ''}`,
    host: name.registry,
    address: (digest) => `image ${formatRepository(name)} ${digest}`,
    resolve: (signal) => deps.registry.resolve(name, signal),
    load: async (digest, signal) => ({
      version: digest,
      files: await pullPackage(deps.registry, { name, digest }, signal),
    }),
  };
}

function gitPlace(reference: string, deps: PackageInputsDeps): RemotePlace | Diagnostic {
  const parsed = parseGitPackage(reference);
  if (parsed.kind === 'invalid') return unreadable(`"${maskUser(reference)}": ${parsed.reason}`);
  const { address } = parsed;
  const open = address.transport === 'https' || address.transport === 'ssh';
  if (deps.localRepositories !== true) {
    if (!open) return unreadable(`"${reference}": packages come over https or ssh only`);
    if (!isAllowedHost(address.host, deps.hosts, address.port)) {
      return notAllowed(reference, `packages from ${address.host}`);
    }
  }
  return {
    key: `${address.url} ${address.folder} ${address.ref ?? ''}`,
    host: address.host,
    address: (commit) => `git ${address.url} ${address.folder} ${commit}`,
    resolve: (signal) => deps.git.resolve(address, signal),
    load: (commit, signal) => deps.git.load(address, commit, signal),
  };
}

function noPackage(
  ask: PackageAsk,
  { version, message }: { readonly version: string; readonly message: string },
): Diagnostic {
  return diagnostic('PackageNotFound', `${ask.reference}: ${message} (${version})`, {
    hint: 'Publish a package there, or name another one; a tag or branch is looked at with every poll.',
  });
}

function unreadable(reason: string): Diagnostic {
  return diagnostic('PackageNotFound', `spec.image: ${reason}`, {
    hint: 'Write a folder as ./folder, a repository as git+https://host/repo//folder@ref, or an image.',
  });
}

function notAllowed(reference: string, what: string, more = ''): Diagnostic {
  const message = `${reference}: the daemon's configuration does not allow ${what}`;
  return diagnostic('AskUnanswered', message, {
    hint: `Whoever runs the daemon adds the host to sources.hosts of its configuration file.${more}`,
  });
}

/** A password that was written into the address is not repeated. */
function maskUser(reference: string): string {
  return reference.replace(/:\/\/[^/]*@/u, '://***@');
}
