import { parseCommandLine } from '../../../handlers/runner/command-line';

const ACTIVITY = 'arn:aws:states:eu-west-1:123456789012:activity:work';
const LAMBDA = 'arn:aws:lambda:eu-west-1:123456789012:function:work';
const QUEUE = 'https://sqs.eu-west-1.amazonaws.com/123456789012/work';

const NO_SOURCE = { OVERTIME_ACTIVITY_ARN: '', OVERTIME_QUEUE_URL: '', OVERTIME_EVENT: '', OVERTIME_COMMAND: '' };

const parse = (line: string, environment: Readonly<Record<string, string>> = {}) =>
  parseCommandLine(line.split(' '), '/var/task', environment);

describe('the command line of cumulus-ecs-task', () => {
  test.each([
    `cumulus-ecs-task --activityArn ${ACTIVITY} --lambdaArn ${LAMBDA}`,
    `--activity-arn ${ACTIVITY} --lambda-arn ${LAMBDA}`,
    `-a ${ACTIVITY} -l ${LAMBDA}`,
    `--activityArn=${ACTIVITY} --lambdaArn=${LAMBDA}`,
  ])('%s works for the activity', (line) => {
    expect(parse(line)).toEqual({
      kind: 'settings',
      variables: { ...NO_SOURCE, OVERTIME_ACTIVITY_ARN: ACTIVITY, OVERTIME_FUNCTION_ARN: LAMBDA },
    });
  });

  test.each(['--sqs-url', '--sqsUrl'])('%s works for the queue', (flag) => {
    expect(parse(`${flag} ${QUEUE} --lambdaArn ${LAMBDA}`)).toEqual({
      kind: 'settings',
      variables: {
        ...NO_SOURCE,
        OVERTIME_QUEUE_URL: QUEUE,
        OVERTIME_MESSAGE_EVENT: 'body',
        OVERTIME_FUNCTION_ARN: LAMBDA,
      },
    });
  });

  test('what of a message is the event may be said by its variable', () => {
    expect(parse(`--sqs-url ${QUEUE} --lambdaArn ${LAMBDA}`, { OVERTIME_MESSAGE_EVENT: 'sqs' })).toMatchObject({
      variables: { OVERTIME_QUEUE_URL: QUEUE, OVERTIME_MESSAGE_EVENT: 'sqs' },
    });
  });

  test.each(['--lambda-input', '--lambdaInput'])('%s works on one event', (flag) => {
    expect(parse(`${flag} {"a":1} --lambdaArn work`)).toEqual({
      kind: 'settings',
      variables: { ...NO_SOURCE, OVERTIME_EVENT: '{"a":1}', OVERTIME_FUNCTION_ARN: 'work' },
    });
  });

  test.each([
    {
      line: `--lambda-input {} --sqs-url ${QUEUE} --activityArn ${ACTIVITY}`,
      first: { OVERTIME_ACTIVITY_ARN: ACTIVITY },
    },
    {
      line: `--lambda-input {} --sqs-url ${QUEUE}`,
      first: { OVERTIME_QUEUE_URL: QUEUE, OVERTIME_MESSAGE_EVENT: 'body' },
    },
  ])('of several sources the activity counts first, then the queue: $line', ({ line, first }) => {
    expect(parse(`${line} --lambdaArn ${LAMBDA}`)).toEqual({
      kind: 'settings',
      variables: { ...NO_SOURCE, ...first, OVERTIME_FUNCTION_ARN: LAMBDA },
    });
  });

  test.each([
    ['--heartbeat 5000', { OVERTIME_HEARTBEAT_MILLISECONDS: '5000' }],
    ['--directory /code', { OVERTIME_TASK_ROOT: '/code' }],
    ['-d ./code', { OVERTIME_TASK_ROOT: '/var/task/code' }],
    ['--taskDirectory /code', { OVERTIME_TASK_ROOT: '/code' }],
    ['--task-directory /code', { OVERTIME_TASK_ROOT: '/code' }],
    ['--workDirectory /work', { OVERTIME_WORK_ROOT: '/work' }],
    ['--work-directory /work', { OVERTIME_WORK_ROOT: '/work' }],
    ['-w work', { OVERTIME_WORK_ROOT: '/var/task/work' }],
    ['--region eu-north-1', { AWS_REGION: 'eu-north-1' }],
  ])('%s is a setting of the worker', (flag, variables) => {
    expect(parse(`--activityArn ${ACTIVITY} --lambdaArn ${LAMBDA} ${flag}`)).toMatchObject({
      kind: 'settings',
      variables,
    });
  });

  test.each([
    [
      `--lambdaArn ${LAMBDA}`,
      'Nothing says where the work comes from: give --activityArn, --sqs-url or --lambda-input.',
    ],
    [`--activityArn ${ACTIVITY}`, '--lambdaArn is missing: give the ARN or name of the function that does the work.'],
    [
      `--lambda-input {secret --lambdaArn ${LAMBDA}`,
      '--lambda-input is not JSON: give one JSON document, quoted for the shell.',
    ],
    [
      `--activityArm ${ACTIVITY}`,
      "unknown option '--activityArm'\n(Did you mean --activityArn?). --help lists what is allowed.",
    ],
    ['--activityArn', "option '-a, --activityArn <arn>' argument missing. --help lists what is allowed."],
    ['one two', 'too many arguments. Expected 1 argument but got 2. --help lists what is allowed.'],
    [
      `--activityArn= --sqs-url= --lambdaArn ${LAMBDA}`,
      '--activityArn, --sqsUrl: the value is empty. Give one, or leave the flag out.',
    ],
  ])('%s is refused, and the message says what to give', (line, message) => {
    expect(parse(line)).toEqual({ kind: 'wrong', message });
  });

  const ACTIVITY_SET = { OVERTIME_ACTIVITY_ARN: ACTIVITY };

  test.each([
    [
      '--heartbeat 5000',
      { ...ACTIVITY_SET, OVERTIME_FUNCTION_ARN: LAMBDA },
      { OVERTIME_HEARTBEAT_MILLISECONDS: '5000' },
    ],
    ['cumulus-ecs-task', { ...ACTIVITY_SET, OVERTIME_COMMAND: '["work"]' }, {}],
    [`-l ${LAMBDA}`, { OVERTIME_QUEUE_URL: QUEUE }, { OVERTIME_FUNCTION_ARN: LAMBDA, OVERTIME_COMMAND: '' }],
    [
      `-a ${ACTIVITY}`,
      { OVERTIME_QUEUE_URL: QUEUE, OVERTIME_FUNCTION_ARN: LAMBDA },
      { OVERTIME_ACTIVITY_ARN: ACTIVITY, OVERTIME_QUEUE_URL: '', OVERTIME_EVENT: '' },
    ],
  ])('%s leaves to the environment what it does not say, as in %p', (line, environment, variables) => {
    expect(parse(line, environment)).toEqual({ kind: 'settings', variables });
  });

  test.each([
    ['--heartbeat 5000', ACTIVITY_SET, '--lambdaArn is missing'],
    ['--heartbeat 5000', { OVERTIME_FUNCTION_ARN: LAMBDA }, 'Nothing says where the work comes from'],
    ['--heartbeat 5000', { ...ACTIVITY_SET, OVERTIME_FUNCTION_ARN: '' }, '--lambdaArn is missing'],
  ])('%s is refused where the environment says half of it, as in %p', (line, environment, message) => {
    expect(parse(line, environment)).toEqual({ kind: 'wrong', message: expect.stringContaining(message) });
  });

  test('--help names every flag and the command invoke', () => {
    const help = parse('--help');

    expect(help.kind).toBe('help');
    expect(help).toMatchObject({ text: expect.stringContaining('invoke') });
    for (const flag of ['--activityArn', '--sqs-url', '--lambda-input', '--lambdaArn', '--heartbeat', '-d', '-w']) {
      expect(help).toMatchObject({ text: expect.stringContaining(flag) });
    }
  });
});

describe('the command line of task-runner', () => {
  test.each([
    ['invoke', '--region eu-west-1 --event {"a":1}', { AWS_REGION: 'eu-west-1', OVERTIME_EVENT: '{"a":1}' }],
    ['invoke', '-r eu-west-1 -e [1] -p mine', { AWS_REGION: 'eu-west-1', OVERTIME_EVENT: '[1]', AWS_PROFILE: 'mine' }],
    ['invoke', '--profile mine', { OVERTIME_EVENT: '{}', AWS_PROFILE: 'mine' }],
  ])('%s ARN %s invokes the function once', (command, flags, variables) => {
    expect(parse(`${command} ${LAMBDA} ${flags}`)).toEqual({
      kind: 'settings',
      variables: { ...NO_SOURCE, OVERTIME_FUNCTION_ARN: LAMBDA, ...variables },
    });
  });

  test('the Region may stand before the command, and one behind it counts', () => {
    expect(parse(`--region eu-west-1 invoke ${LAMBDA}`)).toMatchObject({ variables: { AWS_REGION: 'eu-west-1' } });
    expect(parse(`-r eu-west-1 invoke ${LAMBDA} -r eu-north-1`)).toMatchObject({
      variables: { AWS_REGION: 'eu-north-1' },
    });
  });

  test('invoke takes neither source nor work from the environment', () => {
    const environment = { OVERTIME_ACTIVITY_ARN: ACTIVITY, OVERTIME_COMMAND: '["work"]' };

    expect(parse(`invoke ${LAMBDA}`, environment)).toEqual({
      kind: 'settings',
      variables: { ...NO_SOURCE, OVERTIME_FUNCTION_ARN: LAMBDA, OVERTIME_EVENT: '{}' },
    });
  });

  test.each([
    ['invoke', "missing required argument 'arn'. --help lists what is allowed."],
    [`invoke ${LAMBDA} --profile=`, '--profile: the value is empty. Give one, or leave the flag out.'],
    [`invoke ${LAMBDA} -e secret`, '--event is not JSON: give one JSON document, quoted for the shell.'],
  ])('%s is refused', (line, message) => {
    expect(parse(line)).toEqual({ kind: 'wrong', message });
  });
});
