import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import type { Clock } from '../shared/clock';
import { awsSender } from '../shared/delivery/aws/senders';
import { parseFunctionName } from '../shared/function-name';
import type { Log } from '../shared/log';
import { type Environment, optionalText } from '../shared/settings';
import { extensionFiles } from './extension-files';
import { fileState } from './file-state';
import { functionCommand } from './function-command';
import type { FunctionDescription } from './function-description';
import { functionLookup } from './function-lookup';
import { heartbeatMilliseconds, startHeartbeats } from './heartbeats';
import { heartsOf } from './hearts';
import { type PackageRoots, packageRoots } from './host/package-roots';
import { removePackage } from './host/remove-package';
import { layerLookup } from './layer-lookup';
import { runLedger } from './ledger';
import { mountPoints } from './mount-points';
import { fetchPackage } from './package/function-package';
import { bucketPayloads } from './payloads';
import type { ProgramDeps } from './program';
import { startRuntime } from './runtime';
import { AWS_BOOTSTRAP, type RuntimeCandidates } from './runtime-command';
import { functionRegion, logStreamName, runtimeEnvironment } from './runtime-environment';
import type { RunnerSettings } from './settings';
import type { Streams } from './streams';
import { readTaskArn } from './task-arn';

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

/** Each request is tried so often. The ledger's last write is what the run's truth depends on. */
const ATTEMPTS = 5;

/** A request that hangs is tried again. The payload may be large and the link slow, so S3 gets longer. */
const REQUEST_MILLISECONDS = 15_000;
const TRANSFER_MILLISECONDS = 120_000;

/** A heartbeat that hangs must not keep the next one from its time. */
const HEARTBEAT_MILLISECONDS = 5_000;
const HEARTBEAT_ATTEMPTS = 2;

function clientOptions(region: string, requestTimeout: number) {
  const requestHandler = { connectionTimeout: 5_000, requestTimeout, throwOnRequestTimeout: true };
  return { region, maxAttempts: ATTEMPTS, requestHandler };
}

/** Joins the parts to one program. AWS_ENDPOINT_URL and its like are read by the clients themselves. */
export function assemble(settings: RunnerSettings, surroundings: Surroundings): ProgramDeps {
  const { environment, clock, log, unpackThreadSource } = surroundings;
  const { run, region, taskRoot, layersRoot, workRoot } = settings;
  const dynamoDB = new DynamoDBClient(clientOptions(region, REQUEST_MILLISECONDS));
  const lambda = new LambdaClient(clientOptions(functionRegion(run.functionArn, region), REQUEST_MILLISECONDS));
  const ownEndpoint = optionalText(environment, 'AWS_ENDPOINT_URL_S3') ?? optionalText(environment, 'AWS_ENDPOINT_URL');
  // Another endpoint than AWS's has no name for each bucket.
  const forcePathStyle = ownEndpoint !== undefined;
  const payloads = bucketPayloads(async () => {
    const { openBucket } = await import('./bucket');
    return openBucket({ ...clientOptions(region, TRANSFER_MILLISECONDS), forcePathStyle });
  });
  const candidates: RuntimeCandidates = {
    bootstrap: settings.bootstrap,
    taskRuntime: settings.runtime,
    hasAwsBootstrap: fileState(AWS_BOOTSTRAP, process.arch) !== 'absent',
    mountPoints: mountPoints(),
    architecture: process.arch === 'arm64' ? 'arm64' : 'x86_64',
    nodeFile: surroundings.nodeFile,
    nodeClientFile: surroundings.nodeClientFile,
  };
  const lookUp = functionLookup(lambda, candidates);
  const lookUpLayer = layerLookup(lambda);
  return {
    settings,
    clock,
    log,
    interruption: surroundings.interruption,
    print: (line) => surroundings.streams.writeLine(line, 'stdout'),
    ledger: runLedger(dynamoDB, {
      tableName: settings.ledgerTable,
      runId: run.runId,
      attempt: run.attempt,
      runnerId: surroundings.runnerId,
      readTaskArn: () => readTaskArn(optionalText(environment, 'ECS_CONTAINER_METADATA_URI_V4'), log),
    }),
    readInput: payloads.read,
    writeOutput: payloads.write,
    fetchText: (pointer) => payloads.read({ s3: pointer }, new AbortController().signal),
    send: awsSender({ ...clientOptions(region, REQUEST_MILLISECONDS), forcePathStyle }),
    startHeartbeats: (delivery) => {
      const options = { ...clientOptions(region, HEARTBEAT_MILLISECONDS), maxAttempts: HEARTBEAT_ATTEMPTS };
      return startHeartbeats(heartsOf(options, delivery), heartbeatMilliseconds(delivery.heartbeatSeconds), log);
    },
    lookUp,
    fetchPackage: (functionArn, roots, signal) =>
      fetchPackage({ lookUp, lookUpLayer, clock, log, workRoot, unpackThreadSource, ...roots }, functionArn, signal),
    rootsOf: (generation) => packageRoots({ taskRoot, layersRoot }, workRoot, generation),
    removePackage,
    startRuntime: async (description, roots) => startFunction(settings, surroundings, candidates, description, roots),
  };
}

function startFunction(
  settings: RunnerSettings,
  surroundings: Surroundings,
  candidates: RuntimeCandidates,
  description: FunctionDescription,
  { taskRoot, layersRoot }: PackageRoots,
) {
  const { run, region, workRoot } = settings;
  const command = functionCommand(description, candidates, { taskRoot, layersRoot });
  // AWS's own bootstraps look for layers under /opt alone; for others they are told where.
  const findsLayers = command.file === AWS_BOOTSTRAP && layersRoot === settings.layersRoot;
  return startRuntime({
    command,
    extensionFiles: extensionFiles(layersRoot),
    identity: {
      functionName: description.functionName,
      functionVersion: description.version,
      handler: description.handler,
      accountId: parseFunctionName(run.functionArn)?.account ?? '',
    },
    taskRoot,
    workRoot,
    responseLimitBytes: settings.outputLimitBytes,
    streams: surroundings.streams,
    clock: surroundings.clock,
    environment: (runtimeApiAddress) =>
      runtimeEnvironment({
        task: surroundings.environment,
        description: { ...description, variables: { ...description.variables, ...run.environment } },
        functionArn: run.functionArn,
        taskRegion: region,
        runtimeApiAddress,
        taskRoot,
        layersRoot,
        logStreamName: logStreamName(surroundings.clock(), description.version, run.runId),
        isAwsBootstrap: findsLayers,
      }),
  });
}
