/** Ends a test run with one line: `N passed, N failed`. Loaded by vitest.config.ts. */
import type { Reporter, SerializedError, TestModule } from 'vitest/node';

export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const counts = { passed: 0, failed: errors.length, skipped: 0 };
    for (const module of modules) {
      let failedHere = 0;
      for (const test of module.children.allTests()) {
        const state = test.result().state;
        if (state === 'passed') counts.passed += 1;
        else if (state === 'failed') failedHere += 1;
        else counts.skipped += 1;
      }
      if (failedHere === 0 && module.state() === 'failed') failedHere = 1;
      counts.failed += failedHere;
    }
    process.once('exit', (code) => {
      // What failed outside of any test (a global setup, a threshold) counts as one.
      if (code !== 0 && counts.failed === 0) counts.failed = 1;
      if (counts.skipped > 0) process.stdout.write(`${counts.skipped} skipped\n`);
      process.stdout.write(`${counts.passed} passed, ${counts.failed} failed\n`);
    });
  }
}
