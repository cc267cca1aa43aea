import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import type { Context } from 'aws-lambda';
import { buildOnce } from '../shared/build-once';
import { systemClock } from '../shared/clock';
import { LEDGER_ATTEMPTS } from '../shared/ledger/table';
import { jsonLog } from '../shared/log';
import { s3Inputs } from '../starter/aws/inputs';
import { rowQueue } from './aws/queue';
import { dynamoRows } from './aws/rows';
import { starterOf } from './aws/starter';
import type { RouterDeps } from './ports';
import { createRouter } from './router';
import { parseSettings } from './settings';

type Built = Omit<RouterDeps, 'remainingMilliseconds'>;

function build(): Built {
  const settings = parseSettings(process.env);
  const pause = async (milliseconds: number) => sleep(milliseconds);
  return {
    settings,
    now: systemClock,
    log: jsonLog((line) => process.stdout.write(line), systemClock),
    sleep: pause,
    newId: randomUUID,
    ports: {
      start: starterOf(new LambdaClient({}), settings.starterFunction),
      rows: dynamoRows(new DynamoDBClient({ maxAttempts: LEDGER_ATTEMPTS }), settings.coalesce?.table ?? '', pause),
      sendRow: rowQueue({}, settings.coalesce?.queueUrl ?? ''),
      upload: s3Inputs({}),
    },
  };
}

const built = buildOnce(build);

export const handler = async (event: unknown, context: Context) =>
  createRouter({ ...built(), remainingMilliseconds: () => context.getRemainingTimeInMillis() })(event, {
    awsRequestId: context.awsRequestId,
  });
