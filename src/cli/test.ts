// `sluice test`: the template tests of packages against their `.test-fixtures`.
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { showControls } from '../model/diagnostic.ts';
import { SluiceError } from '../model/sluice-error.ts';
import { testPackage } from '../render/package/fixtures.ts';
import type { CaseOutcome } from '../render/package/fixtures.ts';
import { formatUnknownKind } from '../render/package/kubeconform/index.ts';
import type { SchemaReport } from '../render/package/kubeconform/index.ts';
import { formatViolation, inComponent, violationHint } from '../render/package/violation.ts';
import type { Violation } from '../render/package/violation.ts';
import { createSchemaValidator } from '../schema/index.ts';
import { createWiring } from '../wiring.ts';
import { writeOutput } from './output-file.ts';
import { EXIT } from './io.ts';
import type { CliIo } from './io.ts';
import { printViolations, readPackageFolder } from './package-folder.ts';
import { checkFolderSchemas } from './package-schemas.ts';

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
  let chosen = 0;
  for (const directory of packages.length === 0 ? ['.'] : packages) {
    const { root, files } = await readPackageFolder(directory, wiring, io);
    const result = testPackage(files, validator);
    if (result.kind === 'invalid') {
      failed += 1;
      io.err(`${io.errStyle.red('FAIL')} ${directory}\n`);
      printViolations(result.violations, directory, io);
      continue;
    }
    const schemas = await checkFolderSchemas({ root, files }, validator, io.signal);
    failed += printSchemaFaults(schemas, directory, io);
    const outcomes = withStatics(result.outcomes, schemas).filter(
      (outcome) => flags.case === undefined || outcome.name === flags.case,
    );
    chosen += outcomes.length;
    if (outcomes.length === 0) {
      io.err(
        flags.case === undefined
          ? `${directory} has no test cases: only its manifest and plain objects were looked at\n`
          : `${directory} has no test case "${flags.case}"\n`,
      );
    }
    for (const outcome of outcomes) {
      const refused = refusals(schemas, outcome, directory);
      const isWritten =
        flags.update === true && (outcome.kind === 'unwritten' || outcome.kind === 'differs');
      if (isWritten) {
        await writeFixtures(root, outcome);
        io.err(`${io.errStyle.yellow('WROTE')} ${label(directory, outcome)}\n`);
      } else if (outcome.kind === 'passed' && refused === '') {
        io.err(`${io.errStyle.green('PASS')} ${label(directory, outcome)}\n`);
      }
      if ((isWritten || outcome.kind === 'passed') && refused === '') {
        passed += 1;
      } else {
        failed += 1;
        const why = `${isWritten ? '' : reasons(outcome, directory)}${refused}`;
        io.err(`${io.errStyle.red('FAIL')} ${label(directory, outcome)}\n${why}`);
      }
    }
    printUnknownKinds(schemas, directory, io);
  }
  if (flags.case !== undefined && chosen === 0 && failed === 0) {
    throw new SluiceError('UsageInvalid', `no test case is called "${flags.case}"`);
  }
  io.out(`${passed} passed, ${failed} failed\n`);
  return failed > 0 ? EXIT.failed : EXIT.done;
}

async function writeFixtures(root: string, outcome: CaseOutcome): Promise<void> {
  const folder = path.join(root, outcome.folder);
  await rm(folder, { recursive: true, force: true });
  for (const [name, text] of outcome.actual) {
    const file = path.join(folder, name);
    await writeOutput(file, text, file);
  }
}

function label(directory: string, outcome: CaseOutcome): string {
  return [directory, outcome.component, outcome.name].filter((part) => part !== '').join(' ');
}

/** What the schemas have against the objects of a case. */
function refusals(
  schemas: readonly SchemaReport[],
  { component, name }: CaseOutcome,
  directory: string,
): string {
  const groups = schemas.filter((report) => report.component === component);
  const violations = groups
    .flatMap((report) => report.groups)
    .filter(({ testCase }) => testCase === name)
    .flatMap((group) => group.violations);
  return indented(violations.map((violation) => withHint(violation, directory)));
}

/** Objects of packages without cases are an outcome of their own where schemas were held against them. */
function withStatics(
  outcomes: readonly CaseOutcome[],
  schemas: readonly SchemaReport[],
): readonly CaseOutcome[] {
  const isThere = (component: string): boolean =>
    outcomes.some((outcome) => outcome.component === component && outcome.name === '');
  const members = schemas.filter(
    ({ component, faults, groups }) =>
      !isThere(component) &&
      groups.some(
        ({ testCase, violations }) =>
          testCase === '' && (faults.length === 0 || violations.length > 0),
      ),
  );
  const nothing = { name: '', folder: '', actual: new Map(), mismatches: [], violations: [] };
  return [
    ...outcomes,
    ...members.map(({ component }) => ({ component, kind: 'passed' as const, ...nothing })),
  ];
}

/** @returns how many packages could not be checked against their schemas */
function printSchemaFaults(schemas: readonly SchemaReport[], directory: string, io: CliIo): number {
  const faulty = schemas.filter(({ faults }) => faults.length > 0);
  for (const { component, faults } of faulty) {
    const name = [directory, component].filter((part) => part !== '').join(' ');
    const texts = faults.map((fault) => withHint(fault, directory));
    io.err(`${io.errStyle.red('FAIL')} ${name}\n${indented(texts)}`);
  }
  return faulty.length;
}

function printUnknownKinds(schemas: readonly SchemaReport[], directory: string, io: CliIo): void {
  for (const { component, unknown } of schemas) {
    for (const kind of unknown) {
      const text = inComponent(component, formatUnknownKind(kind));
      io.err(`${directory}: ${showControls(text)}\n`);
    }
  }
}

function reasons(outcome: CaseOutcome, directory: string): string {
  if (outcome.kind === 'unwritten')
    return '  there are no fixtures yet; write them with --update\n';
  const lines = [
    ...outcome.mismatches.map((mismatch) => mismatch.message),
    ...outcome.violations.map((violation) => withHint(violation, directory)),
  ];
  return indented(lines);
}

function withHint(violation: Violation, directory: string): string {
  const hint = violationHint(violation, directory);
  return `${formatViolation(violation)}${hint === undefined ? '' : `\n${hint}`}`;
}

function indented(lines: readonly string[]): string {
  return lines.map((line) => `  ${showControls(line).replaceAll('\n', '\n  ')}\n`).join('');
}
