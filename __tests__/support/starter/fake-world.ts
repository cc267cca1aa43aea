import type { RunTaskCommandInput } from '@aws-sdk/client-ecs';
import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import { jsonLog } from '../../../handlers/shared/log';
import { isFinal, OPEN, type RunRecord } from '../../../handlers/shared/run';
import { FunctionNotFound } from '../../../handlers/starter/errors';
import type { Upload } from '../../../handlers/starter/overrides';
import type { Ledger, StarterDeps, StarterPorts } from '../../../handlers/starter/ports';
import type { StarterSettings } from '../../../handlers/starter/settings';
import type { TaskOutcome } from '../../../handlers/starter/task-outcome';
import { CONFIGURATION, FUNCTION_ARN, SETTINGS } from './examples';

export const NOW = new Date('2026-11-20T12:00:00.000Z');

/** Keeps rows by the ledger's rules: no write leaves a final state, and none makes a second row. */
export function fakeLedger(rows: Map<string, RunRecord>): Ledger {
  const known = (runId: string) => {
    const row = rows.get(runId);
    if (row === undefined) {
      throw new Error('ConditionalCheckFailedException');
    }
    return row;
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
    markStarting: async (runId, task) => {
      const row = known(runId);
      const status = row.status === 'PENDING' ? 'STARTING' : row.status;
      rows.set(runId, { ...row, ...task, status });
      return status;
    },
    markFailed: async (runId, error, endedAt) => {
      const row = known(runId);
      if (row.status === 'PENDING') {
        rows.set(runId, { ...row, status: 'FAILED', error, endedAt });
      }
    },
    renewDelivery: async (runId, delivery, checkAt) => {
      const { deliveredAt, ...row } = known(runId);
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
    };
  };
}

export interface World {
  readonly rows: Map<string, RunRecord>;
  readonly tasks: Map<string, RunTaskCommandInput>;
  readonly uploads: Upload[];
  /** Every call that changes something, in order. */
  readonly calls: string[];
  readonly logLines: string[];
  readonly deps: StarterDeps;
}

export interface WorldChanges {
  readonly configuration?: FunctionConfiguration;
  readonly settings?: Partial<StarterSettings>;
  /** What ECS answers instead of starting a task. */
  readonly outcome?: TaskOutcome;
  readonly ports?: Partial<StarterPorts>;
  readonly ledger?: Partial<Ledger>;
}

/** A deployment in memory, with one function in it. */
export function fakeWorld(changes: WorldChanges = {}): World {
  const rows = new Map<string, RunRecord>();
  const tasks = new Map<string, RunTaskCommandInput>();
  const uploads: Upload[] = [];
  const calls: string[] = [];
  const logLines: string[] = [];
  const ledger: Ledger = { ...fakeLedger(rows), ...changes.ledger };
  const runTask = fakeTasks(tasks);
  const ports: StarterPorts = {
    ledger: {
      find: ledger.find,
      create: async (record) => {
        calls.push(`create ${record.status}`);
        return ledger.create(record);
      },
      markStarting: async (runId, task) => {
        calls.push('markStarting');
        return ledger.markStarting(runId, task);
      },
      markFailed: async (runId, error, endedAt) => {
        calls.push('markFailed');
        return ledger.markFailed(runId, error, endedAt);
      },
      renewDelivery: async (runId, delivery, checkAt) => {
        calls.push('renewDelivery');
        return ledger.renewDelivery(runId, delivery, checkAt);
      },
    },
    lookUpFunction: async (arn) => {
      if (arn !== FUNCTION_ARN) {
        throw new FunctionNotFound(`Lambda has no function ${arn}.`);
      }
      return changes.configuration ?? CONFIGURATION;
    },
    uploadInput: async (upload) => {
      calls.push('uploadInput');
      uploads.push(upload);
    },
    runTask: async (input) => {
      calls.push('runTask');
      return changes.outcome ?? runTask(input);
    },
    ...changes.ports,
  };
  const log = jsonLog(
    (line) => logLines.push(line),
    () => NOW,
  );
  const settings = { ...SETTINGS, ...changes.settings };
  return { rows, tasks, uploads, calls, logLines, deps: { ports, settings, now: () => NOW, log } };
}
