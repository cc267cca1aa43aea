import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type LocalAws, startLocalAws } from '../../local/local-aws';
import { provideRunnerImages } from '../../local/runner-images';
import { type TerraformOptions, terraformApply, terraformInit, terraformOutputs } from '../../local/terraform';
import { copyExample, type ExampleCopy } from './example-copy';
import { type FaultProxy, startFaultProxy } from './fault-proxy';

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
 */
function adapted(command: string, workRoot: string): Parameters<ExampleCopy['replace']>[0] {
  const environment = `{ OVERTIME_WORK_ROOT = "${workRoot}", OVERTIME_HEARTBEAT_SECONDS = "${HEARTBEAT_SECONDS}" }`;
  return [
    ['["/overtime/render"]', `["${command}"]`],
    ['  read_only_root = true\n', `  environment = ${environment}\n`],
    ['idle_seconds        = 60', `idle_seconds = ${IDLE_SECONDS}`],
    ['max_receive_count    = 2', `max_receive_count = ${MAX_RECEIVE_COUNT}`],
  ];
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
  let example: ExampleCopy | undefined;
  const proxy = proxies.at(-1);
  const stop = async () => {
    await aws.stop();
    await Promise.all(proxies.map((each) => each.close()));
    await example?.remove();
  };
  try {
    if (proxy === undefined) {
      throw new Error('The local AWS has no front door.');
    }
    example = await copyExample(EXAMPLE, { ...aws.adminEnvironment, TF_VAR_architecture: HOST_ARCHITECTURE });
    const { folder, terraform } = example;
    const workRoot = path.join(folder, 'work');
    const command = path.join(folder, 'work-on-object');
    await mkdir(workRoot);
    await writeFile(command, script);
    await chmod(command, 0o755);
    await example.replace(adapted(command, workRoot));
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
