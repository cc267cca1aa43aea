import { ECSClient } from '@aws-sdk/client-ecs';
import { FakeTable } from '../../../__tests__/support/fake-dynamodb';
import { VirtualTime } from '../../../__tests__/support/scheduler/virtual-time';
import { CONFIGURATION } from '../../../__tests__/support/starter/examples';
import { fakeLedger } from '../../../__tests__/support/starter/fake-world';
import { writePacerRow } from '../../../__tests__/support/starter/pacer-table';
import type { Log } from '../../../handlers/shared/log';
import type { RunRecord } from '../../../handlers/shared/run';
import type { PacerLimits } from '../../../handlers/starter/pacer';
import { type ClockOffset, observe, serverTime } from '../../../handlers/starter/server-time';
import { outcomeOfError } from '../../../handlers/starter/task-outcome';
import { turnsOf } from '../../../handlers/starter/turns';
import { type Account, HotRow, LATENCY, LaunchQueue, type RunTaskCall, settingsOf, type Time } from './account';
import { ThrottledEcs } from './ecs';

const SECOND = 1_000;

/** A whole number of seconds, so that the tables' clocks, which have no more, begin with a second. */
const BEGINNING = Date.UTC(2026, 10, 27, 12);

/** As the SDK throws it. */
class ThrottlingException extends Error {
  override readonly name = 'ThrottlingException';
  readonly $retryable = { throttling: true };
}

const nothing = () => undefined;
const NO_LOG: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };

const unused = () => Promise.reject(new Error('Nothing of that kind is simulated.'));

/**
 * Runs what needs a time of its own: its sleeps, and every timer that the SDK sets meanwhile, take none.
 *
 * @throws what `action` throws
 */
export async function inSimulatedTime<T>(action: (time: Time) => Promise<T>): Promise<T> {
  const virtual = new VirtualTime(BEGINNING);
  const realTimeout = globalThis.setTimeout;
  const sleep = (milliseconds: number) =>
    new Promise<void>((resolve) => {
      virtual.at(virtual.now + milliseconds, resolve);
    });
  // The SDK's retries wait with the global one, and take no other.
  Object.assign(globalThis, {
    setTimeout: (callback: () => void, milliseconds = 0) => void sleep(milliseconds).then(callback),
  });
  try {
    let isDone = false;
    const result = action({ now: () => virtual.now, sleep }).finally(() => {
      isDone = true;
    });
    while (!isDone) {
      await virtual.runUntil(virtual.now + SECOND);
    }
    return await result;
  } finally {
    globalThis.setTimeout = realTimeout;
  }
}

/** RunTask through a client's own strategy of retries, without the client: what it sends would take longer than all else. */
async function retriedCall(ecs: ThrottledEcs, { sleep }: Time): Promise<RunTaskCall> {
  const client = new ECSClient({ region: 'eu-west-1' });
  const strategy = await client.config.retryStrategy();
  if (!('acquireInitialRetryToken' in strategy)) {
    throw new Error('The SDK retries in another way than its standard one.');
  }
  return async (clientToken) => {
    let token = await strategy.acquireInitialRetryToken('ecs');
    for (;;) {
      await sleep(LATENCY.ecs / 2);
      const answer = ecs.runTask(clientToken);
      await sleep(LATENCY.ecs / 2);
      if (answer === 'accepted') {
        strategy.recordSuccess(token);
        return;
      }
      try {
        token = await strategy.refreshRetryTokenForRetry(token, { errorType: 'THROTTLING' });
      } catch {
        throw new ThrottlingException('Rate exceeded');
      }
    }
  };
}

/** An account in simulated time: the starter's code itself, over ports in memory that take as long as AWS's would. */
export function simulatedAccount(time: Time, limits: PacerLimits): Account {
  const { now, sleep } = time;
  const ecs = new ThrottledEcs(now);
  const launches = new LaunchQueue();
  const rows = new Map<string, RunRecord>();
  const ledger = fakeLedger(rows);
  const settings = settingsOf(limits);
  const tableName = settings.ledgerTable;
  const table = new FakeTable(tableName, 'runId');
  const row = new HotRow(time);

  const starter: Account['starter'] = () => {
    let offset: ClockOffset | undefined;
    const dynamoDb = async <T>(answer: () => T | Promise<T>): Promise<T> => {
      const sentAt = now();
      await sleep(LATENCY.dynamoDb / 2);
      const given = await answer();
      const date = Math.floor(now() / SECOND) * SECOND;
      await sleep(LATENCY.dynamoDb / 2);
      offset = observe(offset, { date, sentAt, receivedAt: now() });
      return given;
    };
    const call = retriedCall(ecs, time);
    return {
      settings,
      now: () => new Date(now()),
      log: NO_LOG,
      sleep,
      random: Math.random,
      ports: {
        ledger: {
          ...ledger,
          find: (runId) => dynamoDb(() => ledger.find(runId)),
          create: (record) => dynamoDb(() => ledger.create(record)),
          markStarting: (attempt, task) => dynamoDb(() => ledger.markStarting(attempt, task)),
          postponeCheck: (attempt, checkAt) => dynamoDb(() => ledger.postponeCheck(attempt, checkAt)),
        },
        pacer: turnsOf({
          tableName,
          limits,
          time: () => serverTime(now(), offset),
          write: (update) =>
            dynamoDb(async () => {
              await row.turn();
              return writePacerRow(table, update);
            }),
        }),
        lookUpFunction: async () => {
          await sleep(LATENCY.lambda);
          return CONFIGURATION;
        },
        runTask: async ({ clientToken = '' }) => {
          try {
            await (await call)(clientToken);
            return { kind: 'accepted', taskArns: [clientToken], taskDefinition: undefined, failures: [] };
          } catch (error) {
            return outcomeOfError(error);
          }
        },
        queueLaunch: async (message, deduplicationId) => {
          await sleep(LATENCY.sqs);
          launches.queue(message, deduplicationId);
        },
        describeTaskDefinition: unused,
        uploadInput: unused,
        runs: { query: unused, cancel: unused },
        stopTask: unused,
        settle: unused,
        countRun: unused,
      },
    };
  };

  return { time, ecs, launches, starter, runTaskCall: () => retriedCall(ecs, time) };
}
