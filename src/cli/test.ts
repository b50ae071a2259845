// `sluice test`: the template tests of packages against their `.test-fixtures`.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { showControls } from '../model/diagnostic.ts';
import { SluiceError } from '../model/sluice-error.ts';
import { testPackage } from '../render/package/fixtures.ts';
import type { CaseOutcome } from '../render/package/fixtures.ts';
import { formatViolation, violationHint } from '../render/package/violation.ts';
import { createSchemaValidator } from '../schema/index.ts';
import { createWiring } from '../wiring.ts';
import { EXIT } from './io.ts';
import type { CliIo } from './io.ts';
import { printViolations, readPackageFolder } from './package-folder.ts';

export interface TestFlags {
  readonly case?: string;
  readonly update?: boolean;
}

/** @returns the exit code: 1 when a case fails, or has no fixtures and `--update` was not given */
export async function testCommand(
  packages: readonly string[],
  flags: TestFlags,
  io: CliIo,
): Promise<number> {
  const wiring = createWiring({ environment: io.environment, cwd: io.cwd });
  const validator = createSchemaValidator();
  let passed = 0;
  let failed = 0;
  for (const directory of packages.length === 0 ? ['.'] : packages) {
    const { root, files } = await readPackageFolder(directory, wiring, io);
    const result = testPackage(files, validator);
    if (result.kind === 'invalid') {
      failed += 1;
      io.err(`${io.errStyle.red('FAIL')} ${directory}\n`);
      printViolations(result.violations, directory, io);
      continue;
    }
    const outcomes = result.outcomes.filter(
      (outcome) => flags.case === undefined || outcome.name === flags.case,
    );
    if (flags.case !== undefined && outcomes.length === 0) {
      throw new SluiceError('UsageInvalid', `${directory} has no test case "${flags.case}"`);
    }
    if (outcomes.length === 0) {
      io.err(
        `${directory} has no test cases: only its manifest and plain objects were looked at\n`,
      );
    }
    for (const outcome of outcomes) {
      if (flags.update === true && (outcome.kind === 'unwritten' || outcome.kind === 'differs')) {
        await writeFixtures(root, outcome);
        io.err(`${io.errStyle.yellow('WROTE')} ${label(directory, outcome)}\n`);
        passed += 1;
      } else if (outcome.kind === 'passed') {
        io.err(`${io.errStyle.green('PASS')} ${label(directory, outcome)}\n`);
        passed += 1;
      } else {
        failed += 1;
        io.err(
          `${io.errStyle.red('FAIL')} ${label(directory, outcome)}\n${reasons(outcome, directory)}`,
        );
      }
    }
  }
  io.out(`${passed} passed, ${failed} failed\n`);
  return failed > 0 ? EXIT.failed : EXIT.done;
}

async function writeFixtures(root: string, outcome: CaseOutcome): Promise<void> {
  const folder = path.join(root, outcome.folder);
  await rm(folder, { recursive: true, force: true });
  for (const [name, text] of outcome.actual) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}

function label(directory: string, outcome: CaseOutcome): string {
  return [directory, outcome.component, outcome.name].filter((part) => part !== '').join(' ');
}

function reasons(outcome: CaseOutcome, directory: string): string {
  if (outcome.kind === 'unwritten')
    return '  there are no fixtures yet; write them with --update\n';
  const lines = [
    ...outcome.mismatches.map((mismatch) => mismatch.message),
    ...outcome.violations.map((violation) => {
      const hint = violationHint(violation, directory);
      return `${formatViolation(violation)}${hint === undefined ? '' : `\n${hint}`}`;
    }),
  ];
  return lines.map((line) => `  ${showControls(line).replaceAll('\n', '\n  ')}\n`).join('');
}
