import path from 'node:path';
import { type BuildOptions, buildSync, type Metafile, type OutputFile, transformSync } from 'esbuild';
import type { Made } from './kept-bytes';

/** What a chunk's dynamic import of another looks like. */
const DYNAMIC_IMPORT = /\bimport\("(\.\/[\w-]+\.js)"\)/g;

const ENTRY = './index.js';

type Options = Pick<
  BuildOptions,
  | 'preserveSymlinks'
  | 'platform'
  | 'target'
  | 'mainFields'
  | 'minify'
  | 'minifySyntax'
  | 'minifyWhitespace'
  | 'legalComments'
  | 'charset'
  | 'logLevel'
  | 'define'
> & {
  /** Absolute: esbuild writes paths relative to it. */
  readonly absWorkingDir: string;
};

/**
 * One CommonJS file with all that `entry` imports. V8 reads every function of a file before the first line runs, 60 ms
 * for a megabyte, so what is only imported when it is needed stands in it as text, and is read when it is.
 *
 * esbuild splits ES modules only, into files: here each file becomes a CommonJS module, and all of them one file again.
 */
export function oneFile(entry: string, options: Options): Made {
  const plain: BuildOptions = { ...options, entryPoints: [entry], bundle: true, write: false };
  const { outputFiles = [], metafile } = buildSync({
    ...plain,
    entryPoints: [{ in: entry, out: 'index' }],
    format: 'esm',
    splitting: true,
    chunkNames: '[hash]',
    outdir: '/',
    metafile: true,
  });
  if (metafile === undefined) {
    throw new Error(`esbuild said nothing of what it made of ${entry}.`);
  }
  const inputs = filesOf(metafile).map((input) => path.join(options.absWorkingDir, input));
  if (outputFiles.length > 1) {
    return { bytes: new TextEncoder().encode(joined(outputFiles, metafile, options)), inputs };
  }
  const [file] = buildSync({ ...plain, format: 'cjs' }).outputFiles ?? [];
  if (file === undefined) {
    throw new Error(`esbuild made nothing of ${entry}.`);
  }
  return { bytes: file.contents, inputs };
}

/** A file that a package.json keeps out is named too; it went in as an empty one. */
function filesOf({ inputs }: Metafile): readonly string[] {
  return Object.keys(inputs).map((input) => input.replace(/^\(disabled\):/, ''));
}

const nameOf = (file: string) => `./${path.basename(file)}`;

function joined(files: readonly OutputFile[], { outputs }: Metafile, options: Options): string {
  const chunks = new Map(
    Object.entries(outputs).map(([file, { imports }]) => [
      nameOf(file),
      imports.filter(({ kind, external }) => kind === 'import-statement' && external !== true),
    ]),
  );
  const atOnce = new Set<string>();
  const follow = (name: string) => {
    if (!atOnce.has(name)) {
      atOnce.add(name);
      for (const { path: file } of chunks.get(name) ?? []) {
        follow(nameOf(file));
      }
    }
  };
  follow(ENTRY);
  const { define, absWorkingDir, preserveSymlinks, mainFields, ...transform } = options;
  const modules = files
    .map((file) => {
      const { code } = transformSync(
        file.text.replaceAll(DYNAMIC_IMPORT, 'Promise.resolve().then(()=>require("$1"))'),
        {
          ...transform,
          format: 'cjs',
        },
      );
      return { name: nameOf(file.path), code };
    })
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
  const functions = modules
    .filter(({ name }) => atOnce.has(name))
    // The brackets around it have V8 compile it at once, and not read it twice.
    .map(({ name, code }) => `${JSON.stringify(name)}:(function(${PARAMETERS.join(',')}){${code}\n})`);
  const texts = modules
    .filter(({ name }) => !atOnce.has(name))
    .map(({ name, code }) => `${JSON.stringify(name)}:${JSON.stringify(code)}`);
  const exported = Object.entries(outputs).find(([file]) => nameOf(file) === ENTRY)?.[1].exports ?? [];
  return [
    '"use strict";',
    `const functions={${functions.join(',\n')}};`,
    `const texts={${texts.join(',\n')}};`,
    LOADER,
    // From this line Node.js tells an ES module what it may import by name.
    `0&&(module.exports={${exported.join(',')}});`,
    '',
  ].join('\n');
}

const PARAMETERS = ['exports', 'require', 'module', '__filename', '__dirname'] as const;

/** Makes a module of the file when another asks for it. A stack trace names it behind the file. */
const LOADER = `const modules=new Map();
function load(name){
const known=modules.get(name);
if(known!==undefined)return known.exports;
const made={exports:{}};
modules.set(name,made);
const run=functions[name]??require("node:vm").compileFunction(texts[name],${JSON.stringify(PARAMETERS)},{filename:__filename+name.slice(1)});
run(made.exports,(id)=>id in functions||id in texts?load(id):require(id),made,__filename,__dirname);
return made.exports;
}
module.exports=load(${JSON.stringify(ENTRY)});`;
