import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { GeneratedModule } from './generated-module';

/** Terraform's own, which a block of any resource may have. */
const META_ARGUMENTS = ['count', 'depends_on', 'for_each', 'lifecycle'];

/**
 * What a module sets and a provider's bindings do not know: as `address.attribute`. Constructs set what the bindings
 * have, but for overrides, of which the compiler sees nothing.
 *
 * @param library the folder `lib` of the bindings' package
 */
export function unknownAttributes({ document }: GeneratedModule, library: string): readonly string[] {
  const { data = {}, resource = {} } = document;
  return [
    ...Object.entries(data).map(([type, blocks]) => [`data_${type}`, blocks] as const),
    ...Object.entries(resource),
  ].flatMap(([type, blocks]) => {
    const known = knownNames(path.join(library, type.replace(/^aws_/, '').replaceAll('_', '-')));
    return Object.entries(blocks).flatMap(([id, block]) =>
      namesIn(block as object)
        .filter((name) => !META_ARGUMENTS.includes(name) && !known.has(name))
        .map((name) => `${type}.${id}.${name}`),
    );
  });
}

/** The names of attributes and blocks, as the bindings write them for Terraform. */
function knownNames(folder: string): ReadonlySet<string> {
  const texts = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.js'))
    .map((name) => readFileSync(path.join(folder, name), 'utf8'));
  return new Set([...texts.join('\n').matchAll(/^\s+(\w+): (?:\{$|\w+)/gm)].map(([, name]) => name ?? ''));
}

/** Of a block and the blocks in it; `dynamic` names them one level deeper. */
function namesIn(block: object): readonly string[] {
  return Object.entries(block).flatMap(([name, value]) => {
    if (name === 'dynamic') {
      return Object.entries(value as Readonly<Record<string, { readonly content: object }>>).flatMap(
        ([inner, { content }]) => [inner, ...namesIn(content)],
      );
    }
    const inner =
      META_ARGUMENTS.includes(name) || !isBlock(name) ? [] : [value].flat().filter(isObject).flatMap(namesIn);
    return [name, ...inner];
  });
}

/** Maps of the user's own: their keys are no attributes. */
function isBlock(name: string): boolean {
  return !['dimensions', 'tags', 'variables'].includes(name);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
