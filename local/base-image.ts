import { chmod, copyFile, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runCommand } from './run-command';

export interface StandInBaseOptions {
  /** DOCKER_HOST of the engine that builds and keeps the image, such as `unix:///var/run/docker.sock`. */
  readonly dockerHost: string;
  readonly tag: string;
  /** The rest of the environment for the docker command, PATH above all. */
  readonly environment: NodeJS.ProcessEnv;
}

/** Where AWS's base images have their Node.js, and the runner's image expects it. */
const NODE_IN_IMAGE = 'var/lang/bin/node';

const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';

const DOCKERFILE = `FROM scratch
COPY root/ /
ENV PATH=/var/lang/bin LAMBDA_TASK_ROOT=/var/task LANG=en_US.UTF-8 SSL_CERT_FILE=${CERTIFICATES}
`;

/**
 * Builds an image that stands in for AWS's Node.js base image where no registry can be reached: this machine's
 * Node.js with the libraries that it loads, certificates, and the folders that the base image has. It has no shell,
 * and no runtime of AWS's.
 *
 * @throws {Error} when the engine cannot build it
 */
export async function buildStandInBase(options: StandInBaseOptions): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'overtime-base-'));
  try {
    await writeRoot(path.join(folder, 'root'), options.environment);
    await writeFile(path.join(folder, 'Dockerfile'), DOCKERFILE);
    const { exitCode, stderr } = await runCommand('docker', ['build', '--tag', options.tag, folder], {
      // The classic builder is the one that every engine has, and it needs no plugin.
      env: { ...options.environment, DOCKER_HOST: options.dockerHost, DOCKER_BUILDKIT: '0' },
    });
    if (exitCode !== 0) {
      throw new Error(`docker build of ${options.tag} ended with exit code ${exitCode}: ${stderr}`);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeRoot(root: string, environment: NodeJS.ProcessEnv): Promise<void> {
  const { stdout } = await runCommand('ldd', [process.execPath], { env: environment });
  for (const library of librariesOf(stdout)) {
    await copy(library, path.join(root, library));
  }
  await copy(process.execPath, path.join(root, NODE_IN_IMAGE));
  await copy(CERTIFICATES, path.join(root, CERTIFICATES));
  await mkdir(path.join(root, 'var/task'), { recursive: true });
  await mkdir(path.join(root, 'opt'), { recursive: true });
  await mkdir(path.join(root, 'tmp'), { recursive: true });
  // Writable for all, as /tmp is.
  await chmod(path.join(root, 'tmp'), 0o1777);
  await writeFile(path.join(root, 'etc/passwd'), 'root:x:0:0::/:/none\n');
}

async function copy(source: string, target: string): Promise<void> {
  await mkdir(path.dirname(target), { recursive: true });
  await copyFile(await realpath(source), target);
}

/** The files that `ldd` names: `libc.so.6 => /lib/libc.so.6 (0x...)`, and the loader without an arrow. */
export function librariesOf(lddOutput: string): readonly string[] {
  return lddOutput.split('\n').flatMap((line) => {
    const file = /(?:=>\s+|^\s*)(\/\S+)\s+\(0x/.exec(line)?.[1];
    return file === undefined ? [] : [file];
  });
}
