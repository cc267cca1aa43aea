import { createHash } from 'node:crypto';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { type AwsAnswer, type AwsRequest, type AwsServer, startAwsServer } from './aws-server';
import { LEDGER_TABLE } from './fake-aws';
import { FakeTable } from './fake-dynamodb';
import { FakeRecipients } from './fake-recipients';
import { invokeLambda } from './lambda-process';
import { updateAnswer } from './update-answer';

export interface WatcherAws {
  readonly server: AwsServer;
  readonly table: FakeTable;
  /** By ARN, as DescribeTasks gives them. */
  readonly tasks: Map<string, Readonly<Record<string, unknown>>>;
  /** What each operation that changes something outside the ledger was asked for. */
  readonly recipients: FakeRecipients;
  readonly calls: { readonly action: string; readonly request: Readonly<Record<string, unknown>> }[];
}

/** A server that plays the parts of DynamoDB, ECS, SQS and Step Functions that the watcher uses. */
export async function startWatcherAws(): Promise<WatcherAws> {
  const table = new FakeTable(LEDGER_TABLE, 'runId');
  const tasks: WatcherAws['tasks'] = new Map();
  const calls: WatcherAws['calls'] = [];
  const recipients = new FakeRecipients();
  const answers: Readonly<Record<string, (request: Record<string, unknown>) => AwsAnswer>> = {
    GetItem: ({ Key }) => ({ body: { Item: table.item(String((Key as Record<string, AttributeValue>)['runId']?.S)) } }),
    Query: (request) => ({ body: table.query(request as never, 'checkAt') }),
    UpdateItem: (request) => updateAnswer(table, request),
    DescribeTasks: ({ tasks: arns }) => ({
      body: {
        tasks: (arns as string[]).flatMap((arn) => tasks.get(arn) ?? []),
        failures: (arns as string[]).flatMap((arn) => (tasks.has(arn) ? [] : [{ arn, reason: 'MISSING' }])),
      },
    }),
    StopTask: (request) => {
      calls.push({ action: 'StopTask', request });
      return { body: {} };
    },
    SendMessage: (request) => {
      calls.push({ action: 'SendMessage', request });
      const md5 = createHash('md5').update(String(request['MessageBody'])).digest('hex');
      return { body: { MessageId: '1', MD5OfMessageBody: md5 } };
    },
  };
  const server = await startAwsServer(({ action, body, headers }: AwsRequest) => {
    if (action.startsWith('SendTask')) {
      const request = { target: String(headers['x-amz-target']), path: [], body };
      const told = recipients.answer(request, () => undefined);
      return told === undefined ? { status: 404 } : { ...told, body: JSON.parse(told.body) };
    }
    const answer = answers[action];
    return answer === undefined
      ? { status: 400, body: { __type: 'UnknownOperationException', message: action } }
      : answer(JSON.parse(body));
  });
  return { server, table, tasks, recipients, calls };
}

/** The client takes a queue's URL for its endpoint. */
export function queueUrl({ endpoint }: AwsServer): string {
  return `${endpoint}/123456789012/launches.fifo`;
}

/** Invokes the bundled watcher once, in a process of its own. */
export const invokeWatcher = (
  { server }: WatcherAws,
  file: string,
  event: unknown,
  environment: Readonly<Record<string, string>> = {},
) =>
  invokeLambda(server, {
    file,
    event,
    environment: {
      OVERTIME_LEDGER_TABLE: LEDGER_TABLE,
      OVERTIME_LAUNCH_QUEUE_URL: queueUrl(server),
      ...environment,
    },
  });
