import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { committedModules } from '../../stacks/committed-modules';
import { readModule } from '../support/generated-module';

const ROOT = path.resolve(__dirname, '../..');
const generated = committedModules();

function hclOf(page: string): string {
  const text = readFileSync(path.join(ROOT, page), 'utf8');
  return [...text.matchAll(/^```hcl\n([\s\S]*?)^```/gm)].map(([, block = '']) => block).join('\n');
}

const README = hclOf('README.md');

const PAGES = ['README.md', ...readdirSync(path.join(ROOT, 'docs')).map((name) => `docs/${name}`)]
  .filter((name) => name.endsWith('.md'))
  .filter((name) => hclOf(name) !== '');

interface Block {
  readonly name: string;
  /** The generated module that it uses. */
  readonly module: string;
  readonly args: readonly string[];
}

/** Pages write a block as `terraform fmt` does: what belongs to it is indented by two spaces. */
function moduleBlocks(hcl: string): readonly Block[] {
  return [...hcl.matchAll(/^module "([^"]+)" \{\n([\s\S]*?)^\}/gm)].flatMap(([, name = '', body = '']) => {
    const module = /^ {2}source += "(?:\.\.?\/)+modules\/([^"]+)"/m.exec(body)?.[1];
    const args = [...body.matchAll(/^ {2}(\w+) +=/gm)].map(([, arg = '']) => arg).filter((arg) => arg !== 'source');
    return module === undefined ? [] : [{ name, module, args }];
  });
}

/** What a page goes on from stands in the README. */
function declaredFor(page: string): string {
  return page === 'README.md' ? README : `${README}\n${hclOf(page)}`;
}

test.each(PAGES)('%s gives modules their variables, and those that they require', (page) => {
  const blocks = moduleBlocks(hclOf(page));
  const wrong = blocks.flatMap(({ name, module, args }) => {
    const { variable } = readModule(generated, module).document;
    const required = Object.keys(variable).filter((one) => !('default' in (variable[one] ?? {})));
    return [
      ...args
        .filter((arg) => !['for_each', 'count'].includes(arg) && !(arg in variable))
        .map((arg) => `${name}.${arg} is none`),
      ...required.filter((one) => !args.includes(one)).map((one) => `${name}.${one} is missing`),
    ];
  });

  expect(wrong).toEqual([]);
});

test.each(PAGES)('%s refers to what it or the README declares, and to outputs that there are', (page) => {
  const declared = declaredFor(page);
  const modules = new Map(moduleBlocks(declared).map(({ name, module }) => [name, module]));
  const outputs = [...hclOf(page).matchAll(/\bmodule\.([\w-]+)\.(\w+)/g)].filter(([, name = '', output = '']) => {
    const module = modules.get(name);
    return module === undefined || !(output in readModule(generated, module).document.output);
  });
  const others = [...hclOf(page).matchAll(/(?<![\w.])(data\.)?(aws_\w+)\.([\w-]+)\./g)].filter(
    ([, data, type = '', name = '']) =>
      !declared.includes(`${data === undefined ? 'resource' : 'data'} "${type}" "${name}"`),
  );

  expect([...outputs, ...others].map(([reference]) => reference)).toEqual([]);
});
