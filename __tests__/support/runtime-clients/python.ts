import path from 'node:path';
import { CACHE_DIRECTORY } from '../../../local/cache-directory';
import { providePython } from '../../../local/python-environment';
import { runCommand } from '../../../local/run-command';
import { functionPackage, textPackage } from '../function-package';
import { bootstrapFile, pinnedVersion } from './built';
import type { RuntimeClient } from './runtime-client';

export const PYTHON: RuntimeClient = {
  runtime: 'Python',
  client: 'awslambdaric',
  version: pinnedVersion('python-client/requirements.txt', /^awslambdaric==(\S+)$/m),
  // The local AWS needs Python anyway, and names what it misses.
  programs: [],
  provide: async (folder) => {
    const python = await providePython({
      cacheDirectory: CACHE_DIRECTORY,
      env: process.env,
      onProgress: () => undefined,
      requirementsFile: path.resolve(__dirname, '../python-client/requirements.txt'),
    });
    const script = "import sys; print('%d.%d' % sys.version_info[:2])";
    const version = await runCommand(python, ['-c', script], { env: process.env });
    // AWS's bootstrap does no more than this, but for the paths of layers, which the runner gives here.
    const bootstrap = await bootstrapFile(folder, 'python', `exec "${python}" -m awslambdaric "$_HANDLER"`);
    return {
      runtime: `python${version.stdout.trim()}`,
      package: functionPackage('python-cases'),
      layer: textPackage({ 'python/layered.py': "NAME = 'from a layer'\n" }),
      environment: { OVERTIME_BOOTSTRAP: bootstrap },
    };
  },
};
