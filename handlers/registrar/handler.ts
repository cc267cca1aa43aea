import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import type { Context } from 'aws-lambda';
import { systemClock } from '../shared/clock';
import { LEDGER_ATTEMPTS } from '../shared/ledger/table';
import { jsonLog } from '../shared/log';
import { dynamoSchedules } from './aws/schedules';
import { lambdaStarter } from './aws/starter';
import { dynamoStates } from './aws/states';
import type { RegistrarDeps } from './ports';
import { register } from './registrar';
import { sendAnswer } from './send-answer';
import { readSettings } from './settings';

type Built = Pick<RegistrarDeps, 'settings' | 'ports'>;

function build(): Built {
  const settings = readSettings(process.env);
  const dynamo = new DynamoDBClient({ maxAttempts: LEDGER_ATTEMPTS });
  const dynamoOf = (region: string) =>
    region === settings.region ? dynamo : new DynamoDBClient({ region, maxAttempts: LEDGER_ATTEMPTS });
  return {
    settings,
    ports: {
      schedules: ({ table, region }, signal) => dynamoSchedules(dynamoOf(region), table, signal),
      states: dynamoStates(dynamo, settings.statesTable),
      start: lambdaStarter(new LambdaClient({}), settings.starterFunction),
      sendAnswer,
    },
  };
}

/** A registrar that can only say what is wrong with its deployment: CloudFormation waits for an answer all the same. */
function unbuilt(error: unknown): Built {
  const fail = () => Promise.reject(error);
  const table = { find: fail, put: fail, remove: fail, enable: fail, page: fail };
  return {
    settings: { schedulesTable: '', statesTable: '', starterFunction: '', region: '' },
    ports: { schedules: () => table, states: { note: fail, noteAgain: fail, find: fail }, start: fail, sendAnswer },
  };
}

/** Built with the process, where Lambda gives most CPU; what fails there is told to each caller, not lost in a crash. */
function buildOnce(): Built {
  try {
    return build();
  } catch (error) {
    return unbuilt(error);
  }
}

const built = buildOnce();

async function sleepUntil(milliseconds: number, signal?: AbortSignal): Promise<void> {
  try {
    await sleep(milliseconds, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    if (signal?.aborted !== true) {
      throw error;
    }
  }
}

export const handler = async (event: unknown, context: Context) =>
  register(event, {
    ...built,
    awsRequestId: context.awsRequestId,
    now: systemClock,
    log: jsonLog((line) => process.stdout.write(line), systemClock, { awsRequestId: context.awsRequestId }),
    sleep: sleepUntil,
    remainingMilliseconds: () => context.getRemainingTimeInMillis(),
  });
