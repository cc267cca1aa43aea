import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Chart, chartOf, SUBJECT_COLORS, TEXT_COLOR } from '../../bench/chart';
import { draw } from '../../bench/draw';
import type { Report } from '../../bench/report';
import { readReports } from '../../bench/results';
import { resultsPage } from '../../bench/results-page';
import { SUITES } from '../../bench/suites';
import { markdown } from '../../bench/table';

const RESULTS = path.resolve(__dirname, '../../bench/results');

const REPORT: Report = {
  suite: 'suite',
  about: 'What it is.',
  notes: [],
  command: 'npm run bench -- suite',
  machine: 'a machine',
  measuredAt: '2026-01-01T00:00:00.000Z',
  measured: [
    {
      title: 'small',
      metrics: [
        { name: 'time', unit: 'ms' },
        { name: 'calls', unit: 'per start' },
      ],
      subjects: [
        { name: 'ours', version: '1', samples: [{ time: 3 }, { time: 1 }, { time: 2 }] },
        { name: 'theirs', version: '2', samples: [{ time: 10 }, { time: 12 }] },
      ],
    },
    {
      title: 'large',
      metrics: [{ name: 'time', unit: 'ms' }],
      subjects: [
        { name: 'ours', version: '1', samples: [{ time: 70 }] },
        { name: 'others', version: '3', samples: [{ time: 90 }] },
      ],
    },
  ],
};

const bar = (row: number, median: number, minimum: number, maximum: number) => ({ row, median, minimum, maximum });

test('a picture has a panel for each figure that was measured, and in it each case’s medians with their spread', () => {
  const [panel, ...others] = chartOf(REPORT).panels;

  expect(others).toEqual([]);
  expect(panel).toMatchObject({
    title: 'time',
    axis: 'ms, on a logarithmic scale',
    cases: ['small', 'large'],
    subjects: [
      { name: 'ours', color: SUBJECT_COLORS[0], bars: [bar(0, 2, 1, 3), bar(1, 70, 70, 70)] },
      { name: 'theirs', color: SUBJECT_COLORS[1], bars: [bar(0, 11, 10, 12)] },
      { name: 'others', color: SUBJECT_COLORS[2], bars: [bar(1, 90, 90, 90)] },
    ],
  });
});

test('a scale is logarithmic only where a bar would not be seen', () => {
  const [large] = REPORT.measured.slice(1);
  const { panels } = chartOf({ ...REPORT, measured: large === undefined ? [] : [large] });

  expect(panels.map(({ axis, isLogarithmic }) => ({ axis, isLogarithmic }))).toEqual([
    { axis: 'ms', isLogarithmic: false },
  ]);
});

test('the same chart is drawn in the same bytes, whatever was drawn before', () => {
  const chart = chartOf(REPORT);
  const first = draw(chart);
  draw({ ...chart, panels: [], legend: [] });

  expect(draw(chart)).toBe(first);
});

test('what is drawn has its size, each subject, the unit, and every median in figures', () => {
  const chart: Chart = chartOf(REPORT);
  const svg = draw(chart);
  const texts = [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);

  expect(svg).toContain(`width="${chart.width}" height="${chart.height}"`);
  expect(texts).toEqual(
    expect.arrayContaining([
      'ours',
      'theirs',
      'others',
      'small',
      'large',
      chart.panels[0]?.axis,
      '2.00',
      '70.0',
      '11.0',
    ]),
  );
});

/** https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((first, second) => first - second);
  return (light + 0.05) / (dark + 0.05);
}

describe.each([
  { ground: 'white', color: '#ffffff' },
  { ground: 'GitHub’s dark ground', color: '#0d1117' },
])('on $ground', ({ color }) => {
  test('the text can be read', () => {
    expect(contrast(TEXT_COLOR, color)).toBeGreaterThan(4);
  });

  test.each([...SUBJECT_COLORS])('a bar of %s can be seen', (bars) => {
    expect(contrast(bars, color)).toBeGreaterThan(3);
  });
});

describe('what bench/results has', () => {
  const reports = readReports(
    RESULTS,
    SUITES.map(({ name }) => name),
  );
  const fileOf = (name: string) => readFileSync(path.join(RESULTS, name), 'utf8');

  test.each(reports.map((report) => [report.suite, report] as const))(
    'of %s: the words above the numbers are those of the suite, and each peer that is better has its reason',
    (suite, report) => {
      expect(report.about).toBe(SUITES.find(({ name }) => name === suite)?.about);
      expect(markdown(report)).not.toContain('nobody has looked into it yet');
    },
  );

  test.each(reports.map((report) => [report.suite, report] as const))(
    'of %s: the table and the picture are those of the numbers',
    (suite, report) => {
      expect(fileOf(`${suite}.md`)).toBe(markdown(report));
      expect(fileOf(`${suite}.svg`)).toBe(draw(chartOf(report)));
    },
  );

  test('the page is that of all suites', () => {
    expect(fileOf('README.md')).toBe(resultsPage(reports));
  });
});
