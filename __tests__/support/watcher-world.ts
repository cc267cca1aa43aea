import type { DeliveryResult } from '../../handlers/shared/delivery/deliver';
import { jsonLog } from '../../handlers/shared/log';
import { parseRunRecord } from '../../handlers/shared/run-record';
import type { WatcherDeps } from '../../handlers/watcher/ports';
import type { TaskView } from '../../handlers/watcher/task-view';
import { LEDGER_TABLE } from './fake-aws';
import { FakeTable } from './fake-dynamodb';
import { applyWrite } from './ledger-rows';

/** Lets a call wait for its turn, or fail, before it takes effect. */
type Turn = (call: string) => Promise<void>;

export interface WatcherWorld {
  readonly table: FakeTable;
  readonly tasks: Map<string, TaskView>;
  /** Deduplication ids of the launches that the queue took, in order. */
  readonly launches: string[];
  /** The status that each delivery told. */
  readonly deliveries: string[];
  readonly stops: string[];
  /** How often a row was marked as delivered. */
  readonly marks: () => number;
  readonly logLines: string[];
  /** Lines in CloudWatch's embedded metric format. */
  readonly metrics: string[];
  deliver: () => DeliveryResult;
  readonly watcher: (options: {
    readonly id: string;
    readonly now: Date;
    readonly turn?: Turn;
    /** The answer of every write gets lost, and the client sends it again. */
    readonly losesAnswers?: boolean;
  }) => WatcherDeps;
}

/** A deployment in memory: a table with DynamoDB's conditions, a FIFO queue that drops duplicates, and ECS's tasks. */
export function watcherWorld(): WatcherWorld {
  const table = new FakeTable(LEDGER_TABLE, 'runId');
  let marks = 0;
  const world: WatcherWorld = {
    table,
    tasks: new Map(),
    launches: [],
    deliveries: [],
    stops: [],
    marks: () => marks,
    logLines: [],
    metrics: [],
    deliver: () => ({ kind: 'delivered' }),
    watcher: ({ id, now, turn = async () => undefined, losesAnswers = false }) => ({
      ledgerTable: LEDGER_TABLE,
      watcherId: id,
      now: () => now,
      log: jsonLog(
        (line) => world.logLines.push(line),
        () => now,
        { watcher: id },
      ),
      print: (line) => world.metrics.push(line),
      remainingMilliseconds: () => 60_000,
      ports: {
        ledger: {
          find: async (runId) => {
            await turn(`${id} reads`);
            const row = table.get(runId);
            return row === undefined ? undefined : parseRunRecord(row);
          },
          due: async () => {
            await turn(`${id} queries`);
            const { Items } = table.query(
              {
                TableName: LEDGER_TABLE,
                KeyConditionExpression: 'open = :open AND checkAt <= :now',
                ExpressionAttributeValues: { ':open': { S: 'open' }, ':now': { S: now.toISOString() } },
              },
              'checkAt',
            );
            return { runIds: Items.map((item) => String(item['runId']?.S)), next: undefined };
          },
          write: async (write) => {
            await turn(`${id} writes`);
            const hadMark = table.get(String(write.update.Key?.['runId']))?.['deliveredAt'] !== undefined;
            const first = applyWrite(table, write);
            marks += !hadMark && first.record?.deliveredAt !== undefined ? 1 : 0;
            if (!losesAnswers) {
              return first;
            }
            await turn(`${id} writes again`);
            return applyWrite(table, write);
          },
        },
        describeTasks: async (_, taskArns) => {
          await turn(`${id} describes`);
          return new Map(taskArns.map((arn) => [arn, world.tasks.get(arn) ?? { kind: 'missing' }]));
        },
        stopTask: async (_, taskArn) => {
          await turn(`${id} stops`);
          world.stops.push(taskArn);
        },
        sendLaunch: async (_, deduplicationId) => {
          await turn(`${id} launches`);
          if (!world.launches.includes(deduplicationId)) {
            world.launches.push(deduplicationId);
          }
        },
        deliver: async ({ status }) => {
          await turn(`${id} delivers`);
          const result = world.deliver();
          world.deliveries.push(status);
          return result;
        },
      },
    }),
  };
  return world;
}
