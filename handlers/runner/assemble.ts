import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import type { Clock } from '../shared/clock';
import type { Log } from '../shared/log';
import { type Environment, optionalText } from '../shared/settings';
import { RunnerError } from './errors';
import { fileState } from './file-state';
import type { FunctionDescription } from './function-description';
import { functionLookup } from './function-lookup';
import { layerLookup } from './layer-lookup';
import { runLedger } from './ledger';
import { fetchPackage } from './package/function-package';
import { bucketPayloads } from './payloads';
import type { ProgramDeps } from './program';
import { startRuntime } from './runtime';
import { AWS_BOOTSTRAP, chooseRuntimeCommand, ownBootstraps, type RuntimeCandidates } from './runtime-command';
import { functionRegion, logStreamName, runtimeEnvironment } from './runtime-environment';
import type { RunnerSettings } from './settings';
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
  /** The program of a thread that unpacks; without it there is none. */
  readonly unpackThreadSource: string | undefined;
}

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
  const { run, region, taskRoot, layersRoot, workRoot } = settings;
  const dynamoDB = new DynamoDBClient(clientOptions(region, REQUEST_MILLISECONDS));
  const lambda = new LambdaClient(clientOptions(functionRegion(run.functionArn, region), REQUEST_MILLISECONDS));
  const ownEndpoint = optionalText(environment, 'AWS_ENDPOINT_URL_S3') ?? optionalText(environment, 'AWS_ENDPOINT_URL');
  const payloads = bucketPayloads(async () => {
    const { openBucket } = await import('./bucket');
    return openBucket({
      ...clientOptions(region, TRANSFER_MILLISECONDS),
      // Another endpoint than AWS's has no name for each bucket.
      forcePathStyle: ownEndpoint !== undefined,
    });
  });
  const candidates: RuntimeCandidates = {
    bootstrap: settings.bootstrap,
    taskRuntime: settings.runtime,
    hasAwsBootstrap: fileState(AWS_BOOTSTRAP, process.arch) !== 'absent',
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
    ledger: runLedger(dynamoDB, settings.ledgerTable, run.runId),
    readInput: payloads.read,
    writeOutput: payloads.write,
    fetchPackage: (functionArn, signal) =>
      fetchPackage(
        {
          lookUp,
          lookUpLayer,
          clock,
          log,
          workRoot,
          taskRoot,
          layersRoot,
          unpackThreadSource: surroundings.unpackThreadSource,
        },
        functionArn,
        signal,
      ),
    startRuntime: async (description) => startFunction(settings, surroundings, candidates, description),
  };
}

function startFunction(
  settings: RunnerSettings,
  surroundings: Surroundings,
  candidates: RuntimeCandidates,
  description: FunctionDescription,
) {
  const { run, region, taskRoot, layersRoot, workRoot } = settings;
  const own = ownBootstraps(taskRoot, layersRoot).map((file) => ({ file, state: fileState(file, process.arch) }));
  const chosen = chooseRuntimeCommand(description.runtime, candidates, own);
  if (chosen.kind === 'refused') {
    throw new RunnerError(chosen.code, chosen.message);
  }
  return startRuntime({
    command: chosen.command,
    taskRoot,
    workRoot,
    responseLimitBytes: settings.outputLimitBytes,
    streams: surroundings.streams,
    environment: (runtimeApiAddress) =>
      runtimeEnvironment({
        task: surroundings.environment,
        description,
        functionArn: run.functionArn,
        taskRegion: region,
        runtimeApiAddress,
        taskRoot,
        layersRoot,
        logStreamName: logStreamName(surroundings.clock(), description.version, run.runId),
        isAwsBootstrap: chosen.command.file === AWS_BOOTSTRAP,
      }),
  });
}
