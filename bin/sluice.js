#!/usr/bin/env node
// Starts the compiled program; a checkout is compiled by `npm ci` (script "prepare").
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const entry = new URL('../dist/main.js', import.meta.url);
if (existsSync(fileURLToPath(entry))) {
  await import(entry.href);
} else {
  process.stderr.write('sluice: not built yet; run `npm run build` in the checkout\n');
  process.exitCode = 1;
}
