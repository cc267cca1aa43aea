import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ECSClient } from '@aws-sdk/client-ecs';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Context } from 'aws-lambda';
import { systemClock } from '../shared/clock';
import { LEDGER_ATTEMPTS } from '../shared/ledger/table';
import { jsonLog } from '../shared/log';
import { runMetrics } from '../shared/metrics';
import { lambdaFunctions } from './aws/functions';
import { s3Inputs } from './aws/inputs';
import { launchQueue } from './aws/launch-queue';
import { dynamoLedger } from './aws/ledger';
import { dynamoPacer } from './aws/pacer';
import { dynamoRuns } from './aws/runs';
import { serverClock } from './aws/server-clock';
import { ecsStops, ecsTasks } from './aws/tasks';
import { watcherOf } from './aws/watcher';
import type { StarterDeps } from './ports';
import { parseSettings } from './settings';
import { createStarter } from './starter';

type Invocation = 'remainingMilliseconds';

function build(): Omit<StarterDeps, Invocation> {
  const settings = parseSettings(process.env);
  const dynamo = new DynamoDBClient({ maxAttempts: LEDGER_ATTEMPTS });
  const ecs = new ECSClient({});
  const time = serverClock(dynamo, systemClock);
  const { ledgerTable: tableName, launchLimits: limits } = settings;
  return {
    settings,
    now: systemClock,
    log: jsonLog((line) => process.stdout.write(line), systemClock),
    sleep: async (milliseconds) => sleep(milliseconds),
    random: Math.random,
    ports: {
      ledger: dynamoLedger(dynamo, tableName),
      pacer: dynamoPacer({ client: dynamo, tableName, limits, time }),
      lookUpFunction: lambdaFunctions({}),
      uploadInput: s3Inputs(new S3Client({})),
      runTask: ecsTasks(ecs),
      runs: dynamoRuns(dynamo, tableName),
      stopTask: ecsStops(ecs),
      queueLaunch: launchQueue(new SQSClient({}), settings.launchQueueUrl),
      settle: watcherOf(new LambdaClient({}), settings.watcherFunction),
      countRun: (run) => {
        for (const line of runMetrics(run, tableName, systemClock())) {
          process.stdout.write(`${line}\n`);
        }
      },
    },
  };
}

/** Built with the process, where Lambda gives most CPU; what fails there is told to each caller, not lost in a crash. */
function buildOnce(): () => Omit<StarterDeps, Invocation> {
  try {
    const deps = build();
    return () => deps;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

const deps = buildOnce();

export const handler = async (event: unknown, context: Context) => {
  const remainingMilliseconds = () => context.getRemainingTimeInMillis();
  const { awsRequestId, invokedFunctionArn: functionArn } = context;
  return createStarter({ ...deps(), remainingMilliseconds })(event, { awsRequestId, functionArn });
};
