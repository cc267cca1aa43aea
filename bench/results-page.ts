import type { Report } from './report';
import { median, pairedRatio } from './statistics';
import { figure, valuesOf } from './table';

/** The page of bench/results: of each suite the first figure of each case, and its picture. */
export function resultsPage(reports: readonly Report[]): string {
  return [
    '# What was measured',
    '',
    '`npm run bench` writes this page, the tables behind its links, and the pictures; `npm run bench -- --help` lists the ' +
      'suites. Figures are medians; "of it" is ours over the peer’s, by runs that were neighbours, and each table has the ' +
      'spread, the goals, the reason where a peer is better, the versions, the machine and the command.',
    '',
    ...reports.flatMap((report) => [
      `## [${report.suite}](${report.suite}.md)`,
      '',
      report.about,
      '',
      ...summary(report),
      '',
      `![${report.suite}](${report.suite}.svg)`,
      '',
    ]),
  ].join('\n');
}

function summary({ measured }: Report): readonly string[] {
  const rows = measured.flatMap((one) => {
    const [metric] = one.metrics;
    const [subject] = one.subjects;
    const ours = metric === undefined ? [] : valuesOf(one, 0, metric);
    if (metric === undefined || subject === undefined || ours.length === 0) {
      return [];
    }
    const peers = one.subjects.flatMap(({ name }, index) => {
      const theirs = index === 0 ? [] : valuesOf(one, index, metric);
      if (theirs.length === 0) {
        return [];
      }
      const ratio = pairedRatio(ours, theirs).median;
      const share = Number.isFinite(ratio) ? `: ${ratio.toFixed(2)} of it` : '';
      return [`${name} ${figure(median(theirs))}${share}`];
    });
    return [`| ${one.title} | ${metric.name}, ${metric.unit} | ${figure(median(ours))} | ${peers.join('; ')} |`];
  });
  return ['| what | figure | Overtime | beside it |', '|---|---|--:|---|', ...rows];
}
