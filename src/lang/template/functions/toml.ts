// Helm's toToml and fromToml (go-templates §7).
import { defineFunction } from '../function.ts';
import type { TemplateFunction } from '../function.ts';
import { chargeText } from './elements.ts';
import { errorMap, reporting } from './helm.ts';
import { readToml } from './library/toml-reader.ts';
import { writeToml } from './library/toml-writer.ts';

export const TOML: readonly TemplateFunction[] = [
  // A failure is the output.
  defineFunction('toToml', 'func(interface {}) string', (context, value) =>
    reporting(
      () => writeToml(context, value),
      (message) => message,
    ),
  ),
  defineFunction('mustToToml', 'func(interface {}) string', writeToml),
  defineFunction('fromToml', 'func(string) map[string]interface {}', (context, text) => {
    chargeText(context, 64 * text.length);
    const table = readToml(text);
    return table.ok ? table.value : errorMap(table.error);
  }),
];
