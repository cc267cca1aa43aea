import { LambdaClient } from '@aws-sdk/client-lambda';
import { type Environment, optionalText } from '../shared/settings';
import { earlyLookUp } from './early-look-up';
import { fileState } from './file-state';
import { functionLookup } from './function-lookup';
import type { HostDeps } from './host/function-host';
import { packageRoots } from './host/package-roots';
import { removePackage } from './host/remove-package';
import { layerLookup } from './layer-lookup';
import { mountPoints } from './mount-points';
import { fetchPackage } from './package/function-package';
import { bucketPayloads } from './payloads';
import { AWS_BOOTSTRAP, type RuntimeCandidates } from './runtime-command';
import { functionRegion } from './runtime-environment';
import type { HostSettings } from './settings';
import { RuntimeSupervisor } from './sidecar/runtime-supervisor';
import { imageLookup, type Subject, type Surroundings, startFetched } from './start-function';

/** A request that hangs is tried again. */
export const REQUEST_MILLISECONDS = 15_000;

/** A payload may be large and the link slow, so S3 gets longer than the others. */
const TRANSFER_MILLISECONDS = 120_000;

/** What every client is made with. AWS_ENDPOINT_URL and its like are read by the clients themselves. */
export function clientOptions({ region, maxAttempts }: HostSettings, requestTimeout: number) {
  const requestHandler = { connectionTimeout: 5_000, requestTimeout, throwOnRequestTimeout: true };
  return { region, maxAttempts, requestHandler };
}

/** A heartbeat that hangs must not keep the next one from its time. */
export function heartbeatOptions(settings: HostSettings) {
  return { ...clientOptions(settings, 5_000), maxAttempts: 2 };
}

/** The client that looks up a function and its layers, in the function's Region. */
export function lambdaClient(settings: HostSettings, functionArn: string): LambdaClient {
  return new LambdaClient({
    ...clientOptions(settings, REQUEST_MILLISECONDS),
    region: functionRegion(functionArn, settings.region),
  });
}

/** Whether S3 is reached through another endpoint than AWS's, which has no name for each bucket. */
function isPathStyle(environment: Environment): boolean {
  const ownEndpoint = optionalText(environment, 'AWS_ENDPOINT_URL_S3') ?? optionalText(environment, 'AWS_ENDPOINT_URL');
  return ownEndpoint !== undefined;
}

/** A download that fails is tried again by who asked for it, and then by the queue. */
const DOWNLOAD_TRIES = 3;

/** As many parts of an object are on their way at once. */
const CONNECTIONS_PER_OBJECT = 4;

/** What the clients of S3 are made with that bring so many objects in, and their outputs out, side by side. */
export function objectClientOptions(settings: HostSettings, environment: Environment, objects: number) {
  const { requestHandler, ...options } = clientOptions(settings, TRANSFER_MILLISECONDS);
  const agent = { keepAlive: true, maxSockets: CONNECTIONS_PER_OBJECT * objects };
  const shared = {
    ...options,
    forcePathStyle: isPathStyle(environment),
    requestHandler: { ...requestHandler, httpAgent: agent, httpsAgent: agent },
  };
  return { get: { ...shared, maxAttempts: Math.min(DOWNLOAD_TRIES, settings.maxAttempts) }, put: shared };
}

/** Inputs and outputs that lie in the payload bucket. */
export function assemblePayloads(settings: HostSettings, environment: Environment) {
  const forcePathStyle = isPathStyle(environment);
  const payloads = bucketPayloads(async () => {
    const { openBucket } = await import('./bucket');
    return openBucket({ ...clientOptions(settings, TRANSFER_MILLISECONDS), forcePathStyle });
  });
  return { payloads, forcePathStyle };
}

/** Joins what fetches a function and starts its runtimes. */
export function assembleHost(
  settings: HostSettings,
  subject: Subject,
  surroundings: Surroundings,
  onStopping: () => void,
): HostDeps & { readonly beginLookUp: () => void } {
  const { clock, log, unpackThreadSource } = surroundings;
  const { taskRoot, layersRoot, workRoot, runtimeContainer } = settings;
  const lambda = lambdaClient(settings, subject.functionArn);
  const candidates: RuntimeCandidates = {
    bootstrap: settings.bootstrap,
    taskRuntime: settings.runtime,
    // The container of a zip function's runtime is AWS's own base image.
    hasAwsBootstrap: runtimeContainer?.kind === 'package' || fileState(AWS_BOOTSTRAP, process.arch) !== 'absent',
    mountPoints: mountPoints(),
    architecture: process.arch === 'arm64' ? 'arm64' : 'x86_64',
    nodeFile: surroundings.nodeFile,
    nodeClientFile: surroundings.nodeClientFile,
  };
  // At once: until the pipes are there, the other container looks for them now and then.
  const supervisor =
    runtimeContainer?.kind === 'package' ? RuntimeSupervisor.open(runtimeContainer.controlRoot) : undefined;
  // Whoever starts a runtime hears of it.
  supervisor?.catch(() => undefined);
  // Both containers of a task with two see what lies there.
  const laterRoot = runtimeContainer?.kind === 'package' ? runtimeContainer.controlRoot : workRoot;
  const zip = earlyLookUp(functionLookup(lambda, candidates));
  const image = runtimeContainer?.kind === 'image' ? earlyLookUp(imageLookup(lambda, runtimeContainer)) : undefined;
  const lookUpLayer = layerLookup(lambda);
  return {
    clock,
    log,
    beginLookUp: () => (image ?? zip).begin(subject.functionArn),
    lookUp: (image ?? zip).lookUp,
    fetchPackage: (functionArn, roots, signal) =>
      // ECS has the image of a container-image function already.
      image === undefined
        ? fetchPackage(
            { lookUp: zip.lookUp, lookUpLayer, clock, log, workRoot, unpackThreadSource, ...roots },
            functionArn,
            signal,
          )
        : image.lookUp(functionArn, signal),
    rootsOf: (generation) => packageRoots({ taskRoot, layersRoot }, laterRoot, generation),
    removePackage,
    startRuntime: async (fetched, roots) =>
      startFetched({ settings, subject, surroundings, candidates, supervisor, onStopping }, fetched, roots),
  };
}
