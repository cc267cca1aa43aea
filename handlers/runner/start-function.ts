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
import { type Runtime, startRuntime } from './runtime';
import { AWS_BOOTSTRAP, type RuntimeCandidates } from './runtime-command';
import { logStreamName, runtimeEnvironment } from './runtime-environment';
import { startRuntimeProcess } from './runtime-process';
import type { HostSettings } from './settings';
import { describeImage, type ImageFunction } from './sidecar/image-function';
import { watchImageRuntime } from './sidecar/image-runtime';
import { startPackagedRuntime } from './sidecar/packaged-runtime';
import type { ImageContainer } from './sidecar/runtime-container';
import { handedVariables, startText } from './sidecar/start-text';
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
  /** Called when ECS has begun to stop the task, where no signal says so. */
  readonly onStopping: () => void;
}

/** How a container-image function is looked up and fetched, which is the same: ECS has its image already. */
export function imageSource(client: LambdaClient, container: ImageContainer) {
  const fetchImage = async (functionArn: string, signal: AbortSignal): Promise<ImageFunction> => {
    const described = describeImage(functionArn, await getFunction(client, functionArn, signal), container);
    if (described.kind === 'refused') {
      throw new RunnerError(described.code, described.message);
    }
    return described.description;
  };
  return {
    lookUp: fetchImage,
    fetchPackage: (functionArn: string, _roots: PackageRoots, signal: AbortSignal) => fetchImage(functionArn, signal),
  };
}

/**
 * Starts the function where its task has it run: here, in a container of its runtime, or in one of its own image.
 *
 * @throws {RunnerError} when there is nothing that could be started
 */
export async function startFetched(deps: StartDeps, fetched: FetchedFunction, roots: PackageRoots): Promise<Runtime> {
  return 'container' in fetched ? startImage(deps, fetched.container, roots) : startPackage(deps, fetched, roots);
}

async function startPackage(deps: StartDeps, fetched: FunctionDescription, roots: PackageRoots): Promise<Runtime> {
  const { settings, subject, surroundings, candidates } = deps;
  const description = { ...fetched, variables: { ...fetched.variables, ...subject.variables } };
  const { taskRoot, layersRoot } = roots;
  const { workRoot, runtimeContainer } = settings;
  const command = functionCommand(description, candidates, roots);
  const { streams } = surroundings;
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
  const isElsewhere = runtimeContainer?.kind === 'package';
  return startRuntime({
    ...commonOptions(deps, roots),
    extensionFiles: extensionFiles(layersRoot),
    identity: {
      functionName: description.functionName,
      functionVersion: description.version,
      handler: description.handler,
      accountId: parseFunctionName(subject.functionArn)?.account ?? '',
    },
    ...(isElsewhere ? { runtimeApiPort: runtimeContainer.runtimeApiPort } : {}),
    environment: (address) => environmentOf(address, surroundings.environment),
    startProcess: (address, environment) => {
      if (!isElsewhere) {
        return startRuntimeProcess({ command, environment, taskRoot, workRoot, streams });
      }
      // Of the environment of its container the runner knows nothing, and has nothing to add to it.
      const variables = handedVariables(environmentOf(address, {}), description.variables);
      return startPackagedRuntime(runtimeContainer.controlRoot, startText(command, variables));
    },
  });
}

/** A container-image function's extensions lie in its image, and nobody starts them there. */
function startImage(deps: StartDeps, { runtimeApiPort, metadataUrl }: ImageContainer, roots: PackageRoots) {
  const { subject, surroundings, onStopping } = deps;
  const { account = '', functionName = '' } = parseFunctionName(subject.functionArn) ?? {};
  return startRuntime({
    ...commonOptions(deps, roots),
    extensionFiles: [],
    identity: { functionName, functionVersion: '$LATEST', handler: '', accountId: account },
    runtimeApiPort,
    environment: () => ({}),
    startProcess: async () => watchImageRuntime({ metadataUrl, log: surroundings.log, onStopping }),
  });
}

function commonOptions({ settings, surroundings }: StartDeps, { taskRoot }: PackageRoots) {
  const { streams, clock } = surroundings;
  return { taskRoot, workRoot: settings.workRoot, responseLimitBytes: settings.outputLimitBytes, streams, clock };
}
