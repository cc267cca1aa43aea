import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { dynamoSchedules } from '../../../handlers/scheduler/aws/schedules';
import { lambdaStarter } from '../../../handlers/scheduler/aws/starter';
import { dynamoStates } from '../../../handlers/scheduler/aws/states';
import { NEW_STATE } from '../../../handlers/scheduler/state';
import { resolveRequest } from '../../../handlers/shared/schedule/slot-key';
import { identify } from '../../../handlers/starter/identity';
import { at, scheduleOf } from '../../support/scheduler/example-schedules';
import {
  SCHEDULES_TABLE,
  type SchedulerAws,
  STATES_TABLE,
  startSchedulerAws,
} from '../../support/scheduler/scheduler-aws';
import { startRequest } from '../../support/starter/examples';

let aws: SchedulerAws;
let client: DynamoDBClient;

beforeAll(async () => {
  aws = await startSchedulerAws();
  client = new DynamoDBClient({
    endpoint: aws.server.endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
  });
});

beforeEach(() => {
  aws.fault = () => undefined;
});

afterAll(async () => {
  client.destroy();
  await aws.server.close();
});

const claimed = (by: string) => ({ ...NEW_STATE, claims: [{ slot: 0, by, giveUpAt: 1_000 }] });

test('a claim whose answer was lost is known again when the client tries it once more', async () => {
  let isLost = false;
  aws.fault = (action, request) => {
    if (action !== 'UpdateItem' || isLost) {
      return undefined;
    }
    isLost = true;
    aws.states.update(request);
    return { status: 500, body: { __type: 'InternalServerError' } };
  };

  const written = await dynamoStates(client, STATES_TABLE).write('report', NEW_STATE, claimed('scheduler-1'));

  expect(isLost).toBe(true);
  expect(written).toMatchObject({ kind: 'written', item: { version: 1, claims: [{ by: 'scheduler-1' }] } });
});

test('a claim that somebody else made first is refused, and tells of his', async () => {
  const states = dynamoStates(client, STATES_TABLE);
  await states.write('taken', NEW_STATE, claimed('scheduler-2'));

  expect(await states.write('taken', NEW_STATE, claimed('scheduler-1'))).toMatchObject({
    kind: 'refused',
    item: { version: 1, claims: [{ by: 'scheduler-2' }] },
  });
});

test('a start that the starter refuses for its key tells of the run that has the key, as the starter names it', async () => {
  const lambda = new LambdaClient({
    endpoint: aws.server.endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
  });
  aws.fault = (action) =>
    action === 'Invoke'
      ? {
          headers: { 'x-amz-function-error': 'Unhandled' },
          body: { errorType: 'IDEMPOTENCY_CONFLICT', errorMessage: 'The run has this idempotency key.', trace: [] },
        }
      : undefined;
  const request = resolveRequest(scheduleOf(), at('10:00'));
  const asTheStarterReadsIt = startRequest({ arn: 'report', idempotencyKey: String(request['idempotencyKey']) });

  const result = await lambdaStarter(lambda, 'starter', 'ledger').start(request);
  lambda.destroy();

  expect(result).toEqual({
    kind: 'started',
    runId: identify(asTheStarterReadsIt, 'request-1', 'ledger').runId,
    reason: 'an earlier try started it, before the schedule was changed',
  });
});

test('keys that DynamoDB leaves unread to the end are no answer, and no row counts as gone', async () => {
  aws.put({ id: 'left', rate: '1 hour', definition_arn: 'report:7' });
  aws.fault = (action) =>
    action === 'BatchGetItem'
      ? {
          body: {
            Responses: { [SCHEDULES_TABLE]: [] },
            UnprocessedKeys: { [SCHEDULES_TABLE]: { Keys: [{ id: { S: 'left' } }] } },
          },
        }
      : undefined;

  await expect(dynamoSchedules(client, SCHEDULES_TABLE).read(['left'])).rejects.toThrow(
    'DynamoDB left 1 of 1 items of overtime-schedules unread.',
  );
});
