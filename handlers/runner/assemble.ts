import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { optionalText } from '../shared/settings';
import { fileState } from './file-state';
import { functionLookup } from './function-lookup';
import { fetchPackage } from './function-package';
import { packageRoots } from './host/package-roots';
import { removePackage } from './host/remove-package';
import { layerLookup } from './layer-lookup';
import { runLedger } from './ledger';
import { mountPoints } from './mount-points';
import { bucketPayloads } from './payloads';
import type { ProgramDeps } from './program';
import { AWS_BOOTSTRAP, type RuntimeCandidates } from './runtime-command';
import { functionRegion } from './runtime-environment';
import type { RunnerSettings } from './settings';
import { imageSource, type Surroundings, startFetched } from './start-function';

/** Each request is tried so often. The ledger's last write is what the run's truth depends on. */
const ATTEMPTS = 5;

/** A request that hangs is tried again. The payload may be large and the link slow, so S3 gets longer. */
const REQUEST_MILLISECONDS = 15_000;
const TRANSFER_MILLISECONDS = 120_000;

function clientOptions(region: string, requestTimeout: number) {
  const requestHandler = { connectionTimeout: 5_000, requestTimeout, throwOnRequestTimeout: true };
  return { region, maxAttempts: ATTEMPTS, requestHandler };
}

/** Joins the parts to one program. AWS_ENDPOINT_URL and its like are read by the clients themselves. */
export function assemble(settings: RunnerSettings, surroundings: Surroundings): ProgramDeps {
  const { environment, clock, log } = surroundings;
  const { run, region, taskRoot, layersRoot, workRoot, runtimeContainer } = settings;
  const dynamoDB = new DynamoDBClient(clientOptions(region, REQUEST_MILLISECONDS));
  const lambda = new LambdaClient(clientOptions(functionRegion(run.functionArn, region), REQUEST_MILLISECONDS));
  const ownEndpoint = optionalText(environment, 'AWS_ENDPOINT_URL_S3') ?? optionalText(environment, 'AWS_ENDPOINT_URL');
  const s3 = new S3Client({
    ...clientOptions(region, TRANSFER_MILLISECONDS),
    // Another endpoint than AWS's has no name for each bucket.
    forcePathStyle: ownEndpoint !== undefined,
  });
  const payloads = bucketPayloads(s3);
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
  const lookUp = functionLookup(lambda, candidates);
  const lookUpLayer = layerLookup(lambda);
  const stopping = new AbortController();
  return {
    settings,
    clock,
    log,
    interruption: AbortSignal.any([surroundings.interruption, stopping.signal]),
    print: (line) => surroundings.streams.writeLine(line, 'stdout'),
    ledger: runLedger(dynamoDB, settings.ledgerTable, run.runId),
    readInput: payloads.read,
    writeOutput: payloads.write,
    ...(runtimeContainer?.kind === 'image'
      ? imageSource(lambda, runtimeContainer)
      : {
          lookUp,
          fetchPackage: (functionArn, roots, signal) =>
            fetchPackage({ lookUp, lookUpLayer, clock, log, workRoot, ...roots }, functionArn, signal),
        }),
    rootsOf: (generation) => packageRoots({ taskRoot, layersRoot }, workRoot, generation),
    removePackage,
    startRuntime: async (fetched, roots) =>
      startFetched({ settings, surroundings, candidates, onStopping: () => stopping.abort() }, fetched, roots),
  };
}
