import fc from 'fast-check';
import { parseRequest } from '../../../handlers/starter/request';
import { FUNCTION_ARN, failureOf, TASK_STARTER_EXAMPLE } from '../../support/starter/examples';

const FIELDS =
  'action, arn, input, subnets, securityGroups, cluster, taskDefinition, roleArn, cpu, memoryMiB, ' +
  'ephemeralStorageGiB, timeoutSeconds, capacity, assignPublicIp, idempotencyKey, tags, taskToken, callbackId, ' +
  'heartbeatSeconds, onSuccess, onFailure';

const ARN_ALLOWED =
  'give an ARN (arn:aws:lambda:us-east-1:123456789012:function:name), a partial ARN (123456789012:function:name) or a ' +
  'name, each with or without :qualifier (a version, an alias or $LATEST)';

const TAGS_ALLOWED =
  'give an object of at most 48 tags: keys of 1 to 128 characters that do not begin with aws: or overtime:, text values ' +
  'of 0 to 256, both of letters, numbers, spaces and + - = . _ : / @';

const subnets = (count: number) => Array.from({ length: count }, (_, index) => `subnet-0000000${index % 10}`);
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
    ['a tag called constructor', { tags: { constructor: 'x' } }],
    ['a tag key of 128 characters outside ASCII', { tags: { ['é'.repeat(128)]: 'x' } }],
  ])('%s', (_, fields) => {
    expect(parseRequest({ arn: 'resize', ...fields })).toMatchObject(fields);
  });

  test('a request for a status', () => {
    expect(parseRequest({ action: 'status', runId: 'run-1' })).toEqual({ action: 'status', runId: 'run-1' });
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
    ['arn is missing', {}, `arn is missing: ${ARN_ALLOWED}`],
    ['arn is a number', { arn: 7 }, `arn is 7: ${ARN_ALLOWED}`],
    ['arn is null', { arn: null }, `arn is null: ${ARN_ALLOWED}`],
    [
      'action is unknown',
      { arn: 'f', action: 'list' },
      'action is "list": give "status", or "start", or leave it out to start a run',
    ],
    ['runId is missing', { action: 'status' }, 'runId is missing: give the runId that the starter answered with'],
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
    ['capacity', 'SPOT', 'capacity is "SPOT": give "FARGATE" or "FARGATE_SPOT"'],
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
      `The request has 5 problems. arn is missing: ${ARN_ALLOWED}. subnets is "a": ${SUBNETS_ALLOWED}. ` +
        `securityGroups is "b": ${GROUPS_ALLOWED}. capacity is "c": give "FARGATE" or "FARGATE_SPOT". ` +
        `No such field as "memory", "timeout": the fields are ${FIELDS}.`,
    );
  });

  test('names fields that are not known yet, and not what they hold', async () => {
    const { message } = await failureOf(() => parseRequest({ arn: 'resize', environment: { KEY: 'a-secret' } }));

    expect(message).toBe(`The request has 1 problem. No such field as "environment": the fields are ${FIELDS}.`);
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
          expect(parseRequest(withInput)).toMatchObject({ action: expect.stringMatching(/^(start|status)$/) });
        } catch (error) {
          expect(error).toMatchObject({ name: 'INVALID_INPUT', code: 'INVALID_INPUT' });
          expect(String(error)).not.toContain(secret);
        }
      }),
      { numRuns: 500 },
    );
  });
});
