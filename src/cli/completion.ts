// `sluice completion SHELL`: a completion script made from the commands themselves.
import type { Command } from 'commander';
import { SluiceError } from '../model/sluice-error.ts';
import { EXIT } from './io.ts';
import type { CliIo } from './io.ts';

/** @returns the exit code */
export function completionCommand(shell: string, program: Command, io: CliIo): number {
  const commands = program.commands.map((command) => ({
    name: command.name(),
    summary: command.description().split('\n')[0] ?? '',
    words: [
      ...command.commands.map((child) => child.name()),
      ...command.options.flatMap((option) => option.long ?? []),
    ],
  }));
  switch (shell) {
    case 'bash':
      io.out(bash(commands));
      return EXIT.done;
    case 'zsh':
      io.out(zsh(commands));
      return EXIT.done;
    case 'fish':
      io.out(fish(commands));
      return EXIT.done;
    default:
      throw new SluiceError(
        'UsageInvalid',
        `no completion for "${shell}"; there is bash, zsh and fish`,
      );
  }
}

interface Entry {
  readonly name: string;
  readonly summary: string;
  readonly words: readonly string[];
}

function bash(commands: readonly Entry[]): string {
  const cases = commands
    .map(({ name, words }) => `    ${name}) words="${words.join(' ')}" ;;`)
    .join('\n');
  return `# bash completion for sluice; load it with: source <(sluice completion bash)
_sluice() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="${commands.map(({ name }) => name).join(' ')}"
  else
    case "\${COMP_WORDS[1]}" in
${cases}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  [ \${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- "$current"))
}
complete -F _sluice sluice
`;
}

function zsh(commands: readonly Entry[]): string {
  const list = commands.map(({ name, summary }) => `    '${name}:${quote(summary)}'`).join('\n');
  const cases = commands
    .map(({ name, words }) => `    ${name}) compadd -- ${words.join(' ')}; _files ;;`)
    .join('\n');
  return `#compdef sluice
# zsh completion for sluice; load it with: source <(sluice completion zsh)
_sluice() {
  local -a commands
  commands=(
${list}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  case "$words[2]" in
${cases}
  esac
}
compdef _sluice sluice
`;
}

function fish(commands: readonly Entry[]): string {
  const lines = commands.flatMap(({ name, summary, words }) => [
    `complete -c sluice -n __fish_use_subcommand -a ${name} -d '${quote(summary)}'`,
    ...words.map((word) =>
      word.startsWith('--')
        ? `complete -c sluice -n '__fish_seen_subcommand_from ${name}' -l ${word.slice(2)}`
        : `complete -c sluice -n '__fish_seen_subcommand_from ${name}' -a ${word}`,
    ),
  ]);
  return `# fish completion for sluice; load it with: sluice completion fish | source\n${lines.join('\n')}\n`;
}

function quote(text: string): string {
  return text.replace(/'/g, '').replace(/:/g, ' ');
}
