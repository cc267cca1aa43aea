import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { chartOf } from './chart';
import { draw } from './draw';
import { parseReport, type Report } from './report';
import { resultsPage } from './results-page';
import { markdown } from './table';

/** Writes what a suite has measured: the numbers, the table and the picture. */
export function writeReport(folder: string, report: Report): void {
  mkdirSync(folder, { recursive: true });
  const write = (ending: string, text: string) => writeFileSync(path.join(folder, `${report.suite}.${ending}`), text);
  write('json', `${JSON.stringify(report, null, 2)}\n`);
  write('md', markdown(report));
  write('svg', draw(chartOf(report)));
}

/** The reports that the folder has, of the suites in their order. */
export function readReports(folder: string, suites: readonly string[]): readonly Report[] {
  return suites
    .map((suite) => path.join(folder, `${suite}.json`))
    .filter((file) => existsSync(file))
    .map((file) => parseReport(readFileSync(file, 'utf8')));
}

export function writeResultsPage(folder: string, reports: readonly Report[]): void {
  writeFileSync(path.join(folder, 'README.md'), resultsPage(reports));
}
