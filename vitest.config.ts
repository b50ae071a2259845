// Test runner settings: threads without isolation, because no module here keeps state.
import { defineConfig } from 'vitest/config';

// A report for .ci/run, beside what people read.
const report = process.env['SLUICE_TEST_RESULTS'];

export default defineConfig({
  test: {
    ...(report ? { reporters: ['default', 'json'], outputFile: { json: report } } : {}),
    pool: 'threads',
    isolate: false,
    include: ['test/**/*.test.ts'],
    exclude: ['test/conformance/**'],
    globalSetup: ['test/support/build.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    restoreMocks: true,
  },
});
