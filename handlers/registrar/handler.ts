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
      schedules: ({ table, region }) => dynamoSchedules(dynamoOf(region), table),
      states: dynamoStates(dynamo, settings.statesTable),
      start: lambdaStarter(new LambdaClient({}), settings.starterFunction),
      sendAnswer,
    },
  };
}

/** Built with the process, where Lambda gives most CPU; what fails there is told to each caller, not lost in a crash. */
function buildOnce(): () => Built {
  try {
    const built = build();
    return () => built;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

const built = buildOnce();

export const handler = async (event: unknown, context: Context) =>
  register(event, {
    ...built(),
    awsRequestId: context.awsRequestId,
    now: systemClock,
    log: jsonLog((line) => process.stdout.write(line), systemClock, { awsRequestId: context.awsRequestId }),
    sleep: async (milliseconds) => sleep(milliseconds),
    remainingMilliseconds: () => context.getRemainingTimeInMillis(),
  });
