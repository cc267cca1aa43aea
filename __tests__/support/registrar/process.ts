import { setTimeout as sleep } from 'node:timers/promises';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { type AwsAnswer, type AwsServer, startAwsServer } from '../aws-server';
import { holds, type Item, type Placeholders } from '../dynamodb-expressions';
import { FakeTable } from '../fake-dynamodb';
import { invokeLambda, type LambdaResult } from '../lambda-process';
import { updateAnswer } from '../update-answer';

export interface RegistrarAws {
  readonly server: AwsServer;
  readonly schedules: FakeTable;
  readonly states: FakeTable;
  /** What the starter was invoked with. */
  readonly starts: Readonly<Record<string, unknown>>[];
  /** Every operation, in order. */
  readonly operations: readonly string[];
  /** From now on each request is answered with HTTP 500. */
  breakDown(): void;
  readonly close: () => Promise<void>;
}

interface TableRequest extends Placeholders {
  readonly TableName: string;
  readonly Key?: Item;
  readonly Item?: Item;
  readonly ConditionExpression?: string;
  readonly ExclusiveStartKey?: Item;
  readonly Limit?: number;
}

const refused: AwsAnswer = {
  status: 400,
  body: {
    __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException',
    message: 'The conditional request failed',
  },
};

function answerTable(table: FakeTable, operation: string, request: TableRequest): AwsAnswer {
  const key = String((request.Key ?? request.Item)?.['id']?.S);
  if (operation === 'UpdateItem') {
    return updateAnswer(table, request);
  }
  if (request.ConditionExpression !== undefined && !holds(request.ConditionExpression, request, table.item(key))) {
    return refused;
  }
  switch (operation) {
    case 'GetItem':
      return { body: { Item: table.item(key) } };
    case 'PutItem':
      table.put(unmarshall(request.Item ?? {}));
      return { body: {} };
    case 'DeleteItem':
      table.delete(key);
      return { body: {} };
    case 'Scan': {
      const after = request.ExclusiveStartKey?.['id']?.S ?? '';
      const keys = [...table.keys].sort().filter((id) => id > after);
      const page = keys.slice(0, request.Limit);
      const last = keys.length > page.length ? page.at(-1) : undefined;
      return {
        body: {
          Items: page.map((id) => table.item(id)),
          ...(last === undefined ? {} : { LastEvaluatedKey: { id: { S: last } } }),
        },
      };
    }
    default:
      return { status: 400, body: { __type: 'UnknownOperationException', message: operation } };
  }
}

/** How long a broken DynamoDB takes to say so: all tries of a client together outlast every invocation of the tests. */
const OUTAGE_MILLISECONDS = 3_000;

/** A server that plays DynamoDB and Lambda. Each run is new but for the same idempotency key. */
export async function startRegistrarAws(): Promise<RegistrarAws> {
  const tables = [new FakeTable('schedules', 'id'), new FakeTable('schedule-states', 'id')] as const;
  const starts: Record<string, unknown>[] = [];
  const operations: string[] = [];
  let isBroken = false;
  const server = await startAwsServer(async ({ url, action, body }) => {
    const request = JSON.parse(body);
    if (action === '') {
      operations.push(`Invoke ${url}`);
      starts.push(request);
      const keys = [...new Set(starts.map((start) => start['idempotencyKey']))];
      return { body: { runId: `run-${keys.indexOf(request.idempotencyKey) + 1}`, taskArns: [], status: 'PENDING' } };
    }
    operations.push(`${action} ${request.TableName}`);
    if (isBroken) {
      await sleep(OUTAGE_MILLISECONDS);
      return { status: 500, body: { __type: 'InternalServerError', message: 'an outage' } };
    }
    const table = tables.find(({ name }) => name === request.TableName);
    return table === undefined
      ? {
          status: 400,
          body: {
            __type: 'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException',
            message: 'Requested resource not found',
          },
        }
      : answerTable(table, action, request);
  });
  const [schedules, states] = tables;
  const breakDown = () => {
    isBroken = true;
  };
  return { server, schedules, states, starts, operations, breakDown, close: () => server.close() };
}

/** Invokes the bundled registrar once, in a process of its own. */
export async function invokeRegistrar(
  { server }: Pick<RegistrarAws, 'server'>,
  file: string,
  event: unknown,
  environment: Readonly<Record<string, string>> = {},
  milliseconds = 600_000,
): Promise<LambdaResult | undefined> {
  const { result } = await invokeLambda(server, {
    file,
    event,
    environment: {
      OVERTIME_SCHEDULES_TABLE: 'schedules',
      OVERTIME_SCHEDULE_STATES_TABLE: 'schedule-states',
      OVERTIME_STARTER_FUNCTION: 'starter',
      ...environment,
    },
    milliseconds,
  });
  return result;
}
