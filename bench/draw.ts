import { type CustomSeriesOption, type EChartsOption, init } from 'echarts';
import { type Bar, type Chart, type Panel, TEXT_COLOR } from './chart';
import { figure } from './table';

const FONT = 'system-ui, sans-serif';
const CAP_PIXELS = 3;
const LABEL_GAP_PIXELS = 5;

/** echarts guesses how wide a text is, and the reader's font may be wider. */
const LABEL_SHARE = 0.75;

/** The share of a case's height that its bars have. */
const BAND_SHARE = 0.82;

/** The picture as SVG: the same bytes for the same chart, without a background, so that it lies on any. */
export function draw(chart: Chart): string {
  const picture = init(null, null, { renderer: 'svg', ssr: true, width: chart.width, height: chart.height });
  try {
    picture.setOption(optionOf(chart));
    return `${namedAnew(picture.renderToSVGString())}\n`;
  } finally {
    picture.dispose();
  }
}

/** echarts counts through all pictures of a process in the names that it gives; these are by the place in this one. */
function namedAnew(svg: string): string {
  const names = new Map<string, string>();
  return svg.replaceAll(/\bzr\d+-[a-z]+-?\d+\b/g, (given) => {
    const name = names.get(given) ?? `n${names.size}`;
    names.set(given, name);
    return name;
  });
}

function optionOf({ left, right, panels, legend }: Chart): EChartsOption {
  const text = { color: TEXT_COLOR, fontFamily: FONT, fontSize: 12 };
  const faint = { lineStyle: { color: TEXT_COLOR, opacity: 0.25 } };
  return {
    animation: false,
    textStyle: { fontFamily: FONT },
    legend: {
      top: 8,
      left,
      itemGap: 24,
      textStyle: text,
      data: legend.map(({ name, color }) => ({ name, itemStyle: { color } })),
      selectedMode: false,
    },
    title: panels.map(({ title, top }) => ({ text: title, top: top - 26, left, textStyle: { ...text, fontSize: 13 } })),
    grid: panels.map(({ top, height }) => ({ left, right, top, height })),
    xAxis: panels.map(({ axis, isLogarithmic }, gridIndex) => ({
      gridIndex,
      type: isLogarithmic ? 'log' : 'value',
      name: axis,
      nameLocation: 'middle',
      nameGap: 24,
      nameTextStyle: text,
      axisLabel: text,
      splitLine: faint,
    })),
    yAxis: panels.map(({ cases }, gridIndex) => ({
      gridIndex,
      type: 'category',
      inverse: true,
      data: [...cases],
      axisLabel: { ...text, width: left * LABEL_SHARE, overflow: 'break' },
      axisTick: { show: false },
      axisLine: faint,
    })),
    series: panels.flatMap((panel, index) =>
      panel.subjects.flatMap((subject, place) => [
        {
          type: 'bar',
          name: subject.name,
          xAxisIndex: index,
          yAxisIndex: index,
          itemStyle: { color: subject.color },
          barGap: '0%',
          barCategoryGap: `${Math.round((1 - BAND_SHARE) * 100)}%`,
          data: panel.cases.map((_, row) => subject.bars.find((bar) => bar.row === row)?.median ?? '-'),
        },
        spread(panel, index, place, subject.bars, text),
      ]),
    ),
  };
}

/** A line from the smallest run to the largest on each bar of a subject, and the median in figures behind it. */
function spread(
  { subjects }: Panel,
  index: number,
  place: number,
  bars: readonly Bar[],
  text: { readonly fontFamily: string; readonly fontSize: number },
): CustomSeriesOption {
  return {
    type: 'custom',
    xAxisIndex: index,
    yAxisIndex: index,
    z: 3,
    encode: { x: [1, 2, 3], y: 0 },
    data: bars.map(({ row, median, minimum, maximum }) => [row, median, minimum, maximum]),
    renderItem: (_, api) => {
      const row = Number(api.value(0));
      const [from = 0, middle = 0] = api.coord([api.value(2), row]);
      const [to = 0] = api.coord([api.value(3), row]);
      const size = api.size?.([0, 1]);
      const band = (Array.isArray(size) ? (size[1] ?? 0) : 0) * BAND_SHARE;
      const y = middle - band / 2 + ((place + 0.5) * band) / subjects.length;
      const line = (x1: number, y1: number, x2: number, y2: number) => ({
        type: 'line' as const,
        shape: { x1, y1, x2, y2 },
        style: { stroke: TEXT_COLOR, lineWidth: 1.5 },
      });
      return {
        type: 'group',
        children: [
          line(from, y, to, y),
          line(from, y - CAP_PIXELS, from, y + CAP_PIXELS),
          line(to, y - CAP_PIXELS, to, y + CAP_PIXELS),
          {
            type: 'text',
            x: to + LABEL_GAP_PIXELS,
            y,
            style: { text: figure(Number(api.value(1))), fill: TEXT_COLOR, verticalAlign: 'middle', ...text },
          },
        ],
      };
    },
  };
}
