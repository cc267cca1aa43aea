import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { RunStatus } from '../../../handlers/shared/run';
import { dynamoLedger } from '../../../handlers/starter/aws/ledger';
import { type AwsAnswer, type AwsServer, startAwsServer } from '../../support/aws-server';
import { failed } from '../../support/delivery/runs';

let answers: AwsAnswer[] = [];
let server: AwsServer;

beforeAll(async () => {
  server = await startAwsServer(() => answers.shift() ?? { status: 500 });
});

afterAll(() => server.close());

const REFUSED: AwsAnswer = {
  status: 400,
  body: { __type: 'ConditionalCheckFailedException', message: 'The conditional request failed' },
};

const taken = (status: RunStatus): AwsAnswer => ({ body: { Attributes: marshall({ ...failed(), status }) } });

const DELIVERY = { taskToken: 'second' };
const CHECK_AT = '2026-11-20T12:00:00.000Z';

async function renew(...given: readonly AwsAnswer[]) {
  answers = [...given];
  const before = server.requests.length;
  const client = new DynamoDBClient({
    region: 'eu-west-1',
    endpoint: server.endpoint,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });
  const status = await dynamoLedger(client, 'runs').renewDelivery('run-1', DELIVERY, CHECK_AT);
  return { status, requests: server.requests.slice(before).map(({ body }) => JSON.parse(body)) };
}

const COMMON = {
  TableName: 'runs',
  Key: { runId: { S: 'run-1' } },
  ReturnValues: 'ALL_NEW',
  ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
};
const NAMES = { '#status': 'status', '#delivery': 'delivery' };
const ofStates = (...states: readonly RunStatus[]) => ({
  ConditionExpression: `#status IN (${states.map((_, index) => `:is_status_${index}`).join(', ')})`,
  values: Object.fromEntries(states.map((status, index) => [`:is_status_${index}`, { S: status }])),
});
const DELIVERY_VALUE = { M: { taskToken: { S: 'second' } } };

const LIVE = ofStates('PENDING', 'STARTING', 'RUNNING');
const ENDED = ofStates('SUCCEEDED', 'FAILED', 'TIMED_OUT', 'INTERRUPTED', 'CANCELLED', 'LOST');

const LIVE_REQUEST = {
  ...COMMON,
  UpdateExpression: 'SET #delivery = :delivery',
  ConditionExpression: LIVE.ConditionExpression,
  ExpressionAttributeNames: NAMES,
  ExpressionAttributeValues: { ...LIVE.values, ':delivery': DELIVERY_VALUE },
};

test('the delivery of a run that has not ended is replaced, and nothing else', async () => {
  expect(await renew(taken('RUNNING'))).toEqual({ status: 'RUNNING', requests: [LIVE_REQUEST] });
});

test('a run that has ended goes back to the sweep, to be delivered anew', async () => {
  expect(await renew(REFUSED, taken('SUCCEEDED'))).toEqual({
    status: 'SUCCEEDED',
    requests: [
      LIVE_REQUEST,
      {
        ...COMMON,
        UpdateExpression:
          'SET #delivery = :delivery, #checkAt = :checkAt, #deliverySince = :deliverySince, #open = :open ' +
          'REMOVE #deliveredAt, #deliveryError, #claimedUntil, #claimedBy',
        ConditionExpression: ENDED.ConditionExpression,
        ExpressionAttributeNames: {
          ...NAMES,
          '#checkAt': 'checkAt',
          '#deliverySince': 'deliverySince',
          '#open': 'open',
          '#deliveredAt': 'deliveredAt',
          '#deliveryError': 'deliveryError',
          '#claimedUntil': 'claimedUntil',
          '#claimedBy': 'claimedBy',
        },
        ExpressionAttributeValues: {
          ...ENDED.values,
          ':delivery': DELIVERY_VALUE,
          ':checkAt': { S: CHECK_AT },
          ':deliverySince': { S: CHECK_AT },
          ':open': { S: 'open' },
        },
      },
    ],
  });
});

test('a run that the ledger does not have is left alone', async () => {
  expect((await renew(REFUSED, REFUSED)).status).toBeUndefined();
});
