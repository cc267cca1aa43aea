import type { RuntimeExit } from '../runtime-process';
import { exitOfStatus } from './start-text';

/** What supervise-runtimes.sh reports in a line. */
export type Report =
  | { readonly kind: 'ready' }
  /** Nothing that the runtime started is left. */
  | { readonly kind: 'gone'; readonly number: number }
  | ExitReport;

export type ExitReport =
  | { readonly kind: 'exited'; readonly number: number; readonly status: number }
  | { readonly kind: 'absent' | 'not-executable'; readonly number: number };

/** `undefined` for what is no report: the function's own processes could write to the pipe, too. */
export function reportOf(line: string): Report | undefined {
  if (line === 'ready') {
    return { kind: 'ready' };
  }
  const [, digits = '', word = ''] = /^(\d+) (\d+|absent|not-executable|gone)$/.exec(line) ?? [];
  const number = Number(digits);
  switch (word) {
    case '':
      return undefined;
    case 'absent':
    case 'not-executable':
    case 'gone':
      return { kind: word, number };
    default:
      return { kind: 'exited', number, status: Number(word) };
  }
}

/** The end that was reported of a program. */
export function exitOfReport(report: ExitReport, file: string): RuntimeExit {
  switch (report.kind) {
    case 'exited':
      return exitOfStatus(report.status);
    case 'absent':
      return { kind: 'not-started', message: `${file} is not there in the runtime's container.`, code: 'ENOENT' };
    case 'not-executable':
      return { kind: 'not-started', message: `${file} cannot be executed in the runtime's container.`, code: 'EACCES' };
  }
}
