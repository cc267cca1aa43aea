import { exitOfReport, reportOf } from '../../../../handlers/runner/sidecar/supervisor-report';

test.each([
  ['ready', { kind: 'ready' }],
  ['7 0', { kind: 'exited', number: 7, status: 0 }],
  ['12 137', { kind: 'exited', number: 12, status: 137 }],
  ['7 absent', { kind: 'absent', number: 7 }],
  ['7 not-executable', { kind: 'not-executable', number: 7 }],
  ['7 gone', { kind: 'gone', number: 7 }],
])('the line "%s" is the report %j', (line, report) => {
  expect(reportOf(line)).toEqual(report);
});

test.each(['', 'x', '7', '7 ', ' 7 0', '7 0 0', '-1 0', '7 -1', '7 GONE', 'ready 7', '7 gone\r'])(
  '"%s" is none',
  (line) => {
    expect(reportOf(line)).toBeUndefined();
  },
);

test.each([
  [{ kind: 'exited', number: 1, status: 3 } as const, { kind: 'exited', code: 3, signal: null }],
  [{ kind: 'exited', number: 1, status: 137 } as const, { kind: 'exited', code: null, signal: 'SIGKILL' }],
  [
    { kind: 'absent', number: 1 } as const,
    { kind: 'not-started', message: "/b is not there in the runtime's container.", code: 'ENOENT' },
  ],
  [
    { kind: 'not-executable', number: 1 } as const,
    { kind: 'not-started', message: "/b cannot be executed in the runtime's container.", code: 'EACCES' },
  ],
])('the report %j is the end %j of a program', (report, end) => {
  expect(exitOfReport(report, '/b')).toEqual(end);
});
