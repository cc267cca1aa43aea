import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { Clock } from '../shared/clock';
import { parseFunctionName } from '../shared/function-name';
import type { Log } from '../shared/log';
import type { Environment } from '../shared/settings';
import { RunnerError } from './errors';
import { extensionFiles } from './extension-files';
import type { FetchedFunction } from './fetched-function';
import { functionCommand } from './function-command';
import type { FunctionDescription } from './function-description';
import { getFunction } from './function-lookup';
import type { PackageRoots } from './host/package-roots';
import { type Runtime, type StartProcess, startRuntime } from './runtime';
import { AWS_BOOTSTRAP, type RuntimeCandidates } from './runtime-command';
import { logStreamName, runtimeEnvironment } from './runtime-environment';
import { type RuntimeCommand, startRuntimeProcess } from './runtime-process';
import type { HostSettings } from './settings';
import { describeImage, digestOf, type ImageFunction } from './sidecar/image-function';
import { watchImageRuntime } from './sidecar/image-runtime';
import type { ImageContainer } from './sidecar/runtime-container';
import type { RuntimeSupervisor } from './sidecar/runtime-supervisor';
import { handedVariables } from './sidecar/start-text';
import type { Streams } from './streams';

export interface Surroundings {
  readonly environment: Environment;
  readonly clock: Clock;
  readonly log: Log;
  readonly streams: Streams;
  readonly interruption: AbortSignal;
  /** This process's Node.js, and the file of the bundled client that it can run. */
  readonly nodeFile: string;
  readonly nodeClientFile: string;
  /** A random id of this process. */
  readonly runnerId: string;
  /** The program of a thread that unpacks; without it there is none. */
  readonly unpackThreadSource: string | undefined;
}

/** Which function a runtime is started for. */
export interface Subject {
  readonly functionArn: string;
  /** Over the function's own variables of the same name. @default - its own alone */
  readonly variables?: Readonly<Record<string, string>>;
  /** What tells its log stream, as the function sees its name, from others: the run's id or the worker's. */
  readonly streamId: string;
}

export interface StartDeps {
  readonly settings: HostSettings;
  readonly subject: Subject;
  readonly surroundings: Surroundings;
  readonly candidates: RuntimeCandidates;
  /** The container of a zip function's runtimes; `undefined` where they are processes of the runner's own. */
  readonly supervisor: Promise<RuntimeSupervisor> | undefined;
  /** Called when ECS has begun to stop the task, where no signal says so. */
  readonly onStopping: () => void;
}

/** How a container-image function is looked up, which is all of its fetching: ECS has its image already. */
export function imageLookup(client: LambdaClient, container: ImageContainer) {
  return async (functionArn: string, signal: AbortSignal): Promise<ImageFunction> => {
    const described = describeImage(functionArn, await getFunction(client, functionArn, signal), container);
    if (described.kind === 'refused') {
      throw new RunnerError(described.code, described.message);
    }
    return described.description;
  };
}

/**
 * Starts the function where its task has it run: here, in a container of its runtime, or in one of its own image.
 *
 * @throws {RunnerError} when there is nothing that could be started
 */
export async function startFetched(deps: StartDeps, fetched: FetchedFunction, roots: PackageRoots): Promise<Runtime> {
  return 'container' in fetched ? startImage(deps, fetched.container) : startPackage(deps, fetched, roots);
}

async function startPackage(deps: StartDeps, fetched: FunctionDescription, roots: PackageRoots): Promise<Runtime> {
  const { settings, subject, surroundings, candidates, supervisor } = deps;
  const description = { ...fetched, variables: { ...fetched.variables, ...subject.variables } };
  const { taskRoot, layersRoot } = roots;
  const command = functionCommand(description, candidates, roots);
  // AWS's own bootstraps look for layers under /opt alone; for others they are told where.
  const findsLayers = command.file === AWS_BOOTSTRAP && layersRoot === settings.layersRoot;
  const environmentOf = (runtimeApiAddress: string, task: Environment) =>
    runtimeEnvironment({
      task,
      description,
      functionArn: subject.functionArn,
      taskRegion: settings.region,
      runtimeApiAddress,
      taskRoot,
      layersRoot,
      logStreamName: logStreamName(surroundings.clock(), description.version, subject.streamId),
      isAwsBootstrap: findsLayers,
    });
  const start = programStarter(deps, taskRoot);
  return startRuntime({
    ...commonOptions(deps),
    extensions: {
      files: extensionFiles(layersRoot),
      start: (file, address, environment) => start({ file, args: [] }, address, environment),
    },
    identity: {
      functionName: description.functionName,
      functionVersion: description.version,
      handler: description.handler,
      accountId: parseFunctionName(subject.functionArn)?.account ?? '',
    },
    environment: (address) =>
      supervisor === undefined
        ? environmentOf(address, surroundings.environment)
        : // Of the environment of its container the runner knows nothing, and has nothing to add to it.
          handedVariables(environmentOf(address, {}), description.variables),
    startProcess: (address, environment) => start(command, address, environment),
  });
}

type StartProgram = (command: RuntimeCommand, ...given: Parameters<StartProcess>) => ReturnType<StartProcess>;

/** What starts a program of a function's where the function runs. */
function programStarter({ settings, surroundings, supervisor }: StartDeps, taskRoot: string): StartProgram {
  const { workRoot } = settings;
  const { streams } = surroundings;
  return supervisor === undefined
    ? (command, _, environment) => startRuntimeProcess({ command, environment, taskRoot, workRoot, streams })
    : async (command, address, environment) =>
        (await supervisor).start(address, { command, environment, folder: taskRoot });
}

/**
 * A container-image function's extensions lie in its image, under /opt/extensions, and are not started: in Lambda the
 * service does that, and ECS starts one program of an image. To start others, a program of ours would have to be the
 * first in there, in an image that may have no shell, and would have to know the image's own entry point, which
 * Terraform's provider does not read. Nor can the runner see from its container whether there are any: so it is said in
 * the log each time, for who looks for what an extension should have sent.
 */
function startImage(deps: StartDeps, { runtimeApiPort, metadataUrl, imageUri }: ImageContainer) {
  const { subject, surroundings, onStopping } = deps;
  const { account = '', functionName = '' } = parseFunctionName(subject.functionArn) ?? {};
  surroundings.log.info('image.extensions-not-started', { folder: '/opt/extensions', imageUri });
  if (digestOf(imageUri) === undefined) {
    // Lambda goes on with the image that the tag named when the function was deployed.
    surroundings.log.warn('image.named-by-tag', { imageUri });
  }
  return startRuntime({
    ...commonOptions(deps),
    identity: { functionName, functionVersion: '$LATEST', handler: '', accountId: account },
    runtimeApiPort,
    environment: () => ({}),
    startProcess: async () => watchImageRuntime({ metadataUrl, log: surroundings.log, onStopping }),
  });
}

function commonOptions({ settings, surroundings }: StartDeps) {
  const { streams, clock } = surroundings;
  return { responseLimitBytes: settings.outputLimitBytes, streams, clock };
}
