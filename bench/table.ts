import type { Measured } from './measure';
import type { Report } from './report';
import { median, pairedRatio, type Summary, summarise } from './statistics';
import { isBetter, type Metric } from './suite';

const HEAD = [
  '| what | figure | subject | median | smallest to largest | ours, of this | goal |',
  '|---|---|---|--:|--:|--:|---|',
];

/** The report, with its picture, which lies beside it. */
export function markdown(report: Report): string {
  const rows = report.measured.flatMap((measured) =>
    measured.metrics.flatMap((metric) => rowsOf(measured, metric).map((row) => `| ${row.join(' | ')} |`)),
  );
  const versions = new Map(
    report.measured.flatMap(({ subjects }) => subjects.map(({ name, version }) => [name, version] as const)),
  );
  const runs = Math.min(...report.measured.flatMap(({ subjects }) => subjects.map(({ samples }) => samples.length)));
  return [
    `# ${report.suite}`,
    '',
    report.about,
    '',
    `![${report.suite}: medians, and from the smallest to the largest of the runs](${report.suite}.svg)`,
    '',
    ...HEAD,
    ...rows,
    '',
    ...list('Where a peer is better:', peerWins(report)),
    ...list(`Of ${runs} runs each:`, [
      ...[...versions].map(([name, version]) => `${name}: ${version}`),
      ...report.notes,
    ]),
    `\`${report.command}\`, ${report.measuredAt}: ${report.machine}`,
    '',
  ].join('\n');
}

function list(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [title, '', ...lines.map((line) => `- ${line}`), ''];
}

export function valuesOf({ subjects }: Measured, index: number, metric: Metric): readonly number[] {
  return subjects[index]?.samples.flatMap((sample) => sample[metric.name] ?? []) ?? [];
}

function rowsOf(measured: Measured, metric: Metric): readonly (readonly string[])[] {
  const { title, metrics, subjects } = measured;
  const ours = valuesOf(measured, 0, metric);
  return subjects.flatMap(({ name }, index) => {
    const values = valuesOf(measured, index, metric);
    if (values.length === 0) {
      return [];
    }
    const isOurs = index === 0;
    const summary = summarise(values);
    return [
      [
        isOurs && metric === metrics[0] ? title : '',
        isOurs ? `${metric.name}, ${metric.unit}` : '',
        name,
        figure(summary.median),
        `${figure(summary.minimum)} to ${figure(summary.maximum)}`,
        isOurs || ours.length === 0 ? '' : ratioText(pairedRatio(ours, values).median),
        isOurs ? limitText(metric, summary) : index === 1 ? peerText(metric, ours, values) : '',
      ],
    ];
  });
}

/** Of nothing there is no share. */
function ratioText(ratio: number): string {
  return Number.isFinite(ratio) ? ratio.toFixed(2) : '';
}

function limitText({ atMost, unit }: Metric, summary: Summary): string {
  return atMost === undefined ? '' : `at most ${atMost} ${unit}: ${summary.median <= atMost ? 'met' : 'missed'}`;
}

function peerText(
  { atMostOfPeer, atMostAbovePeer, unit }: Metric,
  ours: readonly number[],
  theirs: readonly number[],
): string {
  if (atMostOfPeer !== undefined) {
    return `at most ${atMostOfPeer}: ${pairedRatio(ours, theirs).median <= atMostOfPeer ? 'met' : 'missed'}`;
  }
  if (atMostAbovePeer !== undefined) {
    const above = median(ours) - median(theirs);
    return `at most ${atMostAbovePeer} ${unit} above: ${figure(above)}, ${above <= atMostAbovePeer ? 'met' : 'missed'}`;
  }
  return '';
}

/** A line for each figure and peer, with the cases in which its median is the better one, and the reason. */
function peerWins(report: Report): readonly string[] {
  const wins = new Map<string, { readonly cases: readonly string[]; readonly because: string }>();
  for (const measured of report.measured) {
    for (const metric of measured.metrics) {
      const ours = valuesOf(measured, 0, metric);
      for (const [index, { name }] of measured.subjects.entries()) {
        const theirs = valuesOf(measured, index, metric);
        if (index > 0 && ours.length > 0 && theirs.length > 0 && isBetter(metric, median(theirs), median(ours))) {
          const key = `${metric.name}, ${name}`;
          const because = metric.because?.[name] ?? 'nobody has looked into it yet.';
          wins.set(key, { cases: [...(wins.get(key)?.cases ?? []), measured.title], because });
        }
      }
    }
  }
  return [...wins].map(([key, { cases, because }]) => `${key} (${cases.join('; ')}): ${because}`);
}

/** Three digits that mean something. */
export function figure(value: number): string {
  if (value === 0) {
    return '0';
  }
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
