import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App } from 'cdktf';
import { MODULE_DEFINITIONS } from './module-catalogue';
import type { BuiltModules, ModuleDefinition } from './module-definition';
import type { ModuleFiles } from './module-files';
import { readmeText } from './module-readme';
import { ModuleStack } from './module-stack';
import { KEPT, type Keep } from './parts/kept-bytes';
import { writeOutputs } from './parts/outputs';
import { packagedFiles } from './parts/packaged-function';
import { canonicalJson } from './parts/terraform-text';

/**
 * Every file of every module. The same bytes on any machine, in any folder and at any time.
 *
 * @param keep where programs come from @default - what earlier commands bundled of the same sources
 */
export function generateModules(keep: Keep = KEPT): ModuleFiles {
  // CDKTF's App makes its folder when it is built; nothing is written to it here.
  const outdir = mkdtempSync(path.join(tmpdir(), 'overtime-modules-'));
  try {
    const app = new App({ outdir, stackTraces: false });
    let built: BuiltModules = {};
    let files: ModuleFiles = {};
    for (const definition of MODULE_DEFINITIONS) {
      const stack = new ModuleStack(app, definition.name);
      const outputs = definition.build(stack, built);
      writeOutputs(stack, outputs);
      built = { ...built, [definition.name]: outputs };
      files = { ...files, ...moduleFiles(definition, { stack, built, keep }) };
    }
    return files;
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

interface Sources {
  readonly stack: ModuleStack;
  readonly built: BuiltModules;
  readonly keep: Keep;
}

function moduleFiles(definition: ModuleDefinition, { stack, built, keep }: Sources): ModuleFiles {
  // Not prepared first, which looks for values of other stacks and takes as long again: a module has none.
  const document = stack.toTerraform();
  const readme = readmeText({
    module: definition,
    example: MODULE_DEFINITIONS.filter(({ name }) => definition.exampleOf.includes(name)),
    outputs: built[definition.name] ?? {},
    addresses: [...calledModules(document['module']), ...addressesOf(document['resource'])],
  });
  const text = new TextEncoder();
  const files: ModuleFiles = {
    'main.tf.json': text.encode(canonicalJson(document)),
    'README.md': text.encode(readme),
    ...Object.fromEntries(packagedFiles(stack).map(({ fileName, recipe }) => [fileName, keep(recipe)])),
  };
  return Object.fromEntries(Object.entries(files).map(([file, bytes]) => [`${definition.name}/${file}`, bytes]));
}

function calledModules(modules: unknown): readonly string[] {
  return Object.keys(modules ?? {}).map((name) => `module.${name}`);
}

function addressesOf(resources: unknown): readonly string[] {
  const types = Object.entries((resources ?? {}) as Readonly<Record<string, object>>);
  return types.flatMap(([type, ids]) => Object.keys(ids).map((id) => `${type}.${id}`)).sort();
}
