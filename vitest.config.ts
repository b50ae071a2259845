// Test runner settings: threads without isolation, because no module here keeps state.
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// A report for .ci/run, beside what people read.
const report = process.env['SLUICE_TEST_RESULTS'];

export default defineConfig({
  test: {
    ...(report ? { reporters: ['default', 'json'], outputFile: { json: report } } : {}),
    pool: 'threads',
    isolate: false,
    // Many tests wait for git: two at a time are twice as fast on two cores, where one would be the default.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    include: ['test/**/*.test.ts'],
    exclude: ['test/conformance/**'],
    globalSetup: ['test/support/build.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    restoreMocks: true,
  },
});
