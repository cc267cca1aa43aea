import { Graphviz } from '@hpcc-js/wasm-graphviz';
import { dotOf, GROUND } from './dot';
import type { Picture } from './picture';

/** The picture as SVG: the same bytes for the same picture on any machine, as Graphviz comes as WebAssembly. */
export async function draw(picture: Picture): Promise<string> {
  const graphviz = await Graphviz.load();
  return readable(graphviz.layout(dotOf(picture), 'svg', 'dot'), picture);
}

/** Without what says which Graphviz drew it, and with words for who cannot see it. */
function readable(svg: string, { title, description }: Picture): string {
  const head = /<svg width="(\d+)pt" height="(\d+)pt"\s+viewBox="([^"]+)"[^>]*>/;
  const [whole, width, height, viewBox] = head.exec(svg) ?? [];
  if (whole === undefined) {
    throw new Error(`Graphviz drew ${JSON.stringify(svg.slice(0, 300))}, in which no <svg> with a size was found.`);
  }
  const body = svg.slice(svg.indexOf(whole) + whole.length).replaceAll(/<!--[\s\S]*?-->\n?/g, '');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${viewBox}" role="img" aria-labelledby="title description">`,
    `<title id="title">${title}</title>`,
    `<desc id="description">${description}</desc>`,
    // Graphviz's own titles are names of this project's, and would show up under a reader's mouse.
    lifted(centred(body.trim().replaceAll(/<title>[^<]*<\/title>\n?/g, ''))),
    '',
  ].join('\n');
}

/** Graphviz begins each line of a box where it thinks that its font begins; in the middle of the box any font has its place. */
function centred(body: string): string {
  return body.replaceAll(/<g id="node\d+" class="node">[\s\S]*?<\/g>/g, (box) => {
    const outline = /<path [^>]*\bd="([^"]+)"/.exec(box)?.[1] ?? '';
    const xs = [...outline.matchAll(/(-?[\d.]+),-?[\d.]+/g)].map(([, x]) => Number(x));
    const middle = ((Math.min(...xs) + Math.max(...xs)) / 2).toFixed(2);
    return box.replaceAll(/text-anchor="start" x="[^"]+"/g, `text-anchor="middle" x="${middle}"`);
  });
}

/** The text of an arrow with the ground around its letters, as it may lie on the arrow. */
function lifted(body: string): string {
  return body.replaceAll(/<g id="edge\d+" class="edge">[\s\S]*?<\/g>/g, (arrow) =>
    arrow.replaceAll(
      '<text ',
      `<text paint-order="stroke" stroke="${GROUND}" stroke-width="3" stroke-linejoin="round" `,
    ),
  );
}
