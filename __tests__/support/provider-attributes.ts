import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { GeneratedModule } from './generated-module';

/** Terraform's own, which a block of any resource may have. */
const META_ARGUMENTS = ['count', 'depends_on', 'for_each', 'lifecycle'];

/**
 * What a block may hold, as the bindings write it for Terraform: by its name, the function that writes the block in it.
 * An attribute has none, or one of the framework's.
 */
type Names = ReadonlyMap<string, string | undefined>;

/** Of one resource: by the name of the function that writes them, its blocks. */
type Blocks = ReadonlyMap<string, Names>;

/** The resource itself is written by a method of its class. */
const RESOURCE = '';

/**
 * What a module sets and a provider's bindings do not know at that place: as `address.block.attribute`. Constructs set
 * what the bindings have, but for overrides, of which the compiler sees nothing.
 *
 * @param library the folder `lib` of the bindings' package
 */
export function unknownAttributes({ document }: GeneratedModule, library: string): readonly string[] {
  const { data = {}, resource = {} } = document;
  return [
    ...Object.entries(data).map(([type, blocks]) => [`data_${type}`, blocks] as const),
    ...Object.entries(resource),
  ].flatMap(([type, instances]) => {
    const blocks = blocksOf(path.join(library, type.replace(/^aws_/, '').replaceAll('_', '-')));
    return Object.entries(instances).flatMap(([id, block]) => {
      const own = Object.entries(block as object).filter(([name]) => !META_ARGUMENTS.includes(name));
      return unknownIn(Object.fromEntries(own), RESOURCE, blocks).map((name) => `${type}.${id}.${name}`);
    });
  });
}

/**
 * What a module's expressions read of resources and data sources, and a provider's bindings do not have: as
 * `type.attribute`. Of an expression that is a text the compiler sees nothing either.
 */
export function unknownReferences({ document }: GeneratedModule, library: string): readonly string[] {
  const references = JSON.stringify(document).matchAll(/\b(data\.)?aws_(\w+)\.\w+(?:\[[^\]]*\])*\.(\w+)/g);
  const read = [...references].map(([, data = '', type = '', attribute = '']) => ({
    folder: `${data === '' ? '' : 'data-aws-'}${type.replaceAll('_', '-')}`,
    attribute,
    address: `${data}aws_${type}.${attribute}`,
  }));
  const unknown = read.filter(({ folder, attribute }) => !readable(path.join(library, folder)).has(attribute));
  return [...new Set(unknown.map(({ address }) => address))];
}

/** The attributes of the class of a resource or data source: the file's last, after those of its blocks. */
function readable(folder: string): ReadonlySet<string> {
  const text = readFileSync(path.join(folder, 'index.js'), 'utf8');
  const own = text.slice(text.search(/ extends \w+\.Terraform(?:Resource|DataSource) /));
  return new Set([...own.matchAll(/(?:Attribute\('|\(this, ")(\w+)['"]/g)].flatMap(([, name]) => name ?? []));
}

const WRITERS = [
  /^function (?<writer>\w+)ToTerraform\(struct\) \{\n(?<body>[\s\S]*?)\n\}$/gm,
  /^ {4}synthesizeAttributes\(\) \{\n(?<body>[\s\S]*?)\n {4}\}$/gm,
] as const;

function blocksOf(folder: string): Blocks {
  const text = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.js'))
    .map((name) => readFileSync(path.join(folder, name), 'utf8'))
    .join('\n');
  const found = WRITERS.flatMap((writers) => [...text.matchAll(writers)].map(({ groups = {} }) => groups));
  return new Map(found.map(({ writer = RESOURCE, body = '' }) => [writer, namesIn(body)]));
}

function namesIn(body: string): Names {
  const lines = [...body.matchAll(/^\s+(\w+): (.+)$/gm)];
  return new Map(lines.map(([, name = '', how = '']) => [name, /(\w+)ToTerraform\b/.exec(how)?.[1]]));
}

/** Of a block and the blocks in it; `dynamic` names them one level deeper. A map of the user's own is no block. */
function unknownIn(block: object, writer: string, blocks: Blocks): readonly string[] {
  const known = blocks.get(writer) ?? new Map<string, string | undefined>();
  return Object.entries({ ...block, ...contentsOf(block) }).flatMap(([name, value]) => {
    if (name === 'dynamic') {
      return [];
    }
    if (!known.has(name)) {
      return [name];
    }
    const inner = known.get(name);
    return inner !== undefined && blocks.has(inner)
      ? [value]
          .flat()
          .filter(isObject)
          .flatMap((each) => unknownIn(each, inner, blocks))
          .map((each) => `${name}.${each}`)
      : [];
  });
}

function contentsOf(block: object): object {
  const dynamic = 'dynamic' in block ? (block.dynamic as Readonly<Record<string, { readonly content: object }>>) : {};
  return Object.fromEntries(Object.entries(dynamic).map(([name, { content }]) => [name, content]));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
