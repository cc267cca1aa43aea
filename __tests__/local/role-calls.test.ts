import { callsSeen, formatCalls, nextKnownCalls, parseCalls, roleCalls } from '../../local/role-calls';

const NAMES = ['starter', 'task'];
const ACCOUNT = '821332255546';

function line(fields: object): string {
  return JSON.stringify({
    account: ACCOUNT,
    role: 'overtime-starter-202611271456118451000000',
    context: {},
    ...fields,
  });
}

const STARTER = 'overtime-starter-20261127145611845100000001';

test('a call is told without what differs from run to run', () => {
  const calls = roleCalls(
    [
      line({
        role: STARTER,
        action: 's3:PutObject',
        resource: `arn:aws:s3:::overtime-payloads-20261127145511995100000003/inputs/run-${'d0'.repeat(16)}.json`,
      }),
      line({
        role: STARTER,
        action: 'iam:PassRole',
        resource: `arn:aws:iam::${ACCOUNT}:role/overtime-task-20261127145512319500000004`,
        context: { 'iam:passedtoservice': 'ecs-tasks.amazonaws.com', 'aws:resourcetag/project': 'overtime' },
      }),
      line({
        role: STARTER,
        action: 'lambda:GetFunctionConfiguration',
        resource: `arn:aws:lambda:us-east-1:${ACCOUNT}:function:report:$LATEST`,
      }),
      line({
        role: STARTER,
        action: 'ecs:TagResource',
        resource: `arn:aws:ecs:us-east-1:${ACCOUNT}:task/overtime/*`,
        context: { 'ecs:createaction': 'RunTask' },
      }),
      line({ role: STARTER, action: 'ecs:DescribeTaskDefinition', resource: '*' }),
    ],
    NAMES,
  );

  expect(formatCalls(calls)).toBe(
    [
      'starter ecs:DescribeTaskDefinition *',
      'starter ecs:TagResource arn:aws:ecs:us-east-1:123456789012:task/overtime/NEW ecs:CreateAction=RunTask',
      'starter iam:PassRole arn:aws:iam::123456789012:role/overtime-task-UNIQUE iam:PassedToService=ecs-tasks.amazonaws.com',
      'starter lambda:GetFunctionConfiguration arn:aws:lambda:us-east-1:123456789012:function:some-function:$LATEST',
      'starter s3:PutObject arn:aws:s3:::overtime-payloads-UNIQUE/inputs/run-ID.json',
      '',
    ].join('\n'),
  );
});

test('a queue worker that stands on another deployment of the same beginning is told as one of its own', () => {
  const role = 'overtime-day-files-task-20261127145611845100000001';
  const of = (resource: string) =>
    roleCalls([line({ role, action: 'any', resource })], NAMES).map((call) => call.resource);

  expect(
    [
      'arn:aws:sqs:us-east-1:1:overtime-day-files',
      'arn:aws:sqs:us-east-1:1:overtime-day-files.fifo',
      'arn:aws:sqs:us-east-1:1:overtime-day-files-dead-letters.fifo',
      'arn:aws:sqs:us-east-1:1:overtime-day-launches.fifo',
      'arn:aws:ecs:us-east-1:1:cluster/overtime-day',
    ].flatMap(of),
  ).toEqual([
    'arn:aws:sqs:us-east-1:1:overtime',
    'arn:aws:sqs:us-east-1:1:overtime',
    'arn:aws:sqs:us-east-1:1:overtime-dead-letters',
    'arn:aws:sqs:us-east-1:1:overtime-launches.fifo',
    'arn:aws:ecs:us-east-1:1:cluster/overtime',
  ]);
});

test('of many objects with numbers for names it does not matter which one a call is about', () => {
  const of = (...keys: readonly string[]) =>
    roleCalls(
      keys.map((key) => line({ role: STARTER, action: 's3:GetObject', resource: `arn:aws:s3:::some-objects/${key}` })),
      NAMES,
    ).map(({ resource }) => resource);

  expect(of('jobs/006.zip', 'jobs/086.zip', 'jobs/12')).toEqual([
    'arn:aws:s3:::some-objects/jobs/NUMBER',
    'arn:aws:s3:::some-objects/jobs/NUMBER.zip',
  ]);
  expect(of('1.json', '2026/scene.zip')).toEqual([
    'arn:aws:s3:::some-objects/1.json',
    'arn:aws:s3:::some-objects/2026/scene.zip',
  ]);
});

test('a deployment of another name has the same calls', () => {
  const of = (name: string) =>
    roleCalls(
      [
        line({
          role: `${name}-task-20261127145512319500000004`,
          action: 'dynamodb:UpdateItem',
          resource: `arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/${name}-runs`,
        }),
      ],
      NAMES,
    );

  expect(of('nightly-jobs')).toEqual(of('overtime'));
});

test('roles that are not of a module, and calls that were made before, add nothing', () => {
  const call = line({
    role: STARTER,
    action: 'sqs:SendMessage',
    resource: `arn:aws:sqs:us-east-1:${ACCOUNT}:overtime-a`,
  });
  const others = ['slow-role', 'overtime-worker-20261127145512319500000004', 'overtime-starter'].map((role) =>
    line({ role, action: 'sqs:SendMessage', resource: `arn:aws:sqs:us-east-1:${ACCOUNT}:overtime-a` }),
  );

  expect(roleCalls([call, call, ...others], NAMES)).toHaveLength(1);
});

test('a line that is none is refused', () => {
  expect(() => roleCalls(['{"role": "a"}'], NAMES)).toThrow(/account/);
});

test('what is written down is read again', () => {
  const calls = [
    {
      role: 'a.b',
      action: 'ecs:RunTask',
      resource: 'arn:x',
      context: { 'ecs:cluster': 'arn:aws:ecs:a:1:cluster/b=c' },
    },
    { role: 'a.b', action: 'ecs:StopTask', resource: '*', context: {} },
    { role: 'a.b', action: 's3:GetObject', resource: 'arn:aws:s3:::b/100% of 1=1\nscene.zip', context: {} },
  ];

  expect(parseCalls(formatCalls(calls))).toEqual(calls);
});

describe('what is known from now on', () => {
  const known = [{ role: 'a', action: 'sqs:SendMessage', resource: '1', context: {} }];
  const recorded = [{ role: 'b', action: 's3:GetObject', resource: '2', context: {} }];

  test('is what was known and what was recorded, or anew what was recorded alone', () => {
    expect(nextKnownCalls(known, recorded, false)).toEqual([...known, ...recorded]);
    expect(nextKnownCalls(known, recorded, true)).toEqual(recorded);
  });

  test.each([true, false])('is not nothing after a run that recorded nothing (anew: %s)', (isAnew) => {
    expect(() => nextKnownCalls(known, [], isAnew)).toThrow('let "npm run test:e2e" run to its end first');
  });
});

describe('of the known calls', () => {
  const call = (role: string, action: string, resource: string) => ({ role, action, resource, context: {} });
  const known = [
    call('a', 'sqs:SendMessage', '1'),
    call('a', 'sqs:SendMessage', '2'),
    call('b', 's3:GetObject', '3'),
    call('b', 's3:PutObject', '3'),
  ];

  test('those count that were made again, on whatever resource', () => {
    expect(callsSeen(known, known)).toEqual({ again: 3, gone: [] });
    expect(callsSeen(known, [call('a', 'sqs:SendMessage', '4'), call('b', 's3:PutObject', '3')])).toEqual({
      again: 2,
      gone: ['b s3:GetObject'],
    });
  });

  test('a role that did nothing is named once', () => {
    expect(callsSeen(known, [call('a', 'sqs:SendMessage', '1')])).toEqual({ again: 1, gone: ['b: nothing at all'] });
  });

  test('what is new counts for nothing', () => {
    expect(callsSeen([], known)).toEqual({ again: 0, gone: [] });
  });
});
