import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ECSClient } from '@aws-sdk/client-ecs';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Context } from 'aws-lambda';
import { buildOnce } from '../shared/build-once';
import { systemClock } from '../shared/clock';
import { LEDGER_ATTEMPTS } from '../shared/ledger/table';
import { jsonLog, type LogFields } from '../shared/log';
import { outcomeDelivery } from './aws/delivery';
import { launchQueue } from './aws/launches';
import { dynamoLedger } from './aws/ledger';
import { taskStopper, taskViews } from './aws/tasks';
import type { WatcherDeps } from './ports';
import { readSettings } from './settings';
import { watch } from './watcher';

const logOf = (context: LogFields) => jsonLog((line) => process.stdout.write(line), systemClock, context);

type Built = Omit<WatcherDeps, 'watcherId' | 'log' | 'print' | 'remainingMilliseconds'>;

function build(): Built {
  const settings = readSettings(process.env);
  const ecs = new ECSClient({});
  return {
    ledgerTable: settings.ledgerTable,
    now: systemClock,
    ports: {
      ledger: dynamoLedger(new DynamoDBClient({ maxAttempts: LEDGER_ATTEMPTS }), settings.ledgerTable),
      describeTasks: taskViews(ecs),
      stopTask: taskStopper(ecs),
      sendLaunch: launchQueue(new SQSClient({}), settings.launchQueueUrl),
      deliver: outcomeDelivery(settings, logOf),
    },
  };
}

const built = buildOnce(build);

export const handler = async (event: unknown, context: Context) =>
  watch(event, {
    ...built(),
    watcherId: randomUUID(),
    log: logOf({ awsRequestId: context.awsRequestId }),
    print: (line) => process.stdout.write(`${line}\n`),
    remainingMilliseconds: () => context.getRemainingTimeInMillis(),
  });
