// The suites that read third-party data or need a server from outside; `npm run conformance`.
import { defineConfig } from 'vitest/config';

// A report for .ci/run, beside what people read.
const report = process.env['SLUICE_TEST_RESULTS'];

export default defineConfig({
  test: {
    ...(report ? { reporters: ['default', 'json'], outputFile: { json: report } } : {}),
    pool: 'threads',
    isolate: false,
    include: ['test/conformance/**/*.test.ts'],
    testTimeout: 300_000,
    hookTimeout: 120_000,
  },
});
