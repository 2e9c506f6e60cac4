/** Ends the output of a test run with one plain line that people and machines read alike. */
import type { Reporter, SerializedError, TestModule } from "vitest/node";

/** Prints `N passed, N failed`; files and errors that failed outside of any test count as one failure each. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const counts = { passed: 0, failed: errors.length, skipped: 0, pending: 0 };
    for (const module of modules) {
      const before = counts.failed;
      for (const test of module.children.allTests()) counts[test.result().state] += 1;
      if (!module.ok() && counts.failed === before) counts.failed += 1;
    }
    const unrun = counts.skipped + counts.pending;
    console.log(`\n${counts.passed} passed, ${counts.failed} failed${unrun ? `, ${unrun} skipped` : ""}`);
  }
}
