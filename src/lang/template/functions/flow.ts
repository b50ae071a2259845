// Ending a render on purpose, and what sprig asks of the machine: a template never gets to see the
// environment or the network (go-templates §6, OS and Network).
import { defineFunction, TemplateFunctionError } from '../function.ts';

export const FLOW = [
  defineFunction('fail', 'func(string) (string, error)', (_, message) => {
    throw new TemplateFunctionError(message);
  }),
];

/** Always empty: Helm's default for the network, and every environment variable counts as unset. */
export const MACHINE = [
  defineFunction('env', 'func(string) string', () => ''),
  defineFunction('expandenv', 'func(string) string', (_, text) => withoutVariables(text)),
  defineFunction('getHostByName', 'func(string) string', () => ''),
];

/** `${NAME}`, `$NAME` and the one-character names of the shell expand to nothing. */
function withoutVariables(text: string): string {
  return text.replace(/\$(?:\{[^}]*\}|[A-Za-z_][A-Za-z0-9_]*|[*#$@!?0-9-])/g, '');
}
