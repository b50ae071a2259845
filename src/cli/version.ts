// `sluice version`.
import { readFileSync } from 'node:fs';
import type { CliIo } from './io.ts';
import { EXIT } from './io.ts';

/** The version of the package this program belongs to. */
export function packageVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}

/** @returns the exit code */
export function versionCommand(flags: { readonly output?: string }, io: CliIo): number {
  const version = packageVersion();
  io.out(
    flags.output === 'json'
      ? `${JSON.stringify({ version, node: process.version })}\n`
      : `sluice ${version}\n`,
  );
  return EXIT.done;
}
