import * as v from 'valibot';

export interface JestReport {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** What was skipped: a group's title, which says why where its tests give a reason, or a test's own. */
  readonly skippedTitles: readonly string[];
}

/** What of jest's `--json` output matters here; it has much more, and more with each version. */
const Document = v.object({
  numPassedTests: v.number(),
  numFailedTests: v.number(),
  numRuntimeErrorTestSuites: v.number(),
  numPendingTests: v.number(),
  testResults: v.array(
    v.object({
      assertionResults: v.array(
        v.object({ status: v.string(), ancestorTitles: v.array(v.string()), fullName: v.string() }),
      ),
    }),
  ),
});

/** @throws {v.ValiError} when it is no report of jest's */
export function parseJestReport(text: string): JestReport {
  const report = v.parse(Document, JSON.parse(text));
  const pending = report.testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === 'pending')
    .map(({ ancestorTitles, fullName }) => (ancestorTitles.length === 0 ? fullName : ancestorTitles.join(', ')));
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + report.numRuntimeErrorTestSuites,
    skipped: report.numPendingTests,
    skippedTitles: [...new Set(pending)],
  };
}
