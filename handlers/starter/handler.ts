import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ECSClient } from '@aws-sdk/client-ecs';
import { LambdaClient } from '@aws-sdk/client-lambda';
import type { Context } from 'aws-lambda';
import { buildOnce } from '../shared/build-once';
import { systemClock } from '../shared/clock';
import { LEDGER_ATTEMPTS } from '../shared/ledger/table';
import { jsonLog } from '../shared/log';
import { lambdaFunctions } from './aws/functions';
import { dynamoLedger } from './aws/ledger';
import { dynamoPacer } from './aws/pacer';
import { dynamoRuns } from './aws/runs';
import { serverClock } from './aws/server-clock';
import { ecsTaskDefinitions } from './aws/task-definitions';
import { ecsStops, ecsTasks } from './aws/tasks';
import { watcherOf } from './aws/watcher';
import type { StarterDeps } from './ports';
import { parseSettings } from './settings';
import { createStarter } from './starter';

type Invocation = 'remainingMilliseconds';

/** Nothing has been started yet, and the SDK's own three tries are over where a burst of callers is throttled together. */
const LOOK_UP_ATTEMPTS = 6;

/** A call of a service that few starts need: its client is loaded with the first call, not with every cold start. */
function atFirstCall<Given extends readonly unknown[]>(
  load: () => Promise<(...given: Given) => Promise<void>>,
): (...given: Given) => Promise<void> {
  let loaded: Promise<(...given: Given) => Promise<void>> | undefined;
  return async (...given) => {
    loaded ??= load();
    const call = await loaded;
    return call(...given);
  };
}

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
      lookUpFunction: lambdaFunctions({ maxAttempts: LOOK_UP_ATTEMPTS }),
      describeTaskDefinition: ecsTaskDefinitions(new ECSClient({ maxAttempts: LOOK_UP_ATTEMPTS }), systemClock),
      uploadInput: atFirstCall(async () => (await import('./aws/inputs')).s3Inputs({})),
      runTask: ecsTasks(ecs),
      runs: dynamoRuns(dynamo, tableName),
      stopTask: ecsStops(ecs),
      queueLaunch: atFirstCall(async () =>
        (await import('./aws/launch-queue')).launchQueue({}, settings.launchQueueUrl),
      ),
      settle: watcherOf(new LambdaClient({}), settings.watcherFunction),
      countRun: atFirstCall(async () => {
        const { runMetrics } = await import('../shared/metrics');
        return async (run) => {
          for (const line of runMetrics(run, tableName, systemClock())) {
            process.stdout.write(`${line}\n`);
          }
        };
      }),
    },
  };
}

const deps = buildOnce(build);

export const handler = async (event: unknown, context: Context) => {
  const remainingMilliseconds = () => context.getRemainingTimeInMillis();
  const { awsRequestId, invokedFunctionArn: functionArn } = context;
  return createStarter({ ...deps(), remainingMilliseconds })(event, { awsRequestId, functionArn });
};
