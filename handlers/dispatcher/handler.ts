import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ECSClient } from '@aws-sdk/client-ecs';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Context } from 'aws-lambda';
import { buildOnce } from '../shared/build-once';
import { systemClock } from '../shared/clock';
import { jsonLog } from '../shared/log';
import { dynamoLaunchLock } from './aws/launch-lock';
import { storedObjects } from './aws/objects';
import { queueDepthOf, queueSender } from './aws/queue';
import { ecsWorkers } from './aws/tasks';
import { dispatch } from './dispatcher';
import type { DispatcherDeps } from './ports';
import { parseSettings } from './settings';

type Built = Omit<DispatcherDeps, 'remainingMilliseconds' | 'functionArn'>;

function build(): Built {
  const settings = parseSettings(process.env);
  // A queue's URL says where it is, and is not where it is reached through another endpoint.
  const sqs = new SQSClient({ useQueueUrlAsEndpoint: false });
  return {
    settings,
    now: systemClock,
    log: jsonLog((line) => process.stdout.write(line), systemClock),
    sleep: async (milliseconds) => sleep(milliseconds),
    random: Math.random,
    newId: randomUUID,
    print: (line) => process.stdout.write(`${line}\n`),
    ports: {
      sendBatch: queueSender(sqs, settings.queueUrl),
      queueDepth: queueDepthOf(sqs, settings.queueUrl),
      headObject: storedObjects(new S3Client({}), settings.queueUrl),
      lock: dynamoLaunchLock(new DynamoDBClient({}), settings.jobsTable),
      ...ecsWorkers(new ECSClient({})),
    },
  };
}

const built = buildOnce(build);

export const handler = async (event: unknown, context: Context) =>
  dispatch(event, {
    ...built(),
    remainingMilliseconds: () => context.getRemainingTimeInMillis(),
    functionArn: context.invokedFunctionArn,
  });
