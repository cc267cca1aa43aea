import type { Measured } from './measure';
import type { Report } from './report';
import { median } from './statistics';
import type { Metric } from './suite';
import { valuesOf } from './table';

/** Of the text, which is to be read on white and on GitHub's dark grey: 4.5 to 1 on either. */
export const TEXT_COLOR = '#767b82';

/** Ours first, then the peers in their order. */
export const SUBJECT_COLORS = ['#2f7fe0', '#c96a1f', '#3b9350', '#9a6ad0', '#c4567c', '#8a8a2a'] as const;

const WIDTH = 880;
const MARGIN = { left: 190, right: 90, top: 44 } as const;
const PANEL = { head: 34, axis: 46 } as const;
const BAR_PIXELS = 16;
const GROUP_GAP_PIXELS = 14;

/** From here on the shortest bar would hardly be seen beside the longest. */
const LOGARITHMIC_FROM = 50;

/** One bar, with the spread of its runs. */
export interface Bar {
  /** Index of its case. */
  readonly row: number;
  readonly median: number;
  readonly minimum: number;
  readonly maximum: number;
}

/** The bars of one figure, in all cases that have it. */
export interface Panel {
  readonly title: string;
  readonly axis: string;
  readonly isLogarithmic: boolean;
  readonly cases: readonly string[];
  readonly subjects: readonly { readonly name: string; readonly color: string; readonly bars: readonly Bar[] }[];
  /** In pixels from the top of the picture. */
  readonly top: number;
  readonly height: number;
}

export interface Chart {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly panels: readonly Panel[];
  readonly legend: readonly { readonly name: string; readonly color: string }[];
}

/** What a report's picture shows: a panel for each figure, its cases one below the other, a bar for each subject. */
export function chartOf(report: Report): Chart {
  const names = [...new Set(report.measured.flatMap(({ subjects }) => subjects.map(({ name }) => name)))];
  const legend = names.map((name, index) => ({
    name,
    color: SUBJECT_COLORS[index % SUBJECT_COLORS.length] ?? TEXT_COLOR,
  }));
  const metrics = new Map(
    report.measured.flatMap((one) => one.metrics.map((metric) => [metric.name, metric] as const)),
  );
  const panels: Panel[] = [];
  let top: number = MARGIN.top;
  for (const metric of metrics.values()) {
    const panel = panelOf(report.measured, metric, legend, top + PANEL.head);
    if (panel !== undefined) {
      panels.push(panel);
      top += PANEL.head + panel.height + PANEL.axis;
    }
  }
  return { width: WIDTH, height: top, left: MARGIN.left, right: MARGIN.right, panels, legend };
}

function panelOf(
  measured: readonly Measured[],
  metric: Metric,
  legend: Chart['legend'],
  top: number,
): Panel | undefined {
  const shown = measured.filter(({ metrics }) => metrics.some(({ name }) => name === metric.name));
  const subjects = legend.flatMap(({ name, color }) => {
    const bars = shown.flatMap((one, row) => {
      const values = valuesOf(
        one,
        one.subjects.findIndex((subject) => subject.name === name),
        metric,
      );
      return values.length === 0
        ? []
        : [{ row, median: median(values), minimum: Math.min(...values), maximum: Math.max(...values) }];
    });
    return bars.length === 0 ? [] : [{ name, color, bars }];
  });
  if (subjects.length === 0) {
    return undefined;
  }
  const bars = subjects.flatMap((subject) => subject.bars);
  const smallest = Math.min(...bars.map(({ minimum }) => minimum));
  const largest = Math.max(...bars.map(({ maximum }) => maximum));
  const isLogarithmic = smallest > 0 && largest / smallest >= LOGARITHMIC_FROM;
  return {
    title: metric.name,
    axis: isLogarithmic ? `${metric.unit}, on a logarithmic scale` : metric.unit,
    isLogarithmic,
    cases: shown.map(({ title }) => title),
    subjects,
    top,
    height: shown.length * (subjects.length * BAR_PIXELS + GROUP_GAP_PIXELS),
  };
}
