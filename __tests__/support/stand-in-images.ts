import { chmod, copyFile, cp, mkdir, mkdtemp, readdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { buildStandInBase, librariesOf } from '../../local/base-image';
import { CACHE_DIRECTORY } from '../../local/cache-directory';
import { providePython } from '../../local/python-environment';
import { runCommand } from '../../local/run-command';
import { functionFolder } from './function-package';
import { runnerBundle } from './runner-bundle';

// What stands in for AWS's public base images, and for a user's own, where no registry can be reached: FROM scratch, with
// programs of this machine, and as much of AWS's layout as the tasks use.

/** The engine's socket, and the rest of the environment for the docker command. */
export interface Engine {
  readonly dockerHost: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** The programs of AWS's images that supervise-runtimes.sh and the runner need, but for a shell. */
const TOOLS = ['/usr/bin/sleep', '/usr/bin/mkfifo', '/usr/bin/env'];

/** This machine's Node.js alone. It stays as a build cache. */
const BASE = 'overtime-stand-in.invalid/base:latest';

const PATHS = 'ENV PATH=/var/lang/bin:/usr/bin:/bin';

/** AWS's image for Node.js: a shell, the SDK of its runtime, and a bootstrap, for which ours stands in. */
export async function buildNodeStandIn(tag: string, engine: Engine): Promise<void> {
  await buildStandInBase({ dockerHost: engine.dockerHost, tag: BASE, environment: engine.environment });
  await buildFrom(tag, engine, [`FROM ${BASE}`, PATHS, 'COPY root/ /'], async (root) => {
    await copyPrograms(['/bin/sh', ...TOOLS], root);
    await build({
      stdin: { contents: "export * from '@aws-sdk/client-s3'", resolveDir: __dirname },
      bundle: true,
      platform: 'node',
      format: 'cjs',
      outfile: path.join(root, 'var/runtime/node_modules/@aws-sdk/client-s3/index.js'),
      logLevel: 'silent',
    });
    const { nodeClientFile } = await runnerBundle();
    await copyFile(nodeClientFile, path.join(root, 'var/runtime/client.js'));
    await writeBootstrap(root, 'exec /var/lang/bin/node /var/runtime/client.js');
  });
}

/**
 * AWS's image for Python: this machine's Python with AWS's own client, and Bash for a shell, as AWS has it.
 *
 * @returns its version, such as 3.13
 */
export async function buildPythonStandIn(tagOf: (version: string) => string, engine: Engine): Promise<string> {
  const python = await providePython({
    cacheDirectory: CACHE_DIRECTORY,
    env: process.env,
    onProgress: () => undefined,
    requirementsFile: path.resolve(__dirname, 'python-client/requirements.txt'),
  });
  const { stdout } = await runCommand(
    python,
    [
      '-c',
      "import sys, sysconfig; print('%d.%d' % sys.version_info[:2], sysconfig.get_path('stdlib'), sysconfig.get_path('purelib'), sep='\\n')",
    ],
    { env: process.env },
  );
  const [version = '', library = '', packages = ''] = stdout.trim().split('\n');
  const program = await realpath(python);
  await buildFrom(tagOf(version), engine, ['FROM scratch', PATHS, 'COPY root/ /'], async (root) => {
    await copyPrograms([...TOOLS, '/bin/bash', program], root);
    await symlink('bash', path.join(root, 'bin/sh'));
    await cp(library, path.join(root, library), { recursive: true, filter: isNeeded });
    await cp(packages, path.join(root, packages), { recursive: true });
    await copyLibrariesOf(path.join(library, 'lib-dynload'), root);
    await copyLibrariesOf(packages, root);
    await writeBootstrap(root, `export PYTHONPATH=${packages}\nexec ${program} -m awslambdaric "$_HANDLER"`);
  });
  return version;
}

/** A user's own image without a shell, whose program is our Node.js client. */
export async function buildFunctionImage(tag: string, engine: Engine): Promise<void> {
  await buildStandInBase({ dockerHost: engine.dockerHost, tag: BASE, environment: engine.environment });
  const lines = [
    `FROM ${BASE}`,
    'COPY root/ /',
    'ENTRYPOINT ["/var/lang/bin/node", "/client.js"]',
    'CMD ["none.such"]',
  ];
  await buildFrom(tag, engine, lines, async (root) => {
    const { nodeClientFile } = await runnerBundle();
    await copyFile(nodeClientFile, path.join(root, 'client.js'));
    await cp(functionFolder('container-cases'), path.join(root, 'var/task'), { recursive: true });
  });
}

/** What the image of the POV-Ray demo runs while it is built, and what its program does. */
const DEBIAN_TOOLS = [
  'chgrp',
  'chmod',
  'chown',
  'env',
  'find',
  'grep',
  'head',
  'mkdir',
  'printf',
  'rm',
  'sed',
  'sh',
  'sleep',
  'sort',
  'tail',
  'tr',
];

/** POV-Ray's own files, as Debian has them; %INSTALLDIR% of its povray.conf. */
const POVRAY_FOLDERS = ['/usr/share/povray-3.7/include', '/etc/povray'];

/** Debian with POV-Ray, of this machine's programs: its apt-get finds it all there already. */
export async function buildDebianStandIn(tag: string, engine: Engine): Promise<void> {
  await buildFrom(tag, engine, ['FROM scratch', 'ENV PATH=/usr/bin:/bin', 'COPY root/ /'], async (root) => {
    await copyPrograms(
      [...DEBIAN_TOOLS, 'povray'].map((name) => `/usr/bin/${name}`),
      root,
    );
    // The runner's Node.js, which is copied from another image, loads these.
    await copyLibraries(process.execPath, root);
    await mkdir(path.join(root, 'bin'), { recursive: true });
    await symlink('../usr/bin/sh', path.join(root, 'bin/sh'));
    for (const folder of POVRAY_FOLDERS) {
      await cp(folder, path.join(root, folder), { recursive: true });
    }
    await writeFile(path.join(root, 'usr/bin/apt-get'), '#!/bin/sh\n', { mode: 0o755 });
    await chmod(path.join(root, 'tmp'), 0o1777);
  });
}

async function buildFrom(
  tag: string,
  { dockerHost, environment }: Engine,
  dockerfile: readonly string[],
  writeRoot: (root: string) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'overtime-stand-in-'));
  try {
    const root = path.join(folder, 'root');
    // Root's, and for everybody to read, whatever mkdtemp's own folder is.
    await mkdir(path.join(root, 'tmp'), { recursive: true });
    await writeRoot(root);
    await writeFile(path.join(folder, 'Dockerfile'), dockerfile.join('\n'));
    const { exitCode, stderr } = await runCommand('docker', ['build', '--tag', tag, folder], {
      env: { ...environment, DOCKER_HOST: dockerHost, DOCKER_BUILDKIT: '0' },
    });
    if (exitCode !== 0) {
      throw new Error(`docker build of ${tag} ended with exit code ${exitCode}: ${stderr}`);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeBootstrap(root: string, command: string): Promise<void> {
  const file = path.join(root, 'var/runtime/bootstrap');
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `#!/bin/sh\n${command}\n`, { mode: 0o755 });
}

async function copyPrograms(programs: readonly string[], root: string): Promise<void> {
  for (const program of programs) {
    await copyInto(root, program);
    await copyLibraries(program, root);
  }
}

async function copyLibrariesOf(folder: string, root: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.endsWith('.so')) {
      await copyLibraries(path.join(folder, name), root);
    }
  }
}

async function copyLibraries(program: string, root: string): Promise<void> {
  const { stdout } = await runCommand('ldd', [program], { env: process.env });
  for (const library of librariesOf(stdout)) {
    await copyInto(root, library);
  }
}

async function copyInto(root: string, file: string): Promise<void> {
  const target = path.join(root, file);
  await mkdir(path.dirname(target), { recursive: true });
  await copyFile(await realpath(file), target);
}

/** The tests of Python's own library are most of it. */
function isNeeded(file: string): boolean {
  return !/\/(test|tests|idlelib|tkinter|ensurepip|site-packages|config-[^/]*|__pycache__)$/.test(file);
}
