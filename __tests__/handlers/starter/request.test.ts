import fc from 'fast-check';
import { parseRequest } from '../../../handlers/starter/request';
import { FUNCTION_ARN, failureOf, TASK_STARTER_EXAMPLE } from '../../support/starter/examples';

const FIELDS =
  'action, arn, input, subnets, securityGroups, cluster, taskDefinition, roleArn, cpu, memoryMiB, ' +
  'ephemeralStorageGiB, timeoutSeconds, capacity, capacityFallback, retries, environment, platformVersion, group, ' +
  'propagateTags, enableExecuteCommand, wait, assignPublicIp, idempotencyKey, tags, taskToken, callbackId, ' +
  'heartbeatSeconds, onSuccess, onFailure';

const OR_A_CONTAINER = '; or leave it out, and give a taskDefinition, whose container is then started as it is';
const ARN_ALLOWED =
  'give an ARN (arn:aws:lambda:us-east-1:123456789012:function:name), a partial ARN (123456789012:function:name) or a ' +
  'name, each with or without :qualifier (a version, an alias or $LATEST)';

const TAGS_ALLOWED =
  'give an object of at most 48 tags: keys of 1 to 128 characters that do not begin with aws: or overtime:, text values ' +
  'of 0 to 256, both of letters, numbers, spaces and + - = . _ : / @';

const subnets = (count: number) => Array.from({ length: count }, (_, index) => `subnet-0000000${index % 10}`);
const providers = (count: number, fields: object = {}) =>
  Array.from({ length: count }, (_, index) => ({ capacityProvider: `instances-${index}`, weight: 1, ...fields }));
const tagsOf = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`tag-${index}`, 'v']));

describe('a request that is accepted', () => {
  test("task-starter's own example, unchanged", () => {
    expect(parseRequest(TASK_STARTER_EXAMPLE)).toEqual({
      action: 'start',
      ...TASK_STARTER_EXAMPLE,
      capacity: 'FARGATE',
      tags: {},
    });
  });

  test('an arn alone gets the defaults', () => {
    expect(parseRequest({ arn: 'resize' })).toEqual({
      action: 'start',
      arn: 'resize',
      input: {},
      capacity: 'FARGATE',
      tags: {},
    });
  });

  test('every field at once', () => {
    const everything = {
      action: 'start',
      arn: `${FUNCTION_ARN}:live`,
      input: { a: [1, null] },
      subnets: ['subnet-0123456789abcdef0'],
      securityGroups: [],
      cluster: 'arn:aws-cn:ecs:cn-north-1:123456789012:cluster/overtime',
      taskDefinition: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/family:3',
      roleArn: 'arn:aws-us-gov:iam::123456789012:role/teams/data/resize',
      cpu: 256,
      memoryMiB: 122_880,
      ephemeralStorageGiB: 200,
      timeoutSeconds: 1_209_600,
      capacity: 'FARGATE_SPOT',
      capacityFallback: 'FARGATE',
      retries: 10,
      environment: { LEVEL: 'debug', constructor: '' },
      platformVersion: '1.4.0',
      group: 'g'.repeat(255),
      propagateTags: 'TASK_DEFINITION',
      enableExecuteCommand: true,
      wait: true,
      assignPublicIp: 'ENABLED',
      idempotencyKey: 'k'.repeat(256),
      tags: { team: 'data', empty: '', Größe: '+-=._:/@ 1' },
    };

    expect(parseRequest(everything)).toEqual(everything);
  });

  test.each([[null], [[]], ['text'], [0], [false], [[{ a: 1 }]]])('the input %j', (input) => {
    expect(parseRequest({ arn: 'resize', input })).toMatchObject({ input });
  });

  test.each([
    ['16 subnets', { subnets: subnets(16) }],
    ['48 tags', { tags: tagsOf(48) }],
    ['container instances', { capacity: 'EC2' }],
    [
      "a strategy over Fargate's providers",
      {
        capacity: [
          { capacityProvider: 'FARGATE_SPOT', weight: 3 },
          { capacityProvider: 'FARGATE', weight: 1, base: 1 },
        ],
      },
    ],
    ["a strategy over the cluster's own providers", { capacity: [{ capacityProvider: 'gpu', weight: 1000 }] }],
    [
      'the size of a disk for the fallback to Fargate',
      { capacity: 'EC2', capacityFallback: 'FARGATE', ephemeralStorageGiB: 50 },
    ],
    ['variables of 4,096 bytes', { environment: { AB: 'x'.repeat(4094) } }],
    ['a tag called constructor', { tags: { constructor: 'x' } }],
    ['a tag key of 128 characters outside ASCII', { tags: { ['é'.repeat(128)]: 'x' } }],
  ])('%s', (_, fields) => {
    expect(parseRequest({ arn: 'resize', ...fields })).toMatchObject(fields);
  });

  test.each(['status', 'cancel'])('a request to %s a run', (action) => {
    expect(parseRequest({ action, runId: 'run-1' })).toEqual({ action, runId: 'run-1' });
  });

  test('a list of all runs gets the default limit', () => {
    expect(parseRequest({ action: 'list' })).toEqual({ action: 'list', limit: 25 });
  });

  test('a list with every field at once', () => {
    const everything = {
      action: 'list',
      arn: 'resize:live',
      status: 'FAILED',
      from: '2026-02-28',
      to: '2026-11-21T08:30:00.5Z',
      limit: 100,
      nextToken: 'eyJ2ZXJzaW9uIjoxfQ',
    };

    expect(parseRequest(everything)).toEqual(everything);
  });
});

describe('a request that fails', () => {
  test.each([
    ['null', null],
    ['a list', []],
    ['a string', '{"arn": "resize"}'],
    ['a number', 7],
    ['a boolean', true],
    ['a undefined', undefined],
  ])('for being %s', async (kind, event) => {
    expect(await failureOf(() => parseRequest(event))).toEqual({
      name: 'INVALID_INPUT',
      message: `The request is ${kind}: give a JSON object such as {"arn": "my-function", "input": {}}.`,
      cause: undefined,
    });
  });

  test.each([
    ['arn is missing', {}, `arn is missing: ${ARN_ALLOWED}${OR_A_CONTAINER}`],
    ['arn is a number', { arn: 7 }, `arn is 7: ${ARN_ALLOWED}${OR_A_CONTAINER}`],
    ['arn is null', { arn: null }, `arn is null: ${ARN_ALLOWED}${OR_A_CONTAINER}`],
    [
      'action is unknown',
      { arn: 'f', action: 'stop' },
      'action is "stop": give "start", "status", "list" or "cancel", or leave it out to start a run',
    ],
    ['runId is missing', { action: 'status' }, 'runId is missing: give the runId that the starter answered with'],
    ['runId is missing', { action: 'cancel' }, 'runId is missing: give the runId that the starter answered with'],
    [
      "runId is of a row that is no run's",
      { action: 'status', runId: 'pacer' },
      'runId is "pacer": give the runId that the starter answered with',
    ],
  ])('as %s', async (_, event, problem) => {
    const { name, message } = await failureOf(() => parseRequest(event));

    expect({ name, message }).toEqual({ name: 'INVALID_INPUT', message: `The request has 1 problem. ${problem}.` });
  });

  const SUBNETS_ALLOWED = 'give a list of 1 to 16 subnet ids (subnet-0123456789abcdef0)';
  const GROUPS_ALLOWED = 'give a list of 0 to 5 security group ids (sg-0123456789abcdef0)';
  const CPU_ALLOWED =
    'give a whole number from 256 to 16,384 CPU units (1,024 to the vCPU; the largest size of Fargate is the most)';
  const MEMORY_ALLOWED = 'give a whole number from 128 to 122,880 MiB (the largest size of Fargate is the most)';
  const STORAGE_ALLOWED = 'give a whole number from 1 to 200 GiB';
  const TIMEOUT_ALLOWED = 'give a whole number from 1 to 1,209,600 seconds (14 days is the most)';
  const CAPACITY_ALLOWED =
    'give "FARGATE", "FARGATE_SPOT", "EC2", or a strategy: a list of 1 to 20 {"capacityProvider": name, "weight": 0 to ' +
    '1,000, "base": 0 to 100,000}, each of another provider, at least one with a weight, at most one with a base, and ' +
    'either all of Fargate or none';
  const ENVIRONMENT_ALLOWED =
    'give an object of variables: names that begin with a letter and have 2 or more letters, digits and _, text ' +
    'values, together at most 4,096 bytes';
  const ROLE_ALLOWED = "give an IAM role's ARN (arn:aws:iam::123456789012:role/name)";

  test.each([
    ['subnets', 'subnet-1', `subnets is "subnet-1": ${SUBNETS_ALLOWED}`],
    ['subnets', [], `subnets is a list of 0 items: ${SUBNETS_ALLOWED}`],
    ['subnets', subnets(17), `subnets is a list of 17 items: ${SUBNETS_ALLOWED}`],
    ['subnets', ['subnet-00000001', 'vpc-1', 3], `subnets[1] is "vpc-1": ${SUBNETS_ALLOWED}`],
    ['securityGroups', Array(6).fill('sg-00000001'), `securityGroups is a list of 6 items: ${GROUPS_ALLOWED}`],
    ['securityGroups', [null], `securityGroups[0] is null: ${GROUPS_ALLOWED}`],
    ['cluster', 'my cluster', 'cluster is "my cluster": give a cluster\'s name or ARN'],
    [
      'taskDefinition',
      'family:0',
      'taskDefinition is "family:0": give a task definition\'s family, family:revision or ARN',
    ],
    ['roleArn', 'taskRole', `roleArn is "taskRole": ${ROLE_ALLOWED}`],
    ['cpu', 2, `cpu is 2: ${CPU_ALLOWED}`],
    ['cpu', 16_385, `cpu is 16385: ${CPU_ALLOWED}`],
    ['cpu', '1024', `cpu is "1024": ${CPU_ALLOWED}`],
    ['memoryMiB', 122_881, `memoryMiB is 122881: ${MEMORY_ALLOWED}`],
    ['memoryMiB', 512.5, `memoryMiB is 512.5: ${MEMORY_ALLOWED}`],
    ['ephemeralStorageGiB', 201, `ephemeralStorageGiB is 201: ${STORAGE_ALLOWED}`],
    ['timeoutSeconds', 0, `timeoutSeconds is 0: ${TIMEOUT_ALLOWED}`],
    ['timeoutSeconds', 1_209_601, `timeoutSeconds is 1209601: ${TIMEOUT_ALLOWED}`],
    ['capacity', 'SPOT', `capacity is "SPOT": ${CAPACITY_ALLOWED}`],
    ['capacity', [], `capacity is a list of 0 items: ${CAPACITY_ALLOWED}`],
    ['capacity', providers(21), `capacity is a list of 21 items: ${CAPACITY_ALLOWED}`],
    ['capacity', [{ capacityProvider: 'FARGATE' }], `capacity is a list of 1 item: ${CAPACITY_ALLOWED}`],
    ['capacity', [{ capacityProvider: 'a', weight: 1001 }], `capacity is a list of 1 item: ${CAPACITY_ALLOWED}`],
    ['capacity', [{ capacityProvider: 'a b', weight: 1 }], `capacity is a list of 1 item: ${CAPACITY_ALLOWED}`],
    ['capacity', [{ capacityProvider: 'a', weight: 1, wait: 1 }], `capacity is a list of 1 item: ${CAPACITY_ALLOWED}`],
    ['capacity', [...providers(1), ...providers(1)], `capacity is a list of 2 items: ${CAPACITY_ALLOWED}`],
    ['capacity', providers(2, { base: 1 }), `capacity is a list of 2 items: ${CAPACITY_ALLOWED}`],
    [
      'capacity',
      [...providers(1), { capacityProvider: 'FARGATE', weight: 1 }],
      `capacity is a list of 2 items: ${CAPACITY_ALLOWED}`,
    ],
    ['capacityFallback', 'EC2', 'capacityFallback is "EC2": give "FARGATE", or leave it out'],
    ['capacityFallback', 'FARGATE', 'capacityFallback is "FARGATE", as is capacity: leave it out'],
    ['retries', 11, 'retries is 11: give a whole number from 0 to 10 more attempts'],
    ['environment', { A: 'x' }, `environment is an object: ${ENVIRONMENT_ALLOWED}`],
    ['environment', { AB: 1 }, `environment is an object: ${ENVIRONMENT_ALLOWED}`],
    ['environment', { AB: 'é'.repeat(2048) }, `environment is an object: ${ENVIRONMENT_ALLOWED}`],
    ['platformVersion', '1.4', 'platformVersion is "1.4": give one of Fargate\'s versions such as 1.4.0, or LATEST'],
    ['group', '', 'group is "": give a text of 1 to 255 characters'],
    ['propagateTags', 'SERVICE', 'propagateTags is "SERVICE": give "TASK_DEFINITION" or "NONE"'],
    ['enableExecuteCommand', 'true', 'enableExecuteCommand is "true": give true or false'],
    ['wait', 60, 'wait is 60: give true or false'],
    ['assignPublicIp', true, 'assignPublicIp is true: give "ENABLED" or "DISABLED"'],
    ['idempotencyKey', '', 'idempotencyKey is "": give a text of 1 to 256 characters'],
    ['tags', ['a'], `tags is a list of 1 item: ${TAGS_ALLOWED}`],
    ['tags', tagsOf(49), `tags is an object: ${TAGS_ALLOWED}`],
    ['tags', { ok: 'v', 'AWS:x': 'v' }, `tags has a wrong key or value at "AWS:x": ${TAGS_ALLOWED}`],
    ['tags', { 'overtime:run-id': 'v' }, `tags has a wrong key or value at "overtime:run-id": ${TAGS_ALLOWED}`],
    ['tags', { team: 7 }, `tags has a wrong key or value at "team": ${TAGS_ALLOWED}`],
    ['tags', { team: 'v'.repeat(257) }, `tags has a wrong key or value at "team": ${TAGS_ALLOWED}`],
    ['tags', { 'a*b': 'v' }, `tags has a wrong key or value at "a*b": ${TAGS_ALLOWED}`],
  ])('for its %s: %j', async (field, value, problem) => {
    const { message } = await failureOf(() => parseRequest({ arn: 'resize', [field]: value }));

    expect(message).toBe(`The request has 1 problem. ${problem}.`);
  });

  test('names every wrong field at once, where task-starter named the first', async () => {
    const { message } = await failureOf(() =>
      parseRequest({ subnets: 'a', securityGroups: 'b', capacity: 'c', memory: 1024, timeout: 60 }),
    );

    expect(message).toBe(
      `The request has 5 problems. arn is missing: ${ARN_ALLOWED}${OR_A_CONTAINER}. subnets is "a": ${SUBNETS_ALLOWED}. ` +
        `securityGroups is "b": ${GROUPS_ALLOWED}. capacity is "c": ${CAPACITY_ALLOWED}. ` +
        `No such field as "memory", "timeout": the fields are ${FIELDS}.`,
    );
  });

  test('names each field that is of Fargate, for container instances', async () => {
    const { message } = await failureOf(() =>
      parseRequest({
        arn: 'resize',
        capacity: 'EC2',
        platformVersion: '1.4.0',
        ephemeralStorageGiB: 50,
        assignPublicIp: 'ENABLED',
      }),
    );

    expect(message).toBe(
      'The request has 3 problems. platformVersion is of Fargate: leave it out where capacity is not. ' +
        'ephemeralStorageGiB is of Fargate: leave it out where capacity is not. assignPublicIp is "ENABLED", which ' +
        'only Fargate can: leave it out where capacity is not.',
    );
  });

  test('does not show the values of variables', async () => {
    const { message } = await failureOf(() => parseRequest({ arn: 'resize', environment: { 'A-B': 'a-secret' } }));

    expect(message).not.toContain('a-secret');
  });

  test('names fields that are not known yet, and not what they hold', async () => {
    const { message } = await failureOf(() => parseRequest({ arn: 'resize', secrets: { KEY: 'a-secret' } }));

    expect(message).toBe(`The request has 1 problem. No such field as "secrets": the fields are ${FIELDS}.`);
  });

  test('cuts long values and long lists of unknown fields', async () => {
    const unknown = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`f${index}`, 0]));
    const { message } = await failureOf(() => parseRequest({ arn: 'x'.repeat(1000), ...unknown }));

    expect(message).toBe(
      `The request has 2 problems. arn is "${'x'.repeat(60)}...": ${ARN_ALLOWED}. No such field as "f0", "f1", "f2", ` +
        `"f3", "f4", "f5", "f6", "f7", "f8", "f9" and 2 more: the fields are ${FIELDS}.`,
    );
  });

  test('names the keys that JSON can have and objects inherit', async () => {
    const { message } = await failureOf(() => parseRequest(JSON.parse('{"arn": "resize", "__proto__": {"cpu": 1}}')));

    expect(message).toBe(`The request has 1 problem. No such field as "__proto__": the fields are ${FIELDS}.`);
  });
});

describe('any event', () => {
  const names = FIELDS.split(', ');
  const nearly = fc.dictionary(fc.oneof(fc.constantFrom(...names, 'runId'), fc.string()), fc.jsonValue());

  test('is read or fails with INVALID_INPUT, and its input is not in the message', () => {
    const secret = 'the-contents-of-the-input';
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), nearly), (event) => {
        const withInput =
          typeof event === 'object' && event !== null && !Array.isArray(event) ? { ...event, input: [secret] } : event;
        try {
          expect(parseRequest(withInput)).toMatchObject({
            action: expect.stringMatching(/^(start|status|list|cancel)$/),
          });
        } catch (error) {
          expect(error).toMatchObject({ name: 'INVALID_INPUT', code: 'INVALID_INPUT' });
          expect(String(error)).not.toContain(secret);
        }
      }),
      { numRuns: 500 },
    );
  });
});
