const { readFileSync } = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const { inspect } = require('node:util');
const { isNativeError } = require('node:util/types');
const { build } = require('esbuild');

/**
 * Runs a CDKTF app that is written in TypeScript: `node stacks/run-app.cjs main.ts`. Its own files become one program, in
 * memory; packages stay as they are, and Node.js loads them by itself. tsx looks at each file of each package too, whether
 * it has to be changed, and has Node.js read its source map: of CDKTF and its resources 8 MB, more than half of a synth.
 */
async function run(entry) {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: `node${process.versions.node}`,
    format: 'cjs',
    sourcemap: 'external',
    sourcesContent: false,
    outfile: `${entry}.cjs`,
    write: false,
    logLevel: 'silent',
    plugins: [{ name: 'own place', setup: ({ onLoad }) => onLoad({ filter: /\.[cm]?[jt]sx?$/ }, withOwnPlace) }],
  });
  const [map, program] = ['.map', '.cjs'].map(
    (ending) => outputFiles.find(({ path: file }) => file.endsWith(ending)).text,
  );
  Error.prepareStackTrace = stackTraces(entry, map);
  const app = new Module(entry);
  app.filename = entry;
  app.paths = Module._nodeModulePaths(path.dirname(entry));
  app._compile(program, entry);
}

/** Each file knows its own place, in one program with the others: in its first line, so that no line moves. */
function withOwnPlace({ path: file }) {
  const place = { __filename: file, __dirname: path.dirname(file) };
  const names = Object.entries(place).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return { contents: `const ${names.join(',')};${readFileSync(file, 'utf8')}`, loader: 'default' };
}

/**
 * Errors name the lines of the sources. CDKTF takes a trace for each token that it makes, of a bare object and as long as
 * it can be: nobody reads those, so they have no lines.
 */
function stackTraces(entry, map) {
  let sources;
  const shown = (frame) => {
    const [file, line, column] = [frame.getFileName(), frame.getLineNumber(), frame.getColumnNumber()];
    if (file !== entry) {
      return String(frame);
    }
    sources ??= new Module.SourceMap(JSON.parse(map));
    const { originalSource, originalLine, originalColumn } = sources.findEntry(line - 1, column - 1);
    // What esbuild adds of its own has no source.
    const source = originalSource === undefined ? file : path.resolve(path.dirname(entry), originalSource);
    const place = `${source}:${(originalLine ?? line - 1) + 1}:${(originalColumn ?? column - 1) + 1}`;
    return String(frame).replace(`${file}:${line}:${column}`, () => place);
  };
  return (error, frames) =>
    isNativeError(error) ? [String(error), ...frames.map((frame) => `    at ${shown(frame)}`)].join('\n') : '';
}

const [program, , app = 'main.ts', ...words] = process.argv;
process.argv = [program, path.resolve(app), ...words];
run(process.argv[1]).catch((error) => {
  process.stderr.write(`${inspect(error)}\n`);
  process.exitCode = 1;
});
