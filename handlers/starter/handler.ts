import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ECSClient } from '@aws-sdk/client-ecs';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import type { Context } from 'aws-lambda';
import { systemClock } from '../shared/clock';
import { jsonLog } from '../shared/log';
import { lambdaFunctions } from './aws/functions';
import { s3Inputs } from './aws/inputs';
import { dynamoLedger } from './aws/ledger';
import { dynamoRuns } from './aws/runs';
import { ecsStops, ecsTasks } from './aws/tasks';
import { watcherOf } from './aws/watcher';
import { parseSettings } from './settings';
import { createStarter, type Starter } from './starter';

function build(): Starter {
  const settings = parseSettings(process.env);
  const table = new DynamoDBClient({});
  const ecs = new ECSClient({});
  const ledger = dynamoLedger(table, settings.ledgerTable);
  return createStarter({
    settings,
    now: systemClock,
    log: jsonLog((line) => process.stdout.write(line), systemClock),
    ports: {
      ledger,
      runs: dynamoRuns(table, settings.ledgerTable),
      lookUpFunction: lambdaFunctions({}),
      uploadInput: s3Inputs(new S3Client({})),
      runTask: ecsTasks(ecs),
      stopTask: ecsStops(ecs),
      settle: watcherOf(new LambdaClient({}), settings.watcherFunction),
    },
  });
}

/** Built with the process, where Lambda gives most CPU; what fails there is told to each caller, not lost in a crash. */
function buildOnce(): () => Starter {
  try {
    const starter = build();
    return () => starter;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

const starter = buildOnce();

export const handler = async (event: unknown, context: Context) =>
  starter()(event, {
    awsRequestId: context.awsRequestId,
    functionArn: context.invokedFunctionArn,
    remainingMilliseconds: () => context.getRemainingTimeInMillis(),
  });
