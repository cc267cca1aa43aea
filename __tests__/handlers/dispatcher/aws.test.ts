import { createHash } from 'node:crypto';
import { ECSClient } from '@aws-sdk/client-ecs';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { storedObjects } from '../../../handlers/dispatcher/aws/objects';
import { queueDepthOf, queueSender } from '../../../handlers/dispatcher/aws/queue';
import { ecsWorkers } from '../../../handlers/dispatcher/aws/tasks';
import type { ObjectMessage } from '../../../handlers/dispatcher/batches';
import { type AwsAnswer, type AwsServer, startAwsServer } from '../../support/aws-server';

const QUEUE_URL = 'https://sqs.eu-west-1.amazonaws.com/123456789012/scenes';

let answers: AwsAnswer[] = [];
let server: AwsServer;
let from = 0;

beforeAll(async () => {
  server = await startAwsServer(() => answers.shift() ?? { status: 500, body: { message: 'No answer is left.' } });
});

afterAll(() => server.close());

/** Settings of a client that asks once, and the server that gives `given` in turn. */
function clientThatGets(...given: readonly AwsAnswer[]) {
  answers = [...given];
  from = server.requests.length;
  return {
    region: 'eu-west-1',
    endpoint: server.endpoint,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    maxAttempts: 1,
  };
}

const asked = () => server.requests.slice(from).map(({ action, body }) => [action, JSON.parse(body)]);

const refusal = (type: string, status = 400): AwsAnswer => ({ status, body: { __type: type, message: 'why' } });

describe('the queue', () => {
  const plain: ObjectMessage = { id: '0', body: '{}', order: undefined };
  const ordered: ObjectMessage = { id: '1', body: '[]', order: { groupId: 'g', deduplicationId: 'd' } };
  const taken = ({ id, body }: ObjectMessage) => ({
    Id: id,
    MessageId: id,
    MD5OfMessageBody: createHash('md5').update(body).digest('hex'),
  });
  const sender = (...given: readonly AwsAnswer[]) =>
    queueSender(new SQSClient({ ...clientThatGets(...given), useQueueUrlAsEndpoint: false }), QUEUE_URL);

  test('gets a batch with one call, with the order of those that have one', async () => {
    const send = sender({ body: { Successful: [taken(plain), taken(ordered)], Failed: [] } });

    await expect(send([plain, ordered])).resolves.toEqual([]);
    expect(asked()).toEqual([
      [
        'SendMessageBatch',
        {
          QueueUrl: QUEUE_URL,
          Entries: [
            { Id: '0', MessageBody: '{}' },
            { Id: '1', MessageBody: '[]', MessageGroupId: 'g', MessageDeduplicationId: 'd' },
          ],
        },
      ],
    ]);
  });

  test.each([
    [
      'that SQS could not take',
      { Code: 'InternalError', Message: 'why', SenderFault: false },
      'InternalError: why',
      true,
    ],
    ['that are wrong', { Code: 'InvalidMessageContents', SenderFault: true }, 'InvalidMessageContents', false],
    ['whose key is called too often', { Code: 'KmsThrottled', SenderFault: true }, 'KmsThrottled', true],
  ])('names those of a batch %s', async (_, failure, reason, isPassing) => {
    const send = sender({ body: { Successful: [taken(plain)], Failed: [{ Id: '1', ...failure }] } });

    await expect(send([plain, ordered])).resolves.toEqual([{ id: '1', reason, isPassing }]);
  });

  test.each([
    ['throttling', refusal('ThrottlingException'), true],
    ['a fault of its own', refusal('InternalError', 500), true],
    ['an answer that is lost', { isLost: true }, true],
    ['no permission', refusal('AccessDeniedException', 403), false],
    ['no such queue', refusal('QueueDoesNotExist'), false],
  ])('takes none of a batch after %s', async (_, answer, isPassing) => {
    const unsent = await sender(answer)([plain, ordered]);

    expect(unsent.map(({ id, isPassing: mayPass }) => [id, mayPass])).toEqual([
      ['0', isPassing],
      ['1', isPassing],
    ]);
  });

  test('tells how many messages it has', async () => {
    const depth = queueDepthOf(
      new SQSClient({
        ...clientThatGets({
          body: {
            Attributes: {
              ApproximateNumberOfMessages: '3',
              ApproximateNumberOfMessagesNotVisible: '2',
              ApproximateNumberOfMessagesDelayed: '1',
            },
          },
        }),
        useQueueUrlAsEndpoint: false,
      }),
      QUEUE_URL,
    );

    await expect(depth()).resolves.toEqual({ waiting: 3, inFlight: 2, delayed: 1 });
    expect(asked()).toEqual([
      [
        'GetQueueAttributes',
        {
          QueueUrl: QUEUE_URL,
          AttributeNames: [
            'ApproximateNumberOfMessages',
            'ApproximateNumberOfMessagesNotVisible',
            'ApproximateNumberOfMessagesDelayed',
          ],
        },
      ],
    ]);
  });
});

describe('an object in S3', () => {
  const head = (...given: readonly AwsAnswer[]) =>
    storedObjects(new S3Client({ ...clientThatGets(...given), forcePathStyle: true }), QUEUE_URL);
  const headers = {
    etag: '"e1"',
    'content-length': '12',
    'last-modified': 'Fri, 27 Nov 2026 11:00:00 GMT',
    'x-amz-version-id': 'v1',
  };
  const there = { kind: 'there', versionId: 'v1', eTag: 'e1', sizeBytes: 12, modifiedAt: '2026-11-27T11:00:00.000Z' };

  test.each([
    ['that somebody put there', {}, false],
    ['that a worker made', { 'x-amz-meta-overtime-source': 's3://uploads/scene.zip?etag=e0' }, true],
    [
      "that another queue's worker made",
      { 'x-amz-meta-overtime-source': 's3://b/k', 'x-amz-meta-overtime-queue': 'q' },
      false,
    ],
  ])('%s', async (_, metadata, isOutput) => {
    const look = head({ headers: { ...headers, ...metadata } });

    await expect(look({ bucket: 'uploads', key: 'a b+c', versionId: 'v1' })).resolves.toEqual({ ...there, isOutput });
    const [request] = server.requests.slice(from);
    expect([request?.method, request?.url]).toEqual(['HEAD', '/uploads/a%20b%2Bc?versionId=v1']);
  });

  test.each([
    ['that is not there', 404],
    ['whose version is a delete marker', 405],
  ])('%s is gone', async (_, status) => {
    await expect(head({ status })({ bucket: 'uploads', key: 'a' })).resolves.toEqual({ kind: 'gone' });
  });

  test('that must not be seen is no object that is gone', async () => {
    await expect(head({ status: 403 })({ bucket: 'uploads', key: 'a' })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 403 },
    });
  });
});

describe('the workers in ECS', () => {
  const workers = (...given: readonly AwsAnswer[]) => ecsWorkers(new ECSClient(clientThatGets(...given)));

  test('are listed page by page: those that are to run', async () => {
    const listed = workers({ body: { taskArns: ['1', '2'], nextToken: 'more' } }, { body: { taskArns: ['3'] } });

    await expect(listed.listTasks('overtime', 'render')).resolves.toEqual(['1', '2', '3']);
    const request = { cluster: 'overtime', family: 'render', desiredStatus: 'RUNNING' };
    expect(asked()).toEqual([
      ['ListTasks', request],
      ['ListTasks', { ...request, nextToken: 'more' }],
    ]);
  });

  test('are described, 100 with one call', async () => {
    const task = (taskArn: string, more: Record<string, unknown>) => ({ taskArn, ...more });
    const taskArns = [
      'live',
      'stopping',
      'stopped',
      'never',
      'unknown',
      ...Array.from({ length: 96 }, (_, n) => `${n}`),
    ];
    const described = workers(
      {
        body: {
          tasks: [
            task('live', { lastStatus: 'PENDING', desiredStatus: 'RUNNING' }),
            task('stopping', { lastStatus: 'RUNNING', desiredStatus: 'STOPPED' }),
            task('stopped', { lastStatus: 'STOPPED', stopCode: 'EssentialContainerExited', stoppedReason: 'ended' }),
            task('never', { lastStatus: 'STOPPED', stopCode: 'TaskFailedToStart', stoppedReason: 'no image' }),
          ],
          failures: [{ arn: 'unknown', reason: 'MISSING' }],
        },
      },
      { body: { tasks: [task('95', { lastStatus: 'RUNNING', desiredStatus: 'RUNNING' })] } },
    );

    const states = await described.describeTasks('overtime', taskArns);

    expect(['live', 'stopping', 'stopped', 'never', 'unknown', '95'].map((taskArn) => states.get(taskArn))).toEqual([
      { kind: 'live', hasRun: false },
      { kind: 'stopped', neverRan: undefined },
      { kind: 'stopped', neverRan: undefined },
      { kind: 'stopped', neverRan: 'no image' },
      { kind: 'unknown' },
      { kind: 'live', hasRun: true },
    ]);
    expect(asked()).toEqual([
      ['DescribeTasks', { cluster: 'overtime', tasks: taskArns.slice(0, 100) }],
      ['DescribeTasks', { cluster: 'overtime', tasks: ['95'] }],
    ]);
  });

  test.each([
    [
      'tasks',
      { body: { tasks: [{ taskArn: '1', taskDefinitionArn: 'd' }], failures: [] } },
      { kind: 'accepted', taskArns: ['1'], taskDefinition: 'd', failures: [] },
    ],
    [
      'a 200 without tasks',
      { body: { tasks: [], failures: [{ reason: 'RESOURCE:CPU' }] } },
      { kind: 'capacity', reason: 'RESOURCE:CPU' },
    ],
    ['throttling', refusal('ThrottlingException'), { kind: 'throttled', reason: 'ThrottlingException: why' }],
    [
      'a refusal',
      refusal('AccessDeniedException'),
      {
        kind: 'access',
        reason: expect.stringMatching(
          /^AccessDeniedException: why The dispatcher's role may run the queue worker's own/,
        ),
      },
    ],
  ])('are started: %s', async (_, answer, outcome) => {
    await expect(workers(answer).runTask({ taskDefinition: 'render', count: 2 })).resolves.toEqual(outcome);
    expect(asked()).toEqual([['RunTask', expect.objectContaining({ taskDefinition: 'render', count: 2 })]]);
  });

  test('of a service are told of as many as it is to have, and as run', async () => {
    const service = workers({ body: { services: [{ desiredCount: 3, runningCount: 1 }] } }, { body: { service: {} } });

    await expect(service.serviceTasks('overtime', 'renderers')).resolves.toEqual({ desired: 3, running: 1 });
    await service.setDesiredCount('overtime', 'renderers', 5);
    expect(asked()).toEqual([
      ['DescribeServices', { cluster: 'overtime', services: ['renderers'] }],
      ['UpdateService', { cluster: 'overtime', service: 'renderers', desiredCount: 5 }],
    ]);
  });

  test('of a service that is not there are told of with what to do', async () => {
    const service = workers({ body: { services: [], failures: [{ reason: 'MISSING' }] } });

    await expect(service.serviceTasks('overtime', 'renderers')).rejects.toMatchObject({
      name: 'SERVICE_NOT_FOUND',
      message:
        'ECS has no service renderers in the cluster overtime: deploy the module again, or set OVERTIME_SERVICE.',
    });
  });
});
