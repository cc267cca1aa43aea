import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamoStates } from '../../../handlers/registrar/aws/states';
import { parseState } from '../../../handlers/scheduler/state';
import { type SchedulerAws, STATES_TABLE, startSchedulerAws } from '../../support/scheduler/scheduler-aws';

let aws: SchedulerAws;
let client: DynamoDBClient;

beforeEach(async () => {
  aws = await startSchedulerAws();
  client = new DynamoDBClient({
    endpoint: aws.server.endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
  });
});

afterEach(async () => {
  client.destroy();
  await aws.server.close();
});

const states = () => dynamoStates(client, STATES_TABLE);
const requests = () => aws.server.requests.map(({ action, body }) => ({ action, ...JSON.parse(body) }));
const time = (text: string) => new Date(`2026-11-27T${text}Z`);

const TOLD = time('11:40:08.250');
const TOLD_VALUES = { ':minute': { S: '2026-11-27T11:40' }, ':at': { S: '2026-11-27T11:40:08.250Z' } };
const TOLD_NAMES = { '#minute': 'change_minute', '#at': 'changed_at' };

/** Tells of a change alone. */
const CHANGE = {
  action: 'UpdateItem',
  TableName: STATES_TABLE,
  Key: { id: { S: 'report' } },
  UpdateExpression: 'SET #minute = :minute, #at = :at',
  ExpressionAttributeNames: TOLD_NAMES,
  ExpressionAttributeValues: TOLD_VALUES,
};

/** Tells of a change, and when it was written. */
const WRITE = {
  ...CHANGE,
  UpdateExpression: 'SET #minute = :minute, #at = :at, #written = :written',
  ExpressionAttributeNames: { ...TOLD_NAMES, '#written': 'written_at' },
  ExpressionAttributeValues: { ...TOLD_VALUES, ':written': { S: '2026-11-27T11:40:07.000Z' } },
};

const WRITE_IF_LATER = { ...WRITE, ConditionExpression: 'attribute_not_exists(#written) OR #written < :written' };

/** What the schedulers and the registrar had written before. */
const BEFORE = { id: 'report', version: 7, last_slot: '2026-11-27T11:39:00.000Z', run_id: 'run-6' };

test('a write of the registrar sets when it was told and written, whatever is there, and nothing else', async () => {
  const before = { ...BEFORE, written_at: '2026-11-27T11:50:00.000Z' };
  aws.states.put(before);

  await states().note('report', TOLD, time('11:40:07.000'));

  expect(requests()).toEqual([WRITE]);
  expect(aws.states.get('report')).toEqual({
    ...before,
    change_minute: '2026-11-27T11:40',
    changed_at: '2026-11-27T11:40:08.250Z',
    written_at: '2026-11-27T11:40:07.000Z',
  });
});

test.each([
  ['an item that is not there', undefined],
  ['one that nobody noted a write in', BEFORE],
  ['one whose write was before', { ...BEFORE, written_at: '2026-11-27T11:40:06.999Z' }],
])('the stream’s note sets both in %s', async (_, before) => {
  if (before !== undefined) {
    aws.states.put(before);
  }

  await states().noteAgain('report', TOLD, time('11:40:07.000'));

  expect(requests()).toEqual([WRITE_IF_LATER]);
  expect(aws.states.get('report')).toEqual({
    ...(before ?? { id: 'report' }),
    change_minute: '2026-11-27T11:40',
    changed_at: '2026-11-27T11:40:08.250Z',
    written_at: '2026-11-27T11:40:07.000Z',
  });
});

test.each(['2026-11-27T11:40:07.000Z', '2026-11-27T11:40:07.120Z'])(
  'the stream’s note of a write that is known, of %s, tells that there was a change, and nothing else',
  async (written) => {
    aws.states.put({ ...BEFORE, written_at: written });

    await states().noteAgain('report', TOLD, time('11:40:07.000'));

    expect(requests()).toEqual([WRITE_IF_LATER, CHANGE]);
    expect(aws.states.get('report')).toEqual({
      ...BEFORE,
      change_minute: '2026-11-27T11:40',
      changed_at: '2026-11-27T11:40:08.250Z',
      written_at: written,
    });
  },
);

test('the stream’s note that does not say when the write was tells that there was a change, and nothing else', async () => {
  await states().noteAgain('report', TOLD, undefined);

  expect(requests()).toEqual([CHANGE]);
});

test('what the table refuses for another reason is no known write: the note fails', async () => {
  aws.fault = () => ({ status: 400, body: { __type: 'AccessDeniedException', message: 'no' } });

  await expect(states().noteAgain('report', TOLD, time('11:40:07.000'))).rejects.toThrow('no');
  expect(requests()).toEqual([WRITE_IF_LATER]);
});

test('the scheduler’s bound stays at the write, however often and late the stream tells of it', async () => {
  await states().note('report', time('11:40:07.120'), time('11:40:07.100'));
  await states().noteAgain('report', time('11:40:08.300'), time('11:40:07.000'));
  await states().noteAgain('report', time('11:52:00.000'), time('11:40:07.000'));

  expect(parseState(await states().find('report')).writtenAt).toBe(time('11:40:07.100').getTime());
});
