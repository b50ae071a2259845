// The command line as commander knows it: names, flags and help; each command's work is in its own file, and is
// loaded only when it runs, so that `sluice version` stays quick.
import { Command, CommanderError, Option } from 'commander';
import { formatDiagnostic, diagnostic, showControls } from '../model/diagnostic.ts';
import { SluiceError } from '../model/sluice-error.ts';
import type { ApplyFlags } from './apply.ts';
import { completionCommand } from './completion.ts';
import type { EvalCelFlags } from './eval-cel.ts';
import type { EvalTemplateFlags } from './eval-template.ts';
import type { ExplainFlags } from './explain.ts';
import { EXIT } from './io.ts';
import type { CliIo } from './io.ts';
import type { PackageBuildFlags } from './package-build.ts';
import type { PackageLockFlags } from './package-lock.ts';
import type { PackageNewFlags } from './package-new.ts';
import type { PlanFlags } from './plan.ts';
import type { RenderFlags } from './render.ts';
import type { RunCommandFlags } from './run.ts';
import type { StatusFlags } from './status.ts';
import type { TestFlags } from './test.ts';
import type { ValidateFlags } from './validate.ts';
import { packageVersion, versionCommand } from './version.ts';

/** Runs one command line. @param argv without program and script @returns the exit code */
export async function runCli(argv: readonly string[], io: CliIo): Promise<number> {
  let code: number = EXIT.done;
  const program = createProgram(io, (result) => {
    code = result;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return io.signal.aborted && code !== EXIT.done ? EXIT.interrupted : code;
  } catch (error) {
    return explain(error, io, argv);
  }
}

function explain(error: unknown, io: CliIo, argv: readonly string[]): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  if (io.signal.aborted) return EXIT.interrupted;
  if (error instanceof SluiceError) {
    const lines = error.message.includes('\n');
    const text = lines
      ? showControls(error.message)
      : formatDiagnostic(diagnostic(error.code, error.message));
    io.err(`${io.errStyle.red(text)}\n`);
    const wrongUsage = error.code === 'UsageInvalid';
    return wrongUsage || (argv[0] === 'plan' && argv.includes('--exit-code'))
      ? EXIT.usage
      : EXIT.failed;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  io.err(`${formatDiagnostic(diagnostic('Internal', text))}\n`);
  return EXIT.failed;
}

/** All commands; `finish` receives the exit code of the one that ran. */
export function createProgram(io: CliIo, finish: (code: number) => void): Command {
  const program = new Command('sluice')
    .description('GitOps reconciler: desired state from one Git branch, status back to another.')
    .version(`sluice ${packageVersion()}`, '--version', 'print the version')
    .exitOverride()
    .configureOutput({ writeOut: io.out, writeErr: io.err })
    .showHelpAfterError('(see sluice --help)');

  const directory = ['[DIR]', 'directory of the configuration repository (default: here)'] as const;
  const repo = new Option('--repo <URL>', 'read a remote repository instead of a directory');
  const config = new Option('--config <FILE>', "the daemon's configuration file");
  const dataDir = new Option('--data-dir <DIR>', 'where the instance keeps its data');
  const instance = new Option(
    '--instance <NAME>',
    'name of the instance (default: from repository and branch)',
  );
  const unit = new Option(
    '--unit <ID>',
    'only this unit, such as Package.package-operator.run/web/shop',
  );
  const output = (...choices: string[]): Option =>
    new Option('-o, --output <FORMAT>', 'form of the output').choices(choices);
  const statusBranch = new Option('--status-branch <B>', 'status branch').default('sluice/status');

  program
    .command('run')
    .description('run the daemon: poll, plan, apply, write status back')
    .addOption(new Option('--repo <URL>', 'repository to watch: URL or directory of a repository'))
    .option('--branch <B>', "branch to watch (default: the remote's default branch)")
    .addOption(config)
    .addOption(dataDir)
    .addOption(instance)
    .option('--listen <ADDR>', 'serve /healthz, /readyz and /metrics, such as 127.0.0.1:9440')
    .option('--interval <TIME>', 'time between polls, such as 30s')
    .addOption(
      new Option(
        '--status-branch <B>',
        'branch that status is written to (default: sluice/status)',
      ),
    )
    .option('--no-push', 'keep status commits local')
    .option('--once', 'reconcile until nothing is left to do, then exit')
    .option('--watch <DIR>', 'watch a directory instead of a repository')
    .option('--takeover', 'take the status branch over from another writer')
    .addOption(
      new Option('--log <FORM>', 'json for machines, lines for people').choices([
        'auto',
        'json',
        'lines',
      ]),
    )
    .addOption(
      new Option('--log-level <LEVEL>', 'least level of json logs').choices([
        'debug',
        'info',
        'warn',
        'error',
      ]),
    )
    .action(async (flags: RunCommandFlags, command: Command) => {
      // --no-push alone says something; its default would overrule the file.
      const push =
        command.getOptionValueSource('push') === 'default' ? {} : { push: flags.push ?? true };
      const { push: _push, ...rest } = flags;
      const { runCommand } = await import('./run.ts');
      finish(await runCommand({ ...rest, ...push }, io));
    });

  program
    .command('plan')
    .description('show what would change, phase by phase; changes nothing')
    .argument(...directory)
    .addOption(repo)
    .option('--ref <REF>', 'a commit or branch instead of the working directory')
    .addOption(
      new Option('--against <WHAT>', 'compare with')
        .choices(['live', 'status', 'empty'])
        .default('live'),
    )
    .addOption(unit)
    .option('--exit-code', 'exit 0 without changes, 1 with changes, 2 on failure')
    .option('--show-created', 'show the fields of objects that are created')
    .addOption(output('text', 'json', 'markdown'))
    .addOption(config)
    .addOption(dataDir)
    .addOption(instance)
    .addOption(statusBranch)
    .action(async (dir: string | undefined, flags: PlanFlags) => {
      const { planCommand } = await import('./plan.ts');
      finish(await planCommand(dir, flags, io));
    });

  program
    .command('apply')
    .description('reconcile a working directory once, after showing the plan and asking')
    .argument(...directory)
    .option('--yes', 'do not ask')
    .option('--show-created', 'show the fields of objects that are created')
    .addOption(config)
    .addOption(dataDir)
    .addOption(instance)
    .action(async (dir: string | undefined, flags: ApplyFlags) => {
      const { applyCommand } = await import('./apply.ts');
      finish(await applyCommand(dir, flags, io));
    });

  program
    .command('render')
    .description('print the rendered objects, in phase order')
    .argument(...directory)
    .addOption(repo)
    .option('--ref <REF>', 'a commit or branch instead of the working directory')
    .addOption(unit)
    .addOption(output('yaml', 'json'))
    .option('--out <DIR>', 'write files instead')
    .addOption(config)
    .action(async (dir: string | undefined, flags: RenderFlags) => {
      const { renderCommand } = await import('./render.ts');
      finish(await renderCommand(dir, flags, io));
    });

  program
    .command('validate')
    .description('check everything that needs no target; prints all problems')
    .argument(...directory)
    .addOption(repo)
    .option('--ref <REF>', 'a commit or branch instead of the working directory')
    .option('--base <REF>', 'also tell which immutable fields were edited since this commit')
    .addOption(output('text', 'json'))
    .addOption(config)
    .action(async (dir: string | undefined, flags: ValidateFlags) => {
      const { validateCommand } = await import('./validate.ts');
      finish(await validateCommand(dir, flags, io));
    });

  program
    .command('test')
    .description('run the template tests of packages against their .test-fixtures and schemas')
    .argument('[PACKAGE...]', 'package folders (default: here)')
    .option('--case <NAME>', 'only this case')
    .option('--update', 'write fixtures that are missing or differ')
    .action(async (packages: readonly string[], flags: TestFlags) => {
      const { testCommand } = await import('./test.ts');
      finish(await testCommand(packages, flags, io));
    });

  for (const [name, summary, load] of [
    [
      'status',
      'show what the status branch says',
      async () => (await import('./status.ts')).statusCommand,
    ],
    [
      'tree',
      'show unit, revision, phase and object with their state',
      async () => (await import('./tree.ts')).treeCommand,
    ],
  ] as const) {
    const command = program
      .command(name)
      .description(summary)
      .argument('[UNIT]', 'only this unit')
      .option('--dir <DIR>', 'clone that holds the status branch (default: here)')
      .addOption(new Option('--repo <DIR>', 'a bare repository on this machine'))
      .addOption(statusBranch)
      .option('--at <COMMIT>', 'as it was at this commit of the status branch')
      .addOption(output('text', 'json'))
      .action(async (id: string | undefined, flags: StatusFlags) => {
        const run = await load();
        finish(await run(id, flags, io));
      });
    if (name === 'status') command.option('--watch', 'show again whenever it changes');
  }

  /** What every command that reads the status branch takes. */
  const onStatusBranch = (name: string, summary: string): Command =>
    program
      .command(name)
      .description(summary)
      .option('--dir <DIR>', 'clone that holds the status branch (default: here)')
      .addOption(new Option('--repo <DIR>', 'a bare repository on this machine'))
      .addOption(statusBranch)
      .option('--at <COMMIT>', 'as it was at this commit of the status branch')
      .addOption(output('text', 'json'));

  onStatusBranch('explain', 'say why a unit or an object is not ready, or where it comes from')
    .argument('<UNIT|OBJECT>', 'such as Package.package-operator.run/web/shop or ConfigMap/web/a')
    .action(async (subject: string, flags: ExplainFlags) => {
      const { explainCommand } = await import('./explain.ts');
      finish(await explainCommand(subject, flags, io));
    });

  onStatusBranch('history', 'list the revisions of a unit')
    .argument('<UNIT>', 'the unit')
    .action(async (id: string, flags: ExplainFlags) => {
      const { historyCommand } = await import('./history.ts');
      finish(await historyCommand(id, flags, io));
    });

  onStatusBranch('diff', 'show what differs between two revisions of a unit')
    .argument('<UNIT>', 'the unit')
    .argument('[A]', 'the older revision (default: the one before the other)')
    .argument('[B]', 'the newer revision (default: the newest)')
    .action(
      async (id: string, from: string | undefined, to: string | undefined, flags: ExplainFlags) => {
        const { diffCommand } = await import('./diff.ts');
        finish(await diffCommand(id, { from, to }, flags, io));
      },
    );

  const evaluate = program.command('eval').description('try a template or an expression');
  const collect = (value: string, before: readonly string[] = []): readonly string[] => [
    ...before,
    value,
  ];
  evaluate
    .command('template')
    .description('render one Go template; prints the output and nothing else')
    .argument('[FILE]', 'the template, or - for standard input')
    .option('--data <FILE>', 'data as JSON or YAML, or -')
    .addOption(
      new Option('--dialect <D>', 'functions').choices([
        'go',
        'sprig',
        'package',
        'helm',
        'release',
      ]),
    )
    .option('--template <NAME=FILE>', 'an associated template (repeatable)', collect)
    .option('--file <PATH=FILE>', 'a file that the template can read (repeatable)', collect)
    .addOption(
      new Option('--missingkey <M>', 'what a missing key gives').choices([
        'default',
        'zero',
        'error',
      ]),
    )
    .addOption(
      new Option('--numbers <N>', 'how data numbers are read').choices(['float64', 'int64']),
    )
    .option('--name <NAME>', 'name of the template in errors')
    .option('--batch', 'read one JSON request a line from standard input')
    .action(async (file: string | undefined, flags: EvalTemplateFlags) => {
      const { evalTemplateCommand } = await import('./eval-template.ts');
      finish(await evalTemplateCommand(file, flags, io));
    });
  evaluate
    .command('cel')
    .description('evaluate one CEL expression; prints the value as JSON')
    .argument('[EXPR]', 'the expression')
    .option('--object <FILE>', 'the object, as JSON or YAML, or -')
    .option('--var <name=FILE>', 'a variable (repeatable)', collect)
    .addOption(
      new Option('--dialect <D>', 'environment').choices([
        'probe',
        'filter',
        'dependency',
        'health',
      ]),
    )
    .option('--batch', 'read one JSON request a line from standard input')
    .action(async (expression: string | undefined, flags: EvalCelFlags) => {
      const { evalCelCommand } = await import('./eval-cel.ts');
      finish(await evalCelCommand(expression, flags, io));
    });

  const packages = program.command('package').description('write, lock and build packages');
  const insecure = new Option('--insecure', 'speak to the registry without encryption');
  packages
    .command('new')
    .description('make a package of plain manifests: phases by kind, probes for what runs')
    .argument('<NAME>', 'name of the package')
    .option('-f, --file <FILES...>', 'manifests: files, folders, or - for standard input')
    .option('--out <DIR>', 'folder to write (default: the name)')
    .action(async (name: string, flags: PackageNewFlags) => {
      const { packageNewCommand } = await import('./package-new.ts');
      finish(await packageNewCommand(name, flags, io));
    });
  packages
    .command('lock')
    .description('pin the images of the manifest to digests, in manifest.lock.yaml')
    .argument('[DIR]', 'package folder (default: here)')
    .addOption(insecure)
    .addOption(config)
    .action(async (dir: string | undefined, flags: PackageLockFlags) => {
      const { packageLockCommand } = await import('./package-lock.ts');
      finish(await packageLockCommand(dir, flags, io));
    });
  packages
    .command('build')
    .description('check a package and make an image of it')
    .argument('[DIR]', 'package folder (default: here)')
    .option('-t, --tag <REFERENCE>', 'name of the image (repeatable)', collect)
    .option('-o, --output <FILE>', 'write the image to an archive')
    .option('--push', 'push the image to the registries of its tags')
    .option('-l, --label <KEY=VALUE>', 'label of the image (repeatable)', collect)
    .addOption(
      new Option('--output-format <FORM>', 'print a sentence or the digest').choices([
        'human',
        'digest',
      ]),
    )
    .addOption(insecure)
    .addOption(config)
    .action(async (dir: string | undefined, flags: PackageBuildFlags) => {
      const { packageBuildCommand } = await import('./package-build.ts');
      finish(await packageBuildCommand(dir, flags, io));
    });

  program
    .command('completion')
    .description('print a completion script')
    .argument('<SHELL>', 'bash, zsh or fish')
    .action((shell: string) => {
      finish(completionCommand(shell, program, io));
    });

  program
    .command('version')
    .description('print the version')
    .addOption(output('text', 'json'))
    .action((flags: { readonly output?: string }) => {
      finish(versionCommand(flags, io));
    });

  return program;
}
