// Which git is there, and whether it is new enough.
import { SluiceError } from '../model/sluice-error.ts';
import type { Git } from './runner.ts';

export interface GitVersion {
  readonly major: number;
  readonly minor: number;
  /** As git prints it. */
  readonly text: string;
}

/** The oldest git that has everything we call; the number stands in the hint of GitMissing too. */
const OLDEST = { major: 2, minor: 30 } as const;

/**
 * Asks git for its version.
 * @throws SluiceError GitMissing when there is none, or one older than 2.30
 */
export async function checkGitVersion(git: Git): Promise<GitVersion> {
  const { stdout } = await git.succeed({ args: ['version'], timeoutMs: 10_000 });
  const text = stdout.toString('utf8').trim();
  const match = /(\d+)\.(\d+)/.exec(text);
  const version = { major: Number(match?.[1] ?? 0), minor: Number(match?.[2] ?? 0), text };
  if (!isAtLeast(version, OLDEST)) {
    throw new SluiceError('GitMissing', `git 2.30 or newer is needed, this is "${text}"`);
  }
  return version;
}

/** True when the version is the given one or newer. */
export function isAtLeast(
  version: { readonly major: number; readonly minor: number },
  wanted: { readonly major: number; readonly minor: number },
): boolean {
  return (
    version.major > wanted.major ||
    (version.major === wanted.major && version.minor >= wanted.minor)
  );
}
