import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import type { RunTaskCommandInput } from '@aws-sdk/client-ecs';
import { type AwsAnswer, type AwsRequest, type AwsServer, startAwsServer } from '../aws-server';
import { FakeTable } from '../fake-dynamodb';
import { invokeLambda } from '../lambda-process';
import { updateAnswer } from '../update-answer';
import { ENVIRONMENT, FUNCTION_ARN } from './dispatcher-world';
import { FakeCluster } from './fake-cluster';

interface Entry {
  readonly Id: string;
  readonly MessageBody: string;
}

/** What the dispatcher's process talks to: SQS, S3, ECS and DynamoDB, as far as it uses them. */
export interface DispatcherAws {
  readonly server: AwsServer;
  readonly table: FakeTable;
  readonly cluster: FakeCluster;
  /** Bodies in the queue. */
  readonly queue: string[];
  /** By key: how often the queue does not take its message. */
  readonly busy: Map<string, number>;
  /** By `/bucket/key`: the metadata of objects in S3. */
  readonly objects: Map<string, Readonly<Record<string, string>>>;
  /** Of the service. */
  desired: number;
  /** Comes between a RunTask that was carried out and its answer. */
  beforeAnswer: () => Promise<void>;
  /** The actions that were asked for, in order. */
  readonly actions: () => readonly string[];
}

function head({ objects }: DispatcherAws, { url }: AwsRequest): AwsAnswer {
  const metadata = objects.get(decodeURIComponent(url.replace(/\?.*$/, '')));
  if (metadata === undefined) {
    return { status: 404 };
  }
  const named = Object.entries(metadata).map(([name, value]) => [`x-amz-meta-${name}`, value]);
  return { headers: { etag: '"e1"', 'content-length': '0', ...Object.fromEntries(named) } };
}

function sendBatch({ queue, busy }: DispatcherAws, entries: readonly Entry[]): AwsAnswer {
  const isBusy = ({ MessageBody }: Entry) => {
    const key = [...busy.keys()].find((name) => MessageBody.includes(JSON.stringify(name)));
    const left = busy.get(key ?? '') ?? 0;
    busy.set(key ?? '', left - 1);
    return left > 0;
  };
  const answers = entries.map((entry) => ({ entry, isTaken: !isBusy(entry) }));
  const taken = answers.flatMap(({ entry, isTaken }) => (isTaken ? [entry] : []));
  queue.push(...taken.map(({ MessageBody }) => MessageBody));
  return {
    body: {
      Successful: taken.map(({ Id, MessageBody }) => ({
        Id,
        MessageId: Id,
        MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex'),
      })),
      Failed: answers.flatMap(({ entry: { Id }, isTaken }) =>
        isTaken ? [] : [{ Id, Code: 'InternalError', SenderFault: false }],
      ),
    },
  };
}

async function runTask(aws: DispatcherAws, input: RunTaskCommandInput): Promise<AwsAnswer> {
  const outcome = aws.cluster.run(input);
  await aws.beforeAnswer();
  return outcome.kind === 'accepted'
    ? {
        body: {
          tasks: outcome.taskArns.map((taskArn) => ({ taskArn })),
          failures: outcome.failures.map((reason) => ({ reason })),
        },
      }
    : { body: { tasks: [], failures: [{ reason: outcome.reason }] } };
}

function describeTasks({ cluster }: DispatcherAws, taskArns: readonly string[]): AwsAnswer {
  const tasks = [...cluster.describe(taskArns)].flatMap(([taskArn, { kind }]) =>
    kind === 'unknown'
      ? []
      : [{ taskArn, lastStatus: kind === 'live' ? 'RUNNING' : 'STOPPED', stopCode: 'EssentialContainerExited' }],
  );
  return { body: { tasks } };
}

function answer(aws: DispatcherAws, request: AwsRequest): AwsAnswer | Promise<AwsAnswer> {
  if (request.method === 'HEAD') {
    return head(aws, request);
  }
  const input = JSON.parse(request.body);
  switch (request.action) {
    case 'SendMessageBatch':
      return sendBatch(aws, input.Entries);
    case 'GetQueueAttributes':
      return { body: { Attributes: { ApproximateNumberOfMessages: String(aws.queue.length) } } };
    case 'UpdateItem':
      return updateAnswer(aws.table, input);
    case 'ListTasks':
      return { body: { taskArns: aws.cluster.list() } };
    case 'DescribeTasks':
      return describeTasks(aws, input.tasks);
    case 'RunTask':
      return runTask(aws, input);
    case 'DescribeServices':
      return { body: { services: [{ desiredCount: aws.desired, runningCount: aws.desired }] } };
    case 'UpdateService':
      aws.desired = input.desiredCount;
      return { body: {} };
    default:
      return { status: 400, body: { __type: 'UnknownOperationException', message: request.action } };
  }
}

export async function startDispatcherAws(): Promise<DispatcherAws> {
  const server = await startAwsServer((request) => answer(aws, request));
  const aws: DispatcherAws = {
    server,
    table: new FakeTable('jobs', 'id'),
    cluster: new FakeCluster(Date.now),
    queue: [],
    busy: new Map(),
    objects: new Map(),
    desired: 0,
    beforeAnswer: async () => undefined,
    actions: () => server.requests.map(({ action, method }) => (method === 'HEAD' ? 'HeadObject' : action)),
  };
  return aws;
}

/** Invokes the bundled dispatcher once, in a process of its own, which `onStart` is given. */
export const invokeDispatcher = (
  { server }: DispatcherAws,
  file: string,
  event: unknown,
  environment: Readonly<Record<string, string>> = {},
  onStart?: (child: ChildProcess) => void,
) =>
  invokeLambda(server, {
    file,
    event,
    environment: { ...ENVIRONMENT, ...environment },
    functionArn: FUNCTION_ARN,
    ...(onStart === undefined ? {} : { onStart }),
  });
