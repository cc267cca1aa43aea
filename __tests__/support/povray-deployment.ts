import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CACHE_DIRECTORY } from '../../local/cache-directory';
import { toolEnvironment } from '../../local/environment';
import { type LocalAws, startLocalAws } from '../../local/local-aws';
import { findProviderSource } from '../../local/provider-mirror';
import { provideRunnerImages } from '../../local/runner-images';
import { type TerraformOptions, terraformApply, terraformInit, terraformOutputs } from '../../local/terraform';
import { type FaultProxy, startFaultProxy } from './fault-proxy';

const ROOT = path.resolve(__dirname, '../..');
const EXAMPLE = 'examples/povray';
const HOST_ARCHITECTURE = process.arch === 'arm64' ? 'arm64' : 'x86_64';

/** How long a worker that finds nothing to do stays. */
const IDLE_SECONDS = 5;
/** A message comes back 10 s after its worker was killed, the least that there is. */
const HEARTBEAT_SECONDS = 2;
export const MAX_RECEIVE_COUNT = 4;

export interface PovrayDeployment {
  readonly aws: LocalAws;
  /** Between the emulator and the dispatcher and workers; the test itself goes around it. */
  readonly proxy: FaultProxy;
  readonly terraform: TerraformOptions;
  readonly output: (name: string) => string;
  /** Where the workers put the files of their jobs. */
  readonly workRoot: string;
  readonly stop: () => Promise<void>;
}

/**
 * What of the example is another here: its command, as the image's is not on this machine; no volume, as processes have
 * none; and times that a test can wait for.
 *
 * @throws {Error} where the example has not what is to be replaced
 */
async function adapt(main: string, command: string, workRoot: string): Promise<void> {
  const environment = `{ OVERTIME_WORK_ROOT = "${workRoot}", OVERTIME_HEARTBEAT_SECONDS = "${HEARTBEAT_SECONDS}" }`;
  const replacements: readonly (readonly [string, string])[] = [
    ['["/overtime/render"]', `["${command}"]`],
    ['  read_only_root = true\n', `  environment = ${environment}\n`],
    ['idle_seconds        = 60', `idle_seconds = ${IDLE_SECONDS}`],
    ['max_receive_count    = 2', `max_receive_count = ${MAX_RECEIVE_COUNT}`],
  ];
  let text = await readFile(main, 'utf8');
  for (const [from, to] of replacements) {
    if (!text.includes(from)) {
      throw new Error(`${EXAMPLE}/main.tf has no longer ${from}`);
    }
    text = text.replace(from, to);
  }
  await writeFile(main, text);
}

/** Deploys examples/povray to a local AWS, with workers that are processes and run a script in place of render. */
export async function startPovrayDeployment(script: string): Promise<PovrayDeployment> {
  const proxies: FaultProxy[] = [];
  const aws = await startLocalAws({
    images: {},
    backend: 'processes',
    onProgress: () => undefined,
    frontDoor: async (endpoint) => {
      const proxy = await startFaultProxy(endpoint);
      proxies.push(proxy);
      return proxy.endpoint;
    },
  });
  const folder = await mkdtemp(path.join(tmpdir(), 'overtime-povray-'));
  const proxy = proxies.at(-1);
  const stop = async () => {
    await aws.stop();
    await Promise.all(proxies.map((each) => each.close()));
    await rm(folder, { recursive: true, force: true });
  };
  try {
    if (proxy === undefined) {
      throw new Error('The local AWS has no front door.');
    }
    const workRoot = path.join(folder, 'work');
    const command = path.join(folder, 'work-on-object');
    await mkdir(workRoot);
    await writeFile(command, script);
    await chmod(command, 0o755);
    for (const each of ['modules', EXAMPLE]) {
      await cp(path.join(ROOT, each), path.join(folder, each), { recursive: true });
    }
    await adapt(path.join(folder, EXAMPLE, 'main.tf'), command, workRoot);
    const { cliConfigFile } = await findProviderSource(CACHE_DIRECTORY, process.env);
    const terraform = {
      directory: path.join(folder, EXAMPLE),
      env: toolEnvironment(process.env, {
        ...aws.adminEnvironment,
        TF_CLI_CONFIG_FILE: cliConfigFile,
        TF_VAR_architecture: HOST_ARCHITECTURE,
      }),
    };
    await terraformInit(terraform);
    await terraformApply(terraform);
    const outputs = await terraformOutputs(terraform);
    const output = (name: string) => String(outputs[name]);
    const image = `${output('image_repository_url')}:povray-${HOST_ARCHITECTURE}`;
    await provideRunnerImages(aws, [image], { onProgress: () => undefined });
    return { aws, proxy, terraform, output, workRoot, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
