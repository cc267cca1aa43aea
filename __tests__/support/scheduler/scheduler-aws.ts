import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { type AwsAnswer, type AwsRequest, type AwsServer, startAwsServer } from '../aws-server';
import { FakeTable } from '../fake-dynamodb';
import { updateAnswer } from '../update-answer';

export const SCHEDULES_TABLE = 'overtime-schedules';
export const STATES_TABLE = 'overtime-schedule-states';
const LEDGER_TABLE = 'overtime-runs';

type Item = Record<string, AttributeValue>;

/** A start that the starter was asked for. */
export interface Start {
  readonly key: string;
  readonly request: Readonly<Record<string, unknown>>;
  readonly at: number;
}

export interface SchedulerAws {
  readonly server: AwsServer;
  readonly schedules: FakeTable;
  readonly states: FakeTable;
  readonly ledger: FakeTable;
  /** Every request that the starter got, in order. */
  readonly starts: Start[];
  /** The runs that came of them: one for each idempotency key. */
  readonly runs: Map<string, string>;
  /** Told to fail: gives an answer in place of the right one. */
  fault: (action: string, request: Readonly<Record<string, unknown>>) => AwsAnswer | undefined;
  /** Writes a row and tells of it, as the registrar does. */
  readonly put: (row: Readonly<Record<string, unknown>>) => void;
  readonly remove: (id: string) => void;
}

const PAGE_ROWS = 500;

export const throttled: AwsAnswer = {
  status: 400,
  body: { __type: 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException', message: 'too much' },
};

function scanned(table: FakeTable, request: Readonly<Record<string, unknown>>): AwsAnswer {
  const [segment, of] = [Number(request['Segment'] ?? 0), Number(request['TotalSegments'] ?? 1)];
  const after = (request['ExclusiveStartKey'] as Item | undefined)?.['id']?.S;
  const keys = table.keys.filter((_, index) => index % of === segment);
  const from = after === undefined ? 0 : keys.indexOf(after) + 1;
  const page = keys.slice(from, from + Number(request['Limit'] ?? PAGE_ROWS));
  const last = page.at(-1);
  return {
    body: {
      Items: page.map((key) => table.item(key)),
      ...(last === undefined || from + page.length >= keys.length ? {} : { LastEvaluatedKey: { id: { S: last } } }),
    },
  };
}

/** A server that plays the parts of DynamoDB and of the starter's function, as far as the scheduler uses them. */
export async function startSchedulerAws(): Promise<SchedulerAws> {
  const tables = new Map([SCHEDULES_TABLE, STATES_TABLE].map((name) => [name, new FakeTable(name, 'id')] as const));
  const [schedules, states] = [...tables.values()];
  const ledger = new FakeTable(LEDGER_TABLE, 'runId');
  if (schedules === undefined || states === undefined) {
    throw new Error('There are two tables.');
  }
  const tableOf = (name: unknown) => tables.get(String(name)) ?? ledger;
  const starts: Start[] = [];
  const runs = new Map<string, string>();

  const start = (request: Readonly<Record<string, unknown>>): AwsAnswer => {
    if (request['action'] === 'cancel') {
      ledger.put({ ...ledger.get(String(request['runId'])), runId: request['runId'], status: 'CANCELLED' });
      return { body: { runId: request['runId'], status: 'CANCELLED', taskArns: [] } };
    }
    const key = String(request['idempotencyKey']);
    starts.push({ key, request, at: Date.now() });
    const runId = runs.get(key) ?? `run-${runs.size + 1}`;
    if (!runs.has(key)) {
      runs.set(key, runId);
      ledger.put({ runId, status: 'PENDING' });
    }
    return { body: { runId, taskArns: [], status: 'PENDING' } };
  };

  const answers: Readonly<Record<string, (request: Readonly<Record<string, unknown>>) => AwsAnswer>> = {
    Scan: (request) => scanned(tableOf(request['TableName']), request),
    GetItem: ({ TableName, Key }) => ({
      body: { Item: tableOf(TableName).item(String(Object.values(Key as Item)[0]?.S)) },
    }),
    BatchGetItem: ({ RequestItems }) => {
      const asked = Object.entries(RequestItems as Readonly<Record<string, { readonly Keys: readonly Item[] }>>);
      const found = asked.map(([name, { Keys }]) => {
        const items = Keys.map((key) => tableOf(name).item(String(key['id']?.S)));
        return [name, items.filter((item) => item !== undefined)];
      });
      return { body: { Responses: Object.fromEntries(found), UnprocessedKeys: {} } };
    },
    Query: (request) => ({ body: tableOf(request['TableName']).query(request as never, 'changed_at') }),
    UpdateItem: (request) => updateAnswer(tableOf(request['TableName']), request),
    Invoke: start,
  };

  const aws: SchedulerAws = {
    server: await startAwsServer(({ action, body }: AwsRequest) => {
      const called = action === '' ? 'Invoke' : action;
      const request: Readonly<Record<string, unknown>> = JSON.parse(body);
      return aws.fault(called, request) ?? answers[called]?.(request) ?? { status: 400 };
    }),
    schedules,
    states,
    ledger,
    starts,
    runs,
    fault: () => undefined,
    put: (row) => {
      schedules.put(row);
      tellChange(states, String(row['id']));
    },
    remove: (id) => {
      schedules.delete(id);
      tellChange(states, id);
    },
  };
  return aws;
}

function tellChange(states: FakeTable, id: string): void {
  const changedAt = new Date().toISOString();
  states.put({ ...states.get(id), id, change_minute: changedAt.slice(0, 16), changed_at: changedAt });
}
