// docs/reference/cli.md describes the commands and flags that the program has.
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { EXIT, PLAN_EXIT } from '../../src/cli/io.ts';
import type { CliIo } from '../../src/cli/io.ts';
import { createStyle } from '../../src/cli/output/style.ts';
import { createProgram } from '../../src/cli/program.ts';
import { readText, section, tableRows } from './pages.ts';

const page = readText('docs/reference/cli.md');
const io: CliIo = {
  out: () => undefined,
  err: () => undefined,
  stdin: () => Promise.resolve(''),
  confirm: () => Promise.resolve(false),
  outStyle: createStyle(false),
  errStyle: createStyle(false),
  live: false,
  environment: {},
  cwd: '.',
  signal: new AbortController().signal,
};
const commands = leaves(
  createProgram(io, () => undefined),
  'sluice',
);

it('has a section for every command, and none for others', () => {
  const sections = [...page.matchAll(/^## (sluice .+)$/gmu)].map((match) => match[1] ?? '');
  expect(sections.toSorted()).toEqual(commands.map(([name]) => name).toSorted());
});

describe.each(commands)('%s', (name, command) => {
  it('has the flags of the page', () => {
    const rows = tableRows(section(page, `## ${name}`));
    const listed = rows.map(([flag = '']) => flag.replaceAll('`', ''));
    expect(listed).toEqual(command.options.map((option) => option.flags));
  });

  it('has every choice of a flag named on the page', () => {
    const text = section(page, `## ${name}`);
    const choices = command.options.flatMap((option) => option.argChoices ?? []);
    expect(choices.filter((choice) => !text.includes(`\`${choice}\``))).toEqual([]);
  });
});

it('lists the exit codes', () => {
  const listed = tableRows(section(page, '## Exit codes')).map(([code]) => Number(code));
  expect(listed).toEqual(Object.values(EXIT));
  expect(Object.values(PLAN_EXIT)).toEqual([0, 1, 2]);
});

/** Commands without commands below them, with their full names. */
function leaves(command: Command, name: string): readonly (readonly [string, Command])[] {
  return command.commands.flatMap((child) => {
    const full = `${name} ${child.name()}`;
    return child.commands.length > 0 ? leaves(child, full) : [[full, child] as const];
  });
}
