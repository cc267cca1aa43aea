import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { awsSender } from '../shared/delivery/aws/senders';
import type { Delivery } from '../shared/run';
import { optionalText } from '../shared/settings';
import { earlyLookUp } from './early-look-up';
import { fileState } from './file-state';
import { functionLookup } from './function-lookup';
import { heartbeatMilliseconds, type Pulse, startHeartbeats } from './heartbeats';
import { heartsOf } from './hearts';
import { packageRoots } from './host/package-roots';
import { removePackage } from './host/remove-package';
import { layerLookup } from './layer-lookup';
import { runLedger } from './ledger';
import { mountPoints } from './mount-points';
import { type OwnTask, readOwnTask } from './own-task';
import { fetchPackage } from './package/function-package';
import { bucketPayloads } from './payloads';
import { peakMemoryMiB, taskMemory } from './peak-memory';
import type { ProgramDeps } from './program';
import { readText } from './read-text';
import { deliveryRenewal } from './renewed-delivery';
import { AWS_BOOTSTRAP, type RuntimeCandidates } from './runtime-command';
import { functionRegion } from './runtime-environment';
import type { RunnerSettings } from './settings';
import { RuntimeSupervisor } from './sidecar/runtime-supervisor';
import { imageLookup, type Surroundings, startFetched } from './start-function';

/** A request that hangs is tried again. The payload may be large and the link slow, so S3 gets longer. */
const REQUEST_MILLISECONDS = 15_000;
const TRANSFER_MILLISECONDS = 120_000;

/** A heartbeat that hangs must not keep the next one from its time. */
const HEARTBEAT_MILLISECONDS = 5_000;
const HEARTBEAT_ATTEMPTS = 2;

function clientOptions({ region, maxAttempts }: RunnerSettings, requestTimeout: number) {
  const requestHandler = { connectionTimeout: 5_000, requestTimeout, throwOnRequestTimeout: true };
  return { region, maxAttempts, requestHandler };
}

/** Joins the parts to one program. AWS_ENDPOINT_URL and its like are read by the clients themselves. */
export function assemble(settings: RunnerSettings, surroundings: Surroundings): ProgramDeps {
  const { environment, clock, log, unpackThreadSource } = surroundings;
  const { run, region, taskRoot, layersRoot, workRoot, runtimeContainer } = settings;
  const dynamoDB = new DynamoDBClient(clientOptions(settings, REQUEST_MILLISECONDS));
  const lambda = new LambdaClient({
    ...clientOptions(settings, REQUEST_MILLISECONDS),
    region: functionRegion(run.functionArn, region),
  });
  const ownEndpoint = optionalText(environment, 'AWS_ENDPOINT_URL_S3') ?? optionalText(environment, 'AWS_ENDPOINT_URL');
  // Another endpoint than AWS's has no name for each bucket.
  const forcePathStyle = ownEndpoint !== undefined;
  const payloads = bucketPayloads(async () => {
    const { openBucket } = await import('./bucket');
    return openBucket({ ...clientOptions(settings, TRANSFER_MILLISECONDS), forcePathStyle });
  });
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
  const stopping = new AbortController();
  let asked: Promise<OwnTask | undefined> | undefined;
  const ownTask = () => {
    asked ??= readOwnTask(optionalText(environment, 'ECS_CONTAINER_METADATA_URI_V4'), log);
    return asked;
  };
  const ledger = runLedger(dynamoDB, {
    tableName: settings.ledgerTable,
    runId: run.runId,
    attempt: run.attempt,
    runnerId: surroundings.runnerId,
    readTaskArn: async () => (await ownTask())?.taskArn,
  });
  return {
    settings,
    clock,
    log,
    interruption: AbortSignal.any([surroundings.interruption, stopping.signal]),
    print: (line) => surroundings.streams.writeLine(line, 'stdout'),
    ledger,
    readInput: payloads.read,
    writeOutput: payloads.write,
    readMemory: async () => taskMemory(peakMemoryMiB(readText), (await ownTask())?.memorySizeMiB),
    fetchText: (pointer) => payloads.read({ s3: pointer }, new AbortController().signal),
    send: awsSender({ ...clientOptions(settings, REQUEST_MILLISECONDS), forcePathStyle }),
    startHeartbeats: (delivery) => {
      const options = { ...clientOptions(settings, HEARTBEAT_MILLISECONDS), maxAttempts: HEARTBEAT_ATTEMPTS };
      const pulseOf = (to: Delivery): Pulse => ({
        hearts: heartsOf(options, to),
        intervalMilliseconds: heartbeatMilliseconds(to.heartbeatSeconds),
      });
      const renewal = deliveryRenewal(delivery, ledger);
      const renew = async () => {
        const renewed = await renewal();
        return renewed === undefined ? undefined : pulseOf(renewed);
      };
      return startHeartbeats(pulseOf(delivery), renew, log);
    },
    beginLookUp: () => (image ?? zip).begin(run.functionArn),
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
      startFetched(
        { settings, surroundings, candidates, supervisor, onStopping: () => stopping.abort() },
        fetched,
        roots,
      ),
  };
}
