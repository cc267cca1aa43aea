import type { RunTaskCommandInput } from '@aws-sdk/client-ecs';
import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import type { Clock } from '../shared/clock';
import type { Log } from '../shared/log';
import type { ReportedError, RunRecord, RunStatus } from '../shared/run';
import type { ListCursor } from './list-query';
import type { Upload } from './overrides';
import type { StarterSettings } from './settings';
import type { TaskOutcome } from './task-outcome';

/** What the starter writes once ECS has accepted a task. */
export interface StartedTask {
  readonly cluster: string;
  readonly taskDefinition: string;
  readonly taskArn: string;
}

/** The ledger, as the starter needs it. Every write is conditional. */
export interface Ledger {
  readonly find: (runId: string) => Promise<RunRecord | undefined>;
  /** Writes a row where there is none; else gives the one that is there. */
  readonly create: (record: RunRecord) => Promise<RunRecord | undefined>;
  /** PENDING becomes STARTING; any other state stays. Either way the task is noted. Gives the state after it. */
  readonly markStarting: (runId: string, task: StartedTask) => Promise<RunStatus>;
  /** PENDING becomes FAILED; any other state stays, and so does the row. */
  readonly markFailed: (runId: string, error: ReportedError, endedAt: string) => Promise<void>;
}

/** The rows that a query of an index found: of each what the index holds. */
interface RunPage {
  readonly rows: readonly unknown[];
  /** Of the last row that was read, where there may be more. */
  readonly lastKey: Readonly<Record<string, string>> | undefined;
}

/** Who cancels a run, and what the row and all who wait for the outcome are told. */
export interface Canceller {
  /** By which a write is known again whose answer was lost. */
  readonly id: string;
  readonly error: ReportedError;
}

/** The ledger, as lists and cancels need it. */
export interface Runs {
  readonly query: (cursor: ListCursor, limit: number) => Promise<RunPage>;
  /** PENDING, STARTING or RUNNING becomes CANCELLED; any other state stays. Gives the row after it, if it is still there. */
  readonly cancel: (record: RunRecord, by: Canceller, now: Date) => Promise<RunRecord | undefined>;
}

/** A task to stop, and why, for those who look at the task. */
export interface TaskStop {
  readonly cluster: string;
  readonly taskArn: string;
  readonly reason: string;
}

/** All that the starter does to the world. */
export interface StarterPorts {
  readonly ledger: Ledger;
  /**
   * @throws {FunctionNotFound} when Lambda does not know it
   * @throws {FunctionAccessDenied} when the starter may not read it
   */
  readonly lookUpFunction: (arn: string) => Promise<FunctionConfiguration>;
  readonly uploadInput: (upload: Upload) => Promise<void>;
  readonly runTask: (input: RunTaskCommandInput) => Promise<TaskOutcome>;
  readonly runs: Runs;
  /**
   * Does nothing to a task that has stopped.
   *
   * @throws {TaskNotStopped} when ECS refuses
   */
  readonly stopTask: (stop: TaskStop) => Promise<void>;
  /** Has the watcher deliver the outcome of a run that is closed. */
  readonly settle: (runId: string) => Promise<void>;
}

export interface StarterDeps {
  readonly ports: StarterPorts;
  readonly settings: StarterSettings;
  readonly now: Clock;
  readonly log: Log;
}
