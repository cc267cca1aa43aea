import type { Measured } from './measure';
import { median, pairedRatio, type Summary, summarise } from './statistics';
import type { Metric } from './suite';

export interface Report {
  readonly suite: string;
  readonly about: string;
  readonly notes: readonly string[];
  readonly command: string;
  readonly machine: string;
  readonly measuredAt: string;
  readonly measured: readonly Measured[];
}

/** The report as the README quotes it. */
export function markdown(report: Report): string {
  const rows = report.measured.flatMap((measured) =>
    measured.metrics.flatMap((metric) => rowsOf(measured, metric).map((row) => `| ${row.join(' | ')} |`)),
  );
  const versions = new Map(
    report.measured.flatMap(({ subjects }) => subjects.map(({ name, version }) => [name, version] as const)),
  );
  return [
    `# ${report.suite}`,
    '',
    report.about,
    '',
    '| what | figure | subject | median | smallest to largest | ours, of this | goal |',
    '|---|---|---|--:|--:|--:|---|',
    ...rows,
    '',
    ...[...versions].map(([name, version]) => `- ${name}: ${version}`),
    ...report.notes.map((note) => `- ${note}`),
    '',
    `\`${report.command}\`, ${report.measuredAt}: ${report.machine}`,
    '',
  ].join('\n');
}

function rowsOf({ title, metrics, subjects }: Measured, metric: Metric): readonly (readonly string[])[] {
  const valuesOf = (index: number) => subjects[index]?.samples.flatMap((sample) => sample[metric.name] ?? []) ?? [];
  const ours = valuesOf(0);
  return subjects.flatMap(({ name }, index) => {
    const values = valuesOf(index);
    if (values.length === 0) {
      return [];
    }
    const isOurs = index === 0;
    const summary = summarise(values);
    const ratio = isOurs ? undefined : pairedRatio(ours, values);
    return [
      [
        isOurs && metric === metrics[0] ? title : '',
        isOurs ? `${metric.name}, ${metric.unit}` : '',
        name,
        figure(summary.median),
        `${figure(summary.minimum)} to ${figure(summary.maximum)}`,
        ratio === undefined ? '' : ratio.median.toFixed(2),
        isOurs ? limitText(metric, summary) : index === 1 ? peerText(metric, ours, values) : '',
      ],
    ];
  });
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

/** Three digits that mean something. */
function figure(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
