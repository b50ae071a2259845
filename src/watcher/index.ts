// Where snapshots come from; what other folders may use.
export { createCommitSnapshot } from './commit-snapshot.ts';
export { createDirectorySource, createWorkingTreeSnapshot } from './directory-source.ts';
export type { DirectorySourceDependencies } from './directory-source.ts';
export { createGitSource } from './git-source.ts';
export type { GitSourceDependencies } from './git-source.ts';
export type { PollResult, Source, StatusTip } from './source.ts';
