// The example repository as a bare one, with what takes long there made quick.
import { readFolder } from './package-files.ts';
import { EXAMPLE } from './program.ts';
import { bareRepository, commitFiles } from './git-fixture.ts';

/** Files of examples/repo by path. */
export function exampleFiles(): Readonly<Record<string, string>> {
  const decoder = new TextDecoder();
  return Object.fromEntries(
    [...readFolder(EXAMPLE)].map(([file, bytes]) => [
      file,
      decoder.decode(bytes).replace(/ready-after: \S+/, 'ready-after: 200ms'),
    ]),
  );
}

/** A bare repository that holds it as its first commit. */
export function exampleRepository(): string {
  const bare = bareRepository();
  commitFiles(bare, { files: exampleFiles(), message: 'The example' });
  return bare;
}
