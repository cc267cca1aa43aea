import type { Arrow, Frame, Kind, Part, Picture } from './picture';
import { resourceAt } from './resources';

/** Graphviz knows how wide Helvetica is. */
const FONT = 'Helvetica,Arial,Liberation Sans,sans-serif';

/** The picture brings its own ground, so that it can be read on a dark page too. */
export const GROUND = '#ffffff';
const INK = '#0f172a';
const FAINT_INK = '#475569';

const COLORS: Readonly<Record<Kind, { readonly fill: string; readonly line: string }>> = {
  module: { fill: '#eef2ff', line: '#4338ca' },
  function: { fill: '#fff7ed', line: '#ea580c' },
  task: { fill: '#f0fdfa', line: '#0f766e' },
  queue: { fill: '#faf5ff', line: '#7e22ce' },
  table: { fill: '#eff6ff', line: '#2563eb' },
  bucket: { fill: '#f7fee7', line: '#4d7c0f' },
  service: { fill: '#fdf2f8', line: '#be185d' },
  yours: { fill: '#f1f5f9', line: '#64748b' },
};

/** The picture in Graphviz's language. */
export function dotOf({ home, parts, frames = [], arrows, columns = [] }: Picture): string {
  const caption =
    home === undefined
      ? []
      : [
          `label=<made by the module ${escaped(home)}, where a box names no other; what is grey is there already>`,
          'fontsize=12',
          `fontcolor="${FAINT_INK}"`,
        ];
  const settings = [
    'rankdir=LR',
    `bgcolor="${GROUND}"`,
    'labelloc=b, labeljust=l, pad=0.15, nodesep=0.25, ranksep=0.3',
    `fontname="${FONT}"`,
    ...caption,
  ];
  const homeOf = (id: string) => frames.find((frame) => frame.parts.includes(id))?.made?.module ?? home;
  return [
    'digraph picture {',
    `  graph [${settings.join(', ')}]`,
    `  node [shape=box, style="rounded,filled", fontname="${FONT}", fontsize=14, fontcolor="${INK}", penwidth=1.4, margin="0.31,0.09"]`,
    `  edge [fontname="${FONT}", fontsize=12, fontcolor="${FAINT_INK}", color="${FAINT_INK}", penwidth=1.3, arrowsize=0.75]`,
    ...Object.entries(parts).map(([id, part]) => `  ${quoted(id)} ${boxOf(part, homeOf(id))}`),
    ...frames.map(frameOf),
    ...columns.map((column) => `  { rank=same; ${column.map(quoted).join('; ')} }`),
    ...arrows.map(arrowOf),
    '}',
    '',
  ].join('\n');
}

function boxOf(part: Part, home: string | undefined): string {
  const { is, kind, from } = faceOf(part, home);
  const lines = [
    `<b>${escaped(part.name)}</b>`,
    ...[is, part.note].flatMap((line) => (line === undefined ? [] : [small(line, INK)])),
    ...(from === undefined ? [] : [small(from, FAINT_INK)]),
  ];
  const { fill, line } = COLORS[kind];
  return `[label=<${lines.join('<br/>')}>, fillcolor="${fill}", color="${line}"]`;
}

/** What stands in a box below the name: what it is, and which module makes it. */
function faceOf(
  part: Part,
  home: string | undefined,
): { readonly is?: string; readonly kind: Kind; readonly from?: string } {
  if (!('made' in part)) {
    return { is: part.is, kind: part.kind };
  }
  const { module, address } = part.made;
  if (address === undefined) {
    return { kind: 'module', from: 'module' };
  }
  return module === home ? resourceAt(address) : { ...resourceAt(address), from: `module ${module}` };
}

function small(text: string, color: string): string {
  return `<font point-size="12" color="${color}">${escaped(text)}</font>`;
}

function frameOf({ title, made, parts }: Frame, index: number): string {
  const { line } = COLORS.task;
  const text = made === undefined ? title : `${title}: module ${made.module}`;
  return [
    `  subgraph cluster_${index} {`,
    `    graph [label=<${escaped(text)}>, fontsize=12, fontcolor="${line}", color="${line}", style="rounded,dashed", margin=10]`,
    `    ${parts.map(quoted).join('; ')}`,
    '  }',
  ].join('\n');
}

function arrowOf({ from, to, label, isRare = false, isBothWays = false, isLoose = false }: Arrow): string {
  const settings = [
    ...(label === undefined ? [] : [`label=${quoted(spaced(label))}`]),
    ...(isRare ? ['style=dashed'] : []),
    ...(isBothWays ? ['dir=both'] : []),
    ...(isLoose ? ['constraint=false'] : []),
  ];
  return `  ${quoted(from)} -> ${quoted(to)} [${settings.join(', ')}]`;
}

/** Off the boxes at both ends, in a reader's wider font too. */
function spaced(label: string): string {
  return label
    .split('\n')
    .map((line) => `  ${line}  `)
    .join('\n');
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
