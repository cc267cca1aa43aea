import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { dynamoLaunchLock } from '../../../handlers/dispatcher/aws/launch-lock';
import type { LaunchMemory } from '../../../handlers/dispatcher/launch-memory';
import type { LaunchLock } from '../../../handlers/dispatcher/ports';
import { type AwsServer, startAwsServer } from '../../support/aws-server';
import { FakeLock } from '../../support/dispatcher/fake-lock';
import { FakeTable } from '../../support/fake-dynamodb';
import { updateAnswer } from '../../support/update-answer';

let table: FakeTable;
let server: AwsServer;

let throttling: string | undefined;

/** How many writes are carried out whose answer is lost. */
let lostAnswers = 0;

beforeAll(async () => {
  server = await startAwsServer(({ body }) => {
    if (throttling !== undefined) {
      return { status: 400, body: { __type: `com.amazonaws.dynamodb.v20120810#${throttling}`, message: 'why' } };
    }
    const answer = updateAnswer(table, JSON.parse(body));
    lostAnswers -= 1;
    return lostAnswers >= 0 ? { status: 500, body: { __type: 'InternalServerError', message: 'why' } } : answer;
  });
});

afterAll(() => server.close());

beforeEach(() => {
  table = new FakeTable('jobs', 'id');
  throttling = undefined;
  lostAnswers = 0;
});

const dynamoLock = (maxAttempts = 1) =>
  dynamoLaunchLock(
    new DynamoDBClient({
      region: 'eu-west-1',
      endpoint: server.endpoint,
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
      maxAttempts,
    }),
    'jobs',
  );

const MEMORY: LaunchMemory = {
  launch: { token: 'token', count: 2, variant: 1, at: 5 },
  started: [{ taskArn: 'arn', at: 4 }],
  quietSince: 3,
  shortfall: { since: 2, running: 1 },
};

describe('the launch lock in DynamoDB', () => {
  test('is one item beside the claims of jobs, without an end that DynamoDB would delete it by', async () => {
    const lock = dynamoLock();
    await lock.lock('one', 100, 200);
    await lock.ask('one');
    await lock.note('one', MEMORY, 300);

    expect(table.keys).toEqual(['launch-lock']);
    expect(table.get('launch-lock')).toEqual({
      id: 'launch-lock',
      owner: 'one',
      lockedUntil: 300,
      asked: true,
      memory: JSON.stringify(MEMORY),
    });
    await expect(lock.unlock('one', MEMORY, true)).resolves.toBe('unlocked');
    expect(table.get('launch-lock')).toEqual({ id: 'launch-lock', owner: 'one', memory: JSON.stringify(MEMORY) });
    await expect(lock.lock('two', 400, 500)).resolves.toEqual({ kind: 'locked', memory: MEMORY });
  });

  test('knows nothing where somebody else has written its memory', async () => {
    table.put({ id: 'launch-lock', memory: '{"started": "yes"}' });

    await expect(dynamoLock().lock('one', 100, 200)).resolves.toEqual({ kind: 'locked', memory: { started: [] } });
  });

  test.each(['ProvisionedThroughputExceededException', 'ThrottlingException'])(
    'is left to the others that want it where DynamoDB answers %s',
    async (name) => {
      throttling = name;

      await expect(dynamoLock().lock('one', 100, 200)).resolves.toEqual({ kind: 'crowded' });
      await expect(dynamoLock().ask('one')).resolves.toBe(true);
      await expect(dynamoLock().note('one', MEMORY, 200)).rejects.toMatchObject({ name });
    },
  );

  test('is had by the dispatcher whose client tries again as the answer to the first try was lost', async () => {
    table.put({ id: 'launch-lock', owner: 'before', memory: JSON.stringify(MEMORY) });
    const lock = dynamoLock(2);

    lostAnswers = 1;
    await expect(lock.lock('one', 100, 200)).resolves.toEqual({ kind: 'locked', memory: MEMORY });
    expect(lostAnswers).toBe(-1);
    await expect(lock.lock('two', 100, 200)).resolves.toEqual({ kind: 'busy', owner: 'one', isAsked: false });
    lostAnswers = 1;
    await expect(lock.note('one', MEMORY, 300)).resolves.toBe(true);
    await expect(lock.unlock('one', MEMORY, true)).resolves.toBe('unlocked');
  });

  test('passes on what DynamoDB throws but for the condition', async () => {
    table.refusedAttributes.set('launch-lock', 'owner');

    await expect(dynamoLock().lock('one', 100, 200)).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test('does as the one in memory does, which the other tests use, whatever is asked of it', async () => {
    const owner = fc.constantFrom('one', 'two', 'three');
    const time = fc.integer({ min: 0, max: 100 });
    const memory = fc.record({
      started: fc.array(fc.record({ taskArn: fc.constantFrom('a', 'b'), at: time }), { maxLength: 2 }),
    });
    const step = fc.oneof(
      fc.record({ kind: fc.constant('lock' as const), owner, now: time, until: time }),
      fc.record({ kind: fc.constant('ask' as const), owner }),
      fc.record({ kind: fc.constant('note' as const), owner, memory, until: time }),
      fc.record({ kind: fc.constant('unlock' as const), owner, memory, isLast: fc.boolean() }),
    );
    type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;
    const take = (lock: LaunchLock, one: Step) => {
      switch (one.kind) {
        case 'lock':
          return lock.lock(one.owner, one.now, one.until);
        case 'ask':
          return lock.ask(one.owner);
        case 'note':
          return lock.note(one.owner, one.memory, one.until);
        case 'unlock':
          return lock.unlock(one.owner, one.memory, one.isLast);
      }
    };
    const inDynamo = dynamoLock();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 12 }), async (steps) => {
        table = new FakeTable('jobs', 'id');
        const inMemory = new FakeLock();
        for (const one of steps) {
          expect(await take(inDynamo, one)).toEqual(await take(inMemory, one));
        }
      }),
      // Some 300 calls of four kinds, by three owners: a call over HTTP costs as much as a hundred in memory.
      { numRuns: 40 },
    );
  });
});
