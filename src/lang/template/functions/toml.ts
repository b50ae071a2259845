// Helm's toToml (go-templates §7).
import { defineFunction } from '../function.ts';
import type { TemplateFunction } from '../function.ts';
import { reporting } from './helm.ts';
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
];
