import { parseJestReport } from '../../local/jest-report';

const result = (status: string, ancestorTitles: readonly string[], title: string) => ({
  status,
  ancestorTitles,
  fullName: [...ancestorTitles, title].join(' '),
});

test('counts the tests, and names what was skipped, a group once', () => {
  const group = ['Go, which needs go on the PATH'];
  const text = JSON.stringify({
    numPassedTests: 1,
    numFailedTests: 2,
    numRuntimeErrorTestSuites: 1,
    numPendingTests: 3,
    success: false,
    testResults: [
      { name: 'a', assertionResults: [result('passed', [], 'works'), result('pending', [], 'needs root')] },
      { name: 'b', assertionResults: [result('pending', group, 'success'), result('pending', group, 'time-out')] },
    ],
  });

  expect(parseJestReport(text)).toEqual({
    passed: 1,
    failed: 3,
    skipped: 3,
    skippedTitles: ['needs root', 'Go, which needs go on the PATH'],
  });
});

test('a file that is no report is not taken for one', () => {
  expect(() => parseJestReport('{}')).toThrow(/numPassedTests/);
});
