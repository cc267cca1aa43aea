import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import type { ImageProgram } from '../../local/docker-api/image-catalogue';
import { runCommand } from '../../local/run-command';

/** The image that task definitions of the tests name. */
export const PROBE_IMAGE = 'overtime-test/probe:1';

/** Bundles `tasks/probe.ts` into the folder. @returns the bundle's path */
export async function bundleProbe(directory: string): Promise<string> {
  const outfile = path.join(directory, 'probe.js');
  await build({
    entryPoints: [path.join(__dirname, 'tasks/probe.ts')],
    bundle: true,
    platform: 'node',
    target: 'node20',
    outfile,
  });
  return outfile;
}

/** Bundles a function of `tasks/`, the SDK with it. @returns the text of its index.mjs */
export async function bundleFunction(directory: string, source: string): Promise<string> {
  const outfile = path.join(directory, 'index.mjs');
  await build({
    entryPoints: [path.join(__dirname, 'tasks', source)],
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    // The SDK's CommonJS parts ask for Node's modules at run time.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    outfile,
  });
  return readFileSync(outfile, 'utf8');
}

/** The probe where tasks are processes. */
export function probeProgram(bundle: string): ImageProgram {
  return { entrypoint: [process.execPath, bundle], environment: { PROBE_IMAGE_SAYS: 'hello', NODE_NO_WARNINGS: '1' } };
}

/** The probe where tasks are containers: this machine's Node.js and the libraries that it needs, and nothing else. */
export async function buildProbeImage(bundle: string, dockerHost: string): Promise<void> {
  const context = mkdtempSync(path.join(tmpdir(), 'overtime-probe-image-'));
  try {
    const libraries = await runCommand('ldd', [process.execPath], { env: process.env });
    const files = [...libraries.stdout.matchAll(/(\/\S+) \(0x/g)].flatMap(([, file]) =>
      file === undefined ? [] : [file],
    );
    for (const file of files) {
      const copy = path.join(context, 'root', file);
      mkdirSync(path.dirname(copy), { recursive: true });
      cpSync(realpathSync(file), copy);
    }
    cpSync(realpathSync(process.execPath), path.join(context, 'root/node'));
    cpSync(bundle, path.join(context, 'root/probe.js'));
    writeFileSync(
      path.join(context, 'Dockerfile'),
      'FROM scratch\nCOPY root /\nENV PROBE_IMAGE_SAYS=hello NODE_NO_WARNINGS=1\nENTRYPOINT ["/node", "/probe.js"]\n',
    );
    const built = await runCommand('docker', ['build', '--quiet', '--tag', PROBE_IMAGE, context], {
      env: { ...process.env, DOCKER_HOST: dockerHost, DOCKER_BUILDKIT: '0' },
    });
    if (built.exitCode !== 0) {
      throw new Error(`docker build ended with ${built.exitCode}: ${built.stderr}`);
    }
  } finally {
    rmSync(context, { recursive: true });
  }
}
