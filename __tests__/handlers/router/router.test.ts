import { createRouter } from '../../../handlers/router/router';
import { ENVIRONMENT, queueEvent, RouterWorld } from '../../support/router/router-world';

const invocation = { awsRequestId: 'request-1' };
const purchase = { overtimeId: 'event-1', table: 'purchases', new: { id: 5, task: 'BUY', note: 'a secret' } };

const route = (world: RouterWorld, event: unknown) => createRouter(world.deps)(event, invocation);

test('a row starts what its rule says, with its own parts in the request and itself as the input', async () => {
  const world = new RouterWorld(ENVIRONMENT);

  const answer = await route(world, purchase);

  expect(answer).toEqual({ runId: 'run-row:event-1', taskArns: [], taskDefinition: undefined, status: 'PENDING' });
  expect([...world.runs.values()]).toEqual([
    { taskDefinition: 'buy', environment: { ID: '5' }, input: purchase, idempotencyKey: 'row:event-1' },
  ]);
});

test('an event that comes again is the same run, by its own id or by that of the invocation', async () => {
  const world = new RouterWorld(ENVIRONMENT);
  const { overtimeId: _, ...withoutId } = purchase;

  await route(world, purchase);
  await createRouter(world.deps)(purchase, { awsRequestId: 'request-2' });
  await route(world, withoutId);
  await route(world, withoutId);

  expect([...world.runs.keys()]).toEqual(['row:event-1', 'row:request-1']);
});

test('an id that is too long for a key is shortened to its hash', async () => {
  const world = new RouterWorld(ENVIRONMENT);

  await route(world, { ...purchase, overtimeId: 'x'.repeat(300) });

  expect([...world.runs.keys()]).toEqual([expect.stringMatching(/^row:[0-9a-f]{64}$/)]);
});

describe('the case of the seed', () => {
  const SEED = {
    OVERTIME_STARTER_FUNCTION: 'overtime-starter',
    ENV_CLUSTER: 'cafeteria',
    ENV_SUBNET: ' subnet-0a, subnet-0b ,',
    ENV_SECURITY_GROUP: 'sg-0a',
  };
  const started = {
    cluster: 'cafeteria',
    subnets: ['subnet-0a', 'subnet-0b'],
    securityGroups: ['sg-0a'],
    taskDefinition: 'process-employee-purchases',
    containerName: 'process-employee-purchases',
    environment: { SPRING_PROFILES_ACTIVE: 'exportRunner' },
    idempotencyKey: 'row:request-1',
  };

  test('BUY starts the newest revision of its family as exportRunner, where the three variables say', async () => {
    const world = new RouterWorld(SEED);

    await route(world, { taskType: 'BUY' });

    expect([...world.runs.values()]).toEqual([{ ...started, input: { taskType: 'BUY' } }]);
  });

  test.each([[{ taskType: 'BYU' }], [{}], [null], ['BUY'], [[]], [{ hasOwnProperty: 1 }]])(
    '%j is no import by accident',
    async (event) => {
      const world = new RouterWorld(SEED);

      await expect(route(world, event)).rejects.toThrow(expect.objectContaining({ code: 'NO_RULE_MATCHES' }));
      expect(world.runs.size).toBe(0);
    },
  );

  test('everything else is an import where the policy says so', async () => {
    const environment = { SPRING_PROFILES_ACTIVE: 'importRunner' };
    const OVERTIME_NO_MATCH = JSON.stringify({ taskDefinition: 'process-employee-purchases', environment });
    const world = new RouterWorld({ ...SEED, OVERTIME_NO_MATCH });

    await route(world, { taskType: 'BYU' });

    expect([...world.runs.values()]).toEqual([expect.objectContaining({ environment, cluster: 'cafeteria' })]);
  });

  test('a rule that names its own cluster and subnets has those', async () => {
    const request = { arn: 'buy', cluster: 'other', subnets: ['subnet-0c'] };
    const rules = JSON.stringify([{ pattern: { taskType: ['BUY'] }, request }]);
    const world = new RouterWorld({ ...SEED, OVERTIME_RULES: rules });

    await route(world, { taskType: 'BUY' });

    expect([...world.runs.values()]).toEqual([expect.objectContaining({ ...request, securityGroups: ['sg-0a'] })]);
  });
});

test('an event without a rule is ignored where the policy says so', async () => {
  const world = new RouterWorld({ ...ENVIRONMENT, OVERTIME_NO_MATCH: 'ignore' });

  expect(await route(world, { table: 'other' })).toEqual({ status: 'IGNORED' });
  expect(world.runs.size).toBe(0);
});

test.each([
  ['no rule', { table: 'other', new: { note: 'a secret' } }, 'NO_RULE_MATCHES', undefined],
  [
    'a part that is not there',
    { ...purchase, new: { task: 'BUY', note: 'a secret' } },
    'EVENT_PATH_MISSING',
    undefined,
  ],
  ['a starter that refuses', purchase, 'STARTER_REFUSED', 'INVALID_INPUT'],
])(
  '%s is an error, so that Lambda tries again, and no word of the row is in it or in the log',
  async (_, event, code, refusal) => {
    const world = new RouterWorld(ENVIRONMENT);
    world.refusal = refusal;

    const failure = await route(world, event).catch((error: unknown) => error);

    expect(failure).toEqual(expect.objectContaining({ code, name: code }));
    expect(world.lines).toEqual([{ event: 'event-failed', fields: expect.objectContaining({ code }) }]);
    expect(`${failure} ${JSON.stringify(world.lines)}`).not.toContain('secret');
  },
);

test('a queue’s batch is an event like others where rows do not wait', async () => {
  const world = new RouterWorld({ ...ENVIRONMENT, OVERTIME_NO_MATCH: 'ignore' });

  expect(await route(world, queueEvent([{ window: 'w', row: 'r' }]))).toEqual({ status: 'IGNORED' });
});
