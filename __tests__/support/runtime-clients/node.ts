import path from 'node:path';
import { functionPackage, textPackage } from '../function-package';
import { bootstrapFile, built, compile, pinnedVersion } from './built';
import type { RuntimeClient } from './runtime-client';

/** Both clients run the very same function. */
const NODE_FUNCTION = {
  runtime: 'nodejs22.x',
  package: functionPackage('node-cases'),
  layer: textPackage({ 'nodejs/node_modules/layered/index.js': "exports.name = 'from a layer';\n" }),
};

/** AWS's own for Node.js 22 and newer. Its native part is compiled here: no package has it. */
export const NODE: RuntimeClient = {
  runtime: 'Node.js',
  client: 'aws-lambda-ric',
  version: pinnedVersion('node-client/package.json', /"aws-lambda-ric": "([^"]+)"/),
  programs: ['npm', 'cmake', 'make', 'g++', 'python3'],
  provide: async (folder) => {
    const client = await built({ name: 'node', sources: ['node-client'], build: install });
    const modules = path.join(client, 'node-client/node_modules');
    const node = path.join(modules, NODE_PACKAGE, 'bin/node');
    const start = `exec "${node}" "${modules}/aws-lambda-ric/index.mjs" "$_HANDLER"`;
    return { ...NODE_FUNCTION, environment: { OVERTIME_BOOTSTRAP: await bootstrapFile(folder, 'node', start) } };
  },
};

/** What runs Node.js functions where the image has no runtime of AWS's. */
export const OWN_NODE: RuntimeClient = {
  runtime: 'Node.js',
  client: "Overtime's own",
  version: undefined,
  programs: [],
  provide: async () => ({ ...NODE_FUNCTION, environment: {} }),
};

/** Node.js 22 for this machine, as npm has it: this project itself may run on an older one. */
const NODE_PACKAGE = `node-linux-${process.arch}`;

async function install(folder: string): Promise<void> {
  const project = path.join(folder, 'node-client');
  // The headers of that Node.js lie beside it, so none are fetched.
  const headers = path.join(project, 'node_modules', NODE_PACKAGE);
  await compile(project, 'npm', ['ci'], { npm_config_nodedir: headers });
}
