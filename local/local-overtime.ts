import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { DescribeTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { deployment } from '../deployment';
import type { Deployment } from '../stacks/deployment';
import { BASE_IMAGES } from './base-images';
import { CACHE_DIRECTORY } from './cache-directory';
import { type Clients, localClients } from './clients';
import { type DeployedStack, deploy, destroy, planChanges } from './deploy';
import { toolEnvironment } from './environment';
import { type LocalAws, type LocalAwsOptions, startLocalAws } from './local-aws';
import { findProviderSource } from './provider-mirror';
import { provideRunnerImages } from './runner-images';
import type { BackendChoice } from './start-options';

export interface LocalOvertime {
  readonly aws: LocalAws;
  /** Clients of the local account's administrator. */
  readonly clients: Clients;
  readonly stacks: readonly DeployedStack[];
  /** Name of the deployed starter. */
  readonly starter: string;
  /** Holds the synthesised stacks and Terraform's state. */
  readonly directory: string;
  /** What a shell needs for `terraform` and `aws` to reach the local account. */
  readonly shellEnvironment: Readonly<Record<string, string>>;
  /** Names of the stacks that a plan would change now, with Terraform's words. */
  readonly planChanges: () => Promise<Readonly<Record<string, string>>>;
  /** Terraform destroys every stack; the local AWS stays up. */
  readonly destroy: () => Promise<void>;
  /** Takes everything down. May be called more than once. */
  readonly stop: () => Promise<void>;
}

export interface LocalOvertimeOptions {
  readonly backend: BackendChoice;
  readonly onProgress: (line: string) => void;
  readonly signal?: AbortSignal;
  readonly frontDoor?: LocalAwsOptions['frontDoor'];
  /**
   * What the runner module is to have besides; called when the account is there.
   *
   * @default - nothing
   */
  readonly runnerProps?: (aws: LocalAws, clients: Clients) => Promise<RunnerModule>;
  /**
   * Settings of the starter's module.
   *
   * @default - those of deployment.ts
   */
  readonly starter?: Deployment['modules']['starter'];
  /**
   * Settings of the scheduler's module; its tasks run where tasks are processes.
   *
   * @default - there is none
   */
  readonly scheduler?: Deployment['modules']['scheduler'];
  /**
   * Settings of the activities' module.
   *
   * @default - there is none
   */
  readonly activities?: Deployment['modules']['activities'];
}

type RunnerModule = NonNullable<Deployment['modules']['runner']>;

/**
 * The deployment as it is shipped, but for where Terraform keeps its state, that destroying it takes all outputs, and
 * that tasks have one container: AWS's base images are out of reach, and processes share no volumes.
 */
function localDeployment(
  region: string,
  stateDirectory: string,
  props: RunnerModule,
  { starter: starterSettings, scheduler, activities }: LocalOvertimeOptions,
): Deployment {
  const runner: RunnerModule = {
    ...deployment.modules.runner,
    runnerImages: 'repository',
    payloadBucketForceDestroy: true,
    ...props,
  };
  const starter = { ...deployment.modules.starter, ...starterSettings };
  return {
    ...deployment,
    region,
    backend: { kind: 'local', directory: stateDirectory },
    modules: {
      ...deployment.modules,
      runner,
      starter,
      ...(scheduler === undefined ? {} : { scheduler }),
      ...(activities === undefined ? {} : { activities }),
    },
  };
}

/** Starts a local AWS, deploys the real stacks to it, and gives its tasks the runner's images. */
export async function startLocalOvertime(options: LocalOvertimeOptions): Promise<LocalOvertime> {
  const { onProgress } = options;
  const abortable = options.signal === undefined ? {} : { signal: options.signal };
  const front = options.frontDoor === undefined ? {} : { frontDoor: options.frontDoor };
  const aws = await startLocalAws({
    images: BASE_IMAGES,
    backend: options.backend,
    onProgress,
    ...abortable,
    ...front,
  });
  try {
    const directory = path.join(aws.workDirectory, 'terraform');
    await mkdir(directory, { recursive: true });
    const { cliConfigFile } = await findProviderSource(CACHE_DIRECTORY, process.env);
    const shellEnvironment = { ...aws.adminEnvironment, TF_CLI_CONFIG_FILE: cliConfigFile };
    const terraform = { env: toolEnvironment(process.env, shellEnvironment), onProgress, ...abortable };
    const clients = localClients(aws.adminEnvironment);
    const props = (await options.runnerProps?.(aws, clients)) ?? {};
    const chosen = localDeployment(aws.region, directory, props, options);
    const stacks = await deploy({ ...terraform, directory, deployment: chosen });
    const images = props.runnerImages === 'public' ? [] : await imagesOf(clients, stacks);
    const provided = await provideRunnerImages(aws, images, { onProgress, ...abortable });
    return {
      aws,
      clients,
      stacks,
      starter: textOutput(stacks, 'starter', 'function_name'),
      directory,
      shellEnvironment,
      planChanges: () => planChanges(stacks, terraform),
      destroy: () => destroy(stacks, terraform),
      stop: async () => {
        await aws.stop();
        await provided.remove();
      },
    };
  } catch (error) {
    await aws.stop();
    throw error;
  }
}

function output(stacks: readonly DeployedStack[], stack: string, name: string): unknown {
  const value = stacks.find((candidate) => candidate.name === stack)?.outputs[name];
  if (value === undefined) {
    throw new Error(`The stack ${stack} has no output ${name}.`);
  }
  return value;
}

export function textOutput(stacks: readonly DeployedStack[], stack: string, name: string): string {
  return String(output(stacks, stack, name));
}

/** The image of every deployed task definition. */
async function imagesOf(clients: Clients, stacks: readonly DeployedStack[]): Promise<readonly string[]> {
  const definitions = output(stacks, 'runner', 'task_definitions') as readonly { readonly family: string }[];
  const images = await Promise.all(
    definitions.map(async ({ family }) => {
      const { taskDefinition } = await clients.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: family }));
      return (taskDefinition?.containerDefinitions ?? []).flatMap(({ image }) => (image === undefined ? [] : [image]));
    }),
  );
  return [...new Set(images.flat())];
}
