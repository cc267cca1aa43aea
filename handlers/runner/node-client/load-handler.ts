import { statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { RuntimeError } from './errors';
import { type HandlerName, parseHandlerName } from './handler-name';
import { isModuleFolder } from './package-type';

export type Handler = (event: unknown, context: unknown, callback?: unknown) => unknown;

/** Node.js can strip types from version 24 on. */
const FIRST_MAJOR_WITH_TYPESCRIPT = 24;

/**
 * The function that a handler setting names.
 *
 * @throws {RuntimeError} of a type that says what is wrong; whatever the module itself throws passes on
 */
export async function loadHandler(taskRoot: string, handler: string, nodeMajor: number): Promise<Handler> {
  const name = parseHandlerName(handler);
  const exported = findExport(await importModule(taskRoot, name, nodeMajor), name.exportPath);
  if (exported === undefined || exported === null) {
    throw new RuntimeError('Runtime.HandlerNotFound', `${handler} is undefined or not exported`);
  }
  if (typeof exported !== 'function') {
    throw new RuntimeError('Runtime.HandlerNotFound', `${handler} is not a function`);
  }
  return exported as Handler;
}

function findExport(module: unknown, exportPath: readonly string[]): unknown {
  return exportPath.reduce<unknown>(
    (value, key) => (value === undefined || value === null ? undefined : (value as Record<string, unknown>)[key]),
    module,
  );
}

async function importModule(taskRoot: string, name: HandlerName, nodeMajor: number): Promise<unknown> {
  try {
    return await load(taskRoot, name, nodeMajor);
  } catch (cause) {
    if (cause instanceof SyntaxError) {
      throw new RuntimeError('Runtime.UserCodeSyntaxError', String(cause), { cause });
    }
    if (isMissingModule(cause)) {
      throw new RuntimeError('Runtime.ImportModuleError', String(cause), { cause });
    }
    throw cause;
  }
}

// The first is what require says, the second what import says.
function isMissingModule(thrown: unknown): boolean {
  return (
    thrown instanceof Error &&
    'code' in thrown &&
    (thrown.code === 'MODULE_NOT_FOUND' || thrown.code === 'ERR_MODULE_NOT_FOUND')
  );
}

type LoadKind = 'require' | 'import';

/** Endings in the order in which they are tried, and how each is loaded. */
function candidates(isModule: boolean, nodeMajor: number): readonly (readonly [string, LoadKind])[] {
  const byPackage: LoadKind = isModule ? 'import' : 'require';
  const javascript = [
    ['', 'require'],
    ['.js', byPackage],
    ['.mjs', 'import'],
    ['.cjs', 'require'],
  ] as const;
  const typescript = [
    ['.ts', byPackage],
    ['.mts', 'import'],
    ['.cts', 'require'],
  ] as const;
  return nodeMajor >= FIRST_MAJOR_WITH_TYPESCRIPT ? [...javascript, ...typescript] : javascript;
}

async function load(taskRoot: string, { folder, module }: HandlerName, nodeMajor: number): Promise<unknown> {
  const base = path.resolve(taskRoot, folder, module);
  const requireFrom = createRequire(path.join(taskRoot, 'handler.js'));
  for (const [ending, kind] of candidates(isModuleFolder(path.dirname(base)), nodeMajor)) {
    const file = `${base}${ending}`;
    if (statSync(file, { throwIfNoEntry: false })?.isFile() === true) {
      return kind === 'require' ? requireFrom(file) : import(pathToFileURL(file).href);
    }
  }
  // Not a file of the package: a module by name, from its node_modules or a layer's.
  return requireFrom(requireFrom.resolve(`${folder}${module}`, { paths: [taskRoot, path.resolve(taskRoot, folder)] }));
}
