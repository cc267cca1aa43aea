import { parseSettings } from '../../../handlers/dispatcher/settings';
import { ENVIRONMENT, SERVICE_ENVIRONMENT } from '../../support/dispatcher/dispatcher-world';

const problemOf = (change: Readonly<Record<string, string>>): string => {
  try {
    parseSettings({ ...ENVIRONMENT, ...change });
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : '';
  }
  return '';
};

describe("the dispatcher's settings", () => {
  test('of a FIFO queue, by its name', () => {
    expect(
      parseSettings({ ...ENVIRONMENT, OVERTIME_QUEUE_URL: `${ENVIRONMENT.OVERTIME_QUEUE_URL}.fifo` }),
    ).toMatchObject({
      isFifo: true,
    });
  });

  test('of workers that it starts', () => {
    expect(parseSettings(ENVIRONMENT)).toEqual({
      queueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/scenes',
      isFifo: false,
      filter: { prefixes: [], suffixes: ['.zip'], ignoreCase: false },
      outputs: { bucket: 'pictures', prefix: '' },
      jobsTable: 'jobs',
      limits: { least: 0, most: 4, messagesPerWorker: 1, concurrency: 1 },
      workers: {
        kind: 'tasks',
        cluster: 'overtime',
        taskDefinition: 'render',
        family: 'render',
        subnets: ['subnet-1', 'subnet-2'],
        securityGroups: ['sg-1'],
        assignPublicIp: 'DISABLED',
        capacity: 'FARGATE',
        capacityFallback: undefined,
      },
    });
  });

  test('of workers that a service keeps', () => {
    expect(parseSettings(SERVICE_ENVIRONMENT).workers).toEqual({
      kind: 'service',
      cluster: 'overtime',
      service: 'renderers',
    });
  });

  test('all that may be set', () => {
    const settings = parseSettings({
      ...ENVIRONMENT,
      OVERTIME_PREFIXES: '["in/", "more/"]',
      OVERTIME_IGNORE_CASE: 'true',
      OVERTIME_OUTPUT_BUCKET: '',
      OVERTIME_OUTPUT_PREFIX: 'out/',
      OVERTIME_MIN_WORKERS: '1',
      OVERTIME_MESSAGES_PER_WORKER: '10',
      OVERTIME_CONCURRENCY: '2',
      OVERTIME_TASK_DEFINITION: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/render:7',
      OVERTIME_CAPACITY: 'FARGATE_SPOT',
      OVERTIME_CAPACITY_FALLBACK: 'FARGATE',
    });

    expect(settings.filter).toEqual({ prefixes: ['in/', 'more/'], suffixes: ['.zip'], ignoreCase: true });
    expect(settings.outputs).toEqual({ bucket: undefined, prefix: 'out/' });
    expect(settings.limits).toEqual({ least: 1, most: 4, messagesPerWorker: 10, concurrency: 2 });
    expect(settings.workers).toMatchObject({
      taskDefinition: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/render:7',
      family: 'render',
      capacity: 'FARGATE_SPOT',
      capacityFallback: 'FARGATE',
    });
  });

  test('container instances need no subnets, and a strategy is one', () => {
    const instances = parseSettings({ ...ENVIRONMENT, OVERTIME_CAPACITY: 'EC2', OVERTIME_SUBNETS: '' });
    const strategy = [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }];

    expect(instances.workers).toMatchObject({ capacity: 'EC2', subnets: [] });
    expect(parseSettings({ ...ENVIRONMENT, OVERTIME_CAPACITY: JSON.stringify(strategy) }).workers).toMatchObject({
      capacity: strategy,
    });
  });
});

describe('suffixes, as the launcher of 2015 had them in its config.json', () => {
  test.each([
    ['a list', '[".zip", ".ZIP"]', ['.zip', '.ZIP']],
    ['one text of JSON', '".zip"', ['.zip']],
    ['one text as it is', '.zip', ['.zip']],
    ['none', '', []],
    ['an empty list', '[]', []],
  ])('%s', (_, text, suffixes) => {
    expect(parseSettings({ ...ENVIRONMENT, OVERTIME_SUFFIXES: text }).filter.suffixes).toEqual(suffixes);
  });
});

describe('a setting that is wrong is named, with its value, what is allowed and the fix', () => {
  test.each([
    [
      { OVERTIME_QUEUE_URL: '' },
      'OVERTIME_QUEUE_URL is not set. The Overtime module sets it; set it to run this program by hand.',
    ],
    [
      { OVERTIME_JOBS_TABLE: '' },
      'OVERTIME_JOBS_TABLE is not set. The Overtime module sets it; set it to run this program by hand.',
    ],
    [
      { OVERTIME_SUFFIXES: '[".zip", 1]' },
      'OVERTIME_SUFFIXES is [".zip", 1]: give a JSON list of texts such as [".zip"], or one text.',
    ],
    [
      { OVERTIME_SUFFIXES: '[""]' },
      'OVERTIME_SUFFIXES is [""]: give a JSON list of texts such as [".zip"], or one text.',
    ],
    [
      { OVERTIME_PREFIXES: '["in/"' },
      'OVERTIME_PREFIXES is ["in/": give a JSON list of texts such as ["uploads/"], or one text.',
    ],
    [{ OVERTIME_IGNORE_CASE: 'yes' }, 'OVERTIME_IGNORE_CASE is "yes": give true or false.'],
    [{ OVERTIME_WORKERS: 'some' }, 'OVERTIME_WORKERS is "some": give tasks or service.'],
    [
      { OVERTIME_WORKERS: 'service' },
      'OVERTIME_SERVICE is not set. The Overtime module sets it; set it to run this program by hand.',
    ],
    [{ OVERTIME_MAX_WORKERS: '0' }, 'OVERTIME_MAX_WORKERS is "0": give a whole number from 1 to 1000.'],
    [
      { OVERTIME_MIN_WORKERS: '5' },
      'OVERTIME_MIN_WORKERS is "5" and OVERTIME_MAX_WORKERS "4": give a least that is no more than the most.',
    ],
    [
      { OVERTIME_TASK_DEFINITION: 'render:latest' },
      'OVERTIME_TASK_DEFINITION is "render:latest": give a task definition\'s family, family:revision or ARN.',
    ],
    [{ OVERTIME_SUBNETS: ' , ' }, 'OVERTIME_SUBNETS names nothing: give at least one, with commas between them.'],
    [{ OVERTIME_ASSIGN_PUBLIC_IP: 'yes' }, 'OVERTIME_ASSIGN_PUBLIC_IP is "yes": give ENABLED or DISABLED.'],
    [
      { OVERTIME_CAPACITY: 'SPOT' },
      'OVERTIME_CAPACITY is SPOT: give FARGATE, FARGATE_SPOT, EC2, or a capacity provider strategy such as ' +
        '[{"capacityProvider": "FARGATE_SPOT", "weight": 3}, {"capacityProvider": "FARGATE", "weight": 1}].',
    ],
    [{ OVERTIME_CAPACITY_FALLBACK: 'EC2' }, 'OVERTIME_CAPACITY_FALLBACK is "EC2": give FARGATE, or leave it out.'],
  ])('%j', (change, problem) => {
    expect(problemOf(change)).toBe(`INVALID_SETTING: ${problem}`);
  });
});
