import { parseSettings } from '../../../handlers/router/settings';
import { COALESCING, ENVIRONMENT } from '../../support/router/router-world';

test('what is not set has its default', () => {
  expect(parseSettings(ENVIRONMENT)).toMatchObject({
    starterFunction: 'overtime-starter',
    defaults: {},
    coalesce: undefined,
    routes: { noMatch: { kind: 'error' } },
  });
});

test('rows wait where there is a queue for them', () => {
  expect(parseSettings(COALESCING).coalesce).toEqual({
    table: 'overtime-rows',
    queueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/overtime-rows',
    windowSeconds: 30,
    keyPath: '$.new.customer',
    mostRows: 100,
    payloadBucket: 'overtime-payloads',
  });
});

const rule = (pattern: unknown, request: unknown, more: object = {}) => JSON.stringify([{ pattern, request, ...more }]);
const PATTERN = { table: ['visits'] };

test.each([
  ['OVERTIME_RULES', '[', 'Invalid JSON'],
  ['OVERTIME_RULES', '{}', 'Invalid type'],
  ['OVERTIME_RULES', rule(PATTERN, { arn: 'f' }, { when: 1 }), 'when'],
  ['OVERTIME_RULES', rule({ a: [{ cidr: 'x' }] }, { arn: 'f' }), 'rule 1.a: there is no operator "cidr"'],
  ['OVERTIME_RULES', rule(PATTERN, {}), 'rule 1: its request names neither a function'],
  ['OVERTIME_RULES', rule(PATTERN, { arn: 'f', idempotencyKey: 'k' }), 'rule 1: its request has idempotencyKey'],
  ['OVERTIME_RULES', rule(PATTERN, { arn: 'f', action: 'cancel' }), 'rule 1: its request has action'],
  ['OVERTIME_RULES', '', 'there is no rule, and no request for events without one'],
  ['OVERTIME_NO_MATCH', 'start', 'give error, ignore, or the JSON text of a request'],
  ['OVERTIME_NO_MATCH', '{}', 'names neither a function'],
  ['OVERTIME_STARTER_FUNCTION', '', 'OVERTIME_STARTER_FUNCTION is not set'],
  ['OVERTIME_COALESCE_SECONDS', '0', 'give a whole number from 1 to 900'],
  ['OVERTIME_COALESCE_SECONDS', '901', 'give a whole number from 1 to 900'],
  ['OVERTIME_COALESCE_ROWS', '5001', 'give a whole number from 1 to 5000'],
  ['OVERTIME_COALESCE_KEY', 'new.id', 'give a path of the event'],
  ['ENV_SUBNET', ' , ', 'ENV_SUBNET is " , ", which names nothing'],
  ['ENV_SECURITY_GROUP', ',', 'ENV_SECURITY_GROUP is ",", which names nothing'],
])('%s = %s is refused', (name, value, problem) => {
  expect(() => parseSettings({ ...COALESCING, [name]: value })).toThrow(
    expect.objectContaining({ code: 'INVALID_SETTING', message: expect.stringContaining(problem) }),
  );
});

test.each(['action', 'idempotencyKey', 'wait', 'taskToken', 'callbackId'])('no rule sets %s', (field) => {
  const rules = [{ pattern: PATTERN, request: { arn: 'f', [field]: 'x' } }];

  expect(() => parseSettings({ ...ENVIRONMENT, OVERTIME_RULES: JSON.stringify(rules) })).toThrow(
    `rule 1: its request has ${field}, which a rule cannot set`,
  );
});

test('every wrong rule is named at once', () => {
  const rules = [
    { pattern: {}, request: {} },
    { pattern: PATTERN, request: { arn: 'f', wait: true } },
  ];

  expect(() => parseSettings({ ...ENVIRONMENT, OVERTIME_RULES: JSON.stringify(rules) })).toThrow(
    /rule 1: give an object.*rule 1: its request names neither.*rule 2: its request has wait/,
  );
});
