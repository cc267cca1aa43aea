import type { RunTaskCommandInput, TaskDefinition } from '@aws-sdk/client-ecs';
import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import type { LaunchMessage } from '../../../handlers/shared/launch-message';
import { isDeliveryDue } from '../../../handlers/shared/ledger/delivery-due';
import { jsonLog } from '../../../handlers/shared/log';
import { isFinal, OPEN, type RunRecord } from '../../../handlers/shared/run';
import type { Invocation } from '../../../handlers/starter/answer';
import { FunctionNotFound, TaskDefinitionNotFound } from '../../../handlers/starter/errors';
import type { Upload } from '../../../handlers/starter/overrides';
import type { Attempt, Ledger, StarterDeps, StarterPorts, TaskStop, Turn } from '../../../handlers/starter/ports';
import type { StarterSettings } from '../../../handlers/starter/settings';
import type { TaskOutcome } from '../../../handlers/starter/task-outcome';
import { CONFIGURATION, FUNCTION_ARN, SETTINGS, TASK_DEFINITION } from './examples';
import { fakeRuns } from './fake-runs';

export const NOW = new Date('2026-11-20T12:00:00.000Z');

/** What Lambda gives a starter: its own time-out. */
const LAMBDA_MILLISECONDS = 60_000;

/** Keeps rows by the ledger's rules: no write leaves a final state, none is for another attempt, none makes a second row. */
export function fakeLedger(rows: Map<string, RunRecord>): Ledger {
  const pending = ({ runId, attempt }: Attempt) => {
    const row = rows.get(runId);
    return row?.status === 'PENDING' && row.attempt === attempt ? row : undefined;
  };
  return {
    find: async (runId) => rows.get(runId),
    create: async (record) => {
      const existing = rows.get(record.runId);
      if (existing === undefined) {
        rows.set(record.runId, record);
      }
      return existing;
    },
    markStarting: async (attempt, { checkAt, ...task }) => {
      const row = rows.get(attempt.runId);
      if (row === undefined) {
        throw new Error('ConditionalCheckFailedException');
      }
      if (pending(attempt) !== undefined) {
        rows.set(row.runId, { ...row, ...task, checkAt, status: 'STARTING' });
      } else if (row.attempt === attempt.attempt) {
        rows.set(row.runId, { ...row, ...task });
      }
      return rows.get(row.runId)?.status ?? row.status;
    },
    markFailed: async (given, error, now) => {
      const row = pending(given);
      if (row === undefined) {
        return undefined;
      }
      const { open, checkAt, ...closed } = row;
      const kept = isDeliveryDue(row.delivery, 'FAILED') ? row : closed;
      rows.set(row.runId, { ...kept, status: 'FAILED', error, endedAt: now.toISOString() });
      return rows.get(given.runId);
    },
    noteVariant: async (attempt, variant) => {
      const row = pending(attempt);
      if (row === undefined || (row.launchVariant ?? 0) !== variant - 1) {
        return false;
      }
      rows.set(row.runId, { ...row, launchVariant: variant });
      return true;
    },
    postponeCheck: async (attempt, checkAt) => {
      const row = pending(attempt);
      if (row !== undefined) {
        rows.set(row.runId, { ...row, checkAt });
      }
    },
    renewDelivery: async (runId, delivery, checkAt) => {
      const found = rows.get(runId);
      if (found === undefined) {
        return undefined;
      }
      const { deliveredAt, ...row } = found;
      rows.set(runId, isFinal(row.status) ? { ...row, delivery, open: OPEN, checkAt } : { ...row, delivery });
      return row.status;
    },
  };
}

/** Starts one task per cluster and client token, as ECS does. */
export function fakeTasks(tasks: Map<string, RunTaskCommandInput>): StarterPorts['runTask'] {
  return async (input) => {
    const taskId = `${input.clientToken}`;
    tasks.set(taskId, tasks.get(taskId) ?? input);
    return {
      kind: 'accepted',
      taskArns: [`arn:aws:ecs:eu-west-1:123456789012:task/overtime/${taskId}`],
      taskDefinition: `arn:aws:ecs:eu-west-1:123456789012:task-definition/${input.taskDefinition}:7`,
      failures: [],
    };
  };
}

export interface QueuedLaunch {
  readonly message: LaunchMessage;
  readonly deduplicationId: string;
}

export interface World {
  readonly rows: Map<string, RunRecord>;
  readonly tasks: Map<string, RunTaskCommandInput>;
  /** Each RunTask, those that started nothing included. */
  readonly asked: RunTaskCommandInput[];
  readonly uploads: Upload[];
  /** The launch queue: SQS takes each deduplication id once. */
  readonly queue: QueuedLaunch[];
  readonly stops: TaskStop[];
  readonly settled: string[];
  /** Of each run that the starter closed, its last state. */
  readonly counted: string[];
  /** Every call that changes something, in order. */
  readonly calls: string[];
  readonly logLines: string[];
  /** Moves with each sleep, and takes no time. */
  readonly clock: { now: number };
  readonly deps: StarterDeps;
}

export interface WorldChanges {
  readonly configuration?: FunctionConfiguration;
  readonly definition?: TaskDefinition;
  readonly settings?: Partial<StarterSettings>;
  /** What ECS answers in turn instead of starting a task; the last one for good. */
  readonly outcomes?: readonly (TaskOutcome | 'starts')[];
  /** What the pacer answers in turn; the last one for good. */
  readonly turns?: readonly Turn[];
  readonly ports?: Partial<StarterPorts>;
  readonly ledger?: Partial<Ledger>;
  readonly lambdaMilliseconds?: number;
}

function inTurn<T>(answers: readonly T[], otherwise: T): () => T {
  let next = 0;
  return () => {
    const answer = answers[Math.min(next, answers.length - 1)] ?? otherwise;
    next += 1;
    return answer;
  };
}

/** A deployment in memory, with one function in it. */
export function fakeWorld(changes: WorldChanges = {}): World {
  const rows = new Map<string, RunRecord>();
  const tasks = new Map<string, RunTaskCommandInput>();
  const asked: RunTaskCommandInput[] = [];
  const uploads: Upload[] = [];
  const queue: QueuedLaunch[] = [];
  const stops: TaskStop[] = [];
  const settled: string[] = [];
  const counted: string[] = [];
  const calls: string[] = [];
  const logLines: string[] = [];
  const clock = { now: NOW.getTime() };
  const end = clock.now + (changes.lambdaMilliseconds ?? LAMBDA_MILLISECONDS);
  const startTask = fakeTasks(tasks);
  const outcome = inTurn<TaskOutcome | 'starts'>(changes.outcomes ?? [], 'starts');
  const turn = inTurn<Turn>(changes.turns ?? [], { kind: 'now', line: undefined });
  const ledger: Ledger = { ...fakeLedger(rows), ...changes.ledger };
  const runs = fakeRuns(rows);
  const noted =
    <Given extends unknown[], Answer>(name: string, call: (...given: Given) => Answer) =>
    (...given: Given): Answer => {
      calls.push(name);
      return call(...given);
    };
  const ports: StarterPorts = {
    ledger: {
      find: ledger.find,
      create: noted('create', ledger.create),
      markStarting: noted('markStarting', ledger.markStarting),
      markFailed: noted('markFailed', ledger.markFailed),
      noteVariant: noted('noteVariant', ledger.noteVariant),
      postponeCheck: ledger.postponeCheck,
      renewDelivery: noted('renewDelivery', ledger.renewDelivery),
    },
    pacer: {
      takeTurn: async () => turn(),
      joinLine: noted('joinLine', async () => {}),
      leaveLine: noted('leaveLine', async () => {}),
    },
    lookUpFunction: async (arn) => {
      if (arn !== FUNCTION_ARN) {
        throw new FunctionNotFound(`Lambda has no function ${arn}.`);
      }
      return changes.configuration ?? CONFIGURATION;
    },
    describeTaskDefinition: async (name) => {
      if (!name.startsWith('report')) {
        throw new TaskDefinitionNotFound(`ECS has no ACTIVE task definition ${name}.`);
      }
      return changes.definition ?? TASK_DEFINITION;
    },
    uploadInput: noted('uploadInput', async (upload: Upload) => {
      uploads.push(upload);
    }),
    runTask: noted('runTask', async (input: RunTaskCommandInput) => {
      asked.push(input);
      const answer = outcome();
      return answer === 'starts' ? startTask(input) : answer;
    }),
    queueLaunch: noted('queueLaunch', async (message: LaunchMessage, deduplicationId: string) => {
      if (!queue.some((one) => one.deduplicationId === deduplicationId)) {
        queue.push({ message, deduplicationId });
      }
    }),
    settle: noted('settle', async (runId: string) => {
      settled.push(runId);
    }),
    countRun: async ({ status }) => {
      counted.push(status);
    },
    runs: { ...runs, cancel: noted('cancel', runs.cancel) },
    stopTask: noted('stopTask', async (stop: TaskStop) => {
      stops.push(stop);
    }),
    ...changes.ports,
  };
  const log = jsonLog(
    (line) => logLines.push(line),
    () => NOW,
  );
  const deps: StarterDeps = {
    ports,
    settings: { ...SETTINGS, ...changes.settings },
    now: () => new Date(clock.now),
    log,
    remainingMilliseconds: () => end - clock.now,
    sleep: async (milliseconds) => {
      clock.now += milliseconds;
    },
    random: () => 0.5,
  };
  return { rows, tasks, asked, uploads, queue, stops, settled, counted, calls, logLines, clock, deps };
}

/** The row of a ledger that has one. */
export function onlyRow(world: World): RunRecord {
  const [row, ...more] = world.rows.values();
  if (row === undefined || more.length > 0) {
    throw new Error(`The ledger has ${world.rows.size} rows.`);
  }
  return row;
}

/** What Lambda says of an invocation of the starter. */
export function invocation(awsRequestId = 'id-1'): Invocation {
  return { awsRequestId, functionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:overtime-starter' };
}
