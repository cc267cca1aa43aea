import type { RunTaskCommandInput, TaskDefinition } from '@aws-sdk/client-ecs';
import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import type { Clock } from '../shared/clock';
import type { LaunchMessage } from '../shared/launch-message';
import type { WriteResult } from '../shared/ledger/table';
import type { Log } from '../shared/log';
import type { EndedRun } from '../shared/metrics';
import type { Delivery, ReportedError, RunRecord, RunStatus } from '../shared/run';
import type { ListCursor } from './list-query';
import type { Upload } from './overrides';
import type { TurnOf } from './pacer';
import type { StarterSettings } from './settings';
import type { TaskOutcome } from './task-outcome';

/** An attempt of a run: each write to a row is for one, and none if the row has gone on to the next. */
export interface Attempt {
  readonly runId: string;
  readonly attempt: number;
}

/** What the starter writes once ECS has accepted a task. */
export interface StartedTask {
  readonly cluster: string;
  readonly taskDefinition: string;
  readonly taskArn: string;
  /** When the sweep looks after it. */
  readonly checkAt: string;
}

/** The ledger, as the starter needs it. Every write is conditional. */
export interface Ledger {
  readonly find: (runId: string) => Promise<RunRecord | undefined>;
  /** Writes a row where there is none; else gives the one that is there. */
  readonly create: (record: RunRecord) => Promise<RunRecord | undefined>;
  /** PENDING becomes STARTING; any other state stays. Either way the task is noted. Gives the state after it. */
  readonly markStarting: (attempt: Attempt, task: StartedTask) => Promise<RunStatus>;
  /** PENDING becomes FAILED; any other state stays, and so does the row: then `undefined`. Gives the row after it. */
  readonly markFailed: (row: RunRecord, error: ReportedError, now: Date) => Promise<RunRecord | undefined>;
  /** Notes the place that is tried next. False where the row is no longer PENDING at the one before. */
  readonly noteVariant: (attempt: Attempt, variant: number) => Promise<boolean>;
  /** The sweep leaves the row alone until then. Does nothing to a row that is not PENDING. */
  readonly postponeCheck: (attempt: Attempt, checkAt: string) => Promise<void>;
  /**
   * Replaces the delivery of a run. One that has ended is delivered anew, from `checkAt` on. Gives the run's state;
   * `undefined` where there is no such run.
   */
  readonly renewDelivery: (runId: string, delivery: Delivery, checkAt: string) => Promise<RunStatus | undefined>;
}

export type Turn =
  /** `line` is the launch that stands last in the queue, if any does. */
  | { readonly kind: 'now'; readonly line: string | undefined }
  /** Others wait in the queue: it is not a newcomer's turn. */
  | { readonly kind: 'line' }
  | { readonly kind: 'wait'; readonly milliseconds: number };

/** The launch pacer; pacer.ts says what it keeps. */
export interface Pacer {
  /** Each turn is for one RunTask, at once. */
  readonly takeTurn: (turnOf: TurnOf) => Promise<Turn>;
  readonly joinLine: (launchId: string) => Promise<void>;
  /** Does nothing where another launch is the last. */
  readonly leaveLine: (launchId: string) => Promise<void>;
}

/** The rows that a query of an index found: of each what the index holds. */
interface RunPage {
  readonly rows: readonly unknown[];
  /** Of the last row that was read, where there may be more. */
  readonly lastKey: Readonly<Record<string, string>> | undefined;
}

/** Who cancels a run, and what the row and all who wait for the outcome are told. */
interface Canceller {
  /** By which a write is known again whose answer was lost. */
  readonly id: string;
  readonly error: ReportedError;
}

/** The ledger, as lists and cancels need it. */
export interface Runs {
  readonly query: (cursor: ListCursor, limit: number) => Promise<RunPage>;
  /** PENDING, STARTING or RUNNING becomes CANCELLED; any other state stays. */
  readonly cancel: (record: RunRecord, by: Canceller, now: Date) => Promise<WriteResult>;
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
  readonly pacer: Pacer;
  /**
   * @throws {FunctionNotFound} when Lambda does not know it
   * @throws {FunctionAccessDenied} when the starter may not read it
   */
  readonly lookUpFunction: (arn: string) => Promise<FunctionConfiguration>;
  /**
   * Of a family the newest revision that is ACTIVE.
   *
   * @throws {TaskDefinitionNotFound} when ECS does not know it
   * @throws {TaskDefinitionAccessDenied} when the starter may not read it
   */
  readonly describeTaskDefinition: (name: string) => Promise<TaskDefinition>;
  readonly uploadInput: (upload: Upload) => Promise<void>;
  readonly runTask: (input: RunTaskCommandInput) => Promise<TaskOutcome>;
  readonly runs: Runs;
  /**
   * Does nothing to a task that has stopped.
   *
   * @throws {TaskNotStopped} when ECS refuses
   */
  readonly stopTask: (stop: TaskStop) => Promise<void>;
  readonly queueLaunch: (message: LaunchMessage, deduplicationId: string) => Promise<void>;
  /** Has the watcher deliver the outcome of a run that is closed. */
  readonly settle: (runId: string) => Promise<void>;
  /** Tells the metrics of a run that the starter itself has closed. */
  readonly countRun: (run: EndedRun) => Promise<void>;
}

export interface StarterDeps {
  readonly ports: StarterPorts;
  readonly settings: StarterSettings;
  readonly now: Clock;
  readonly log: Log;
  /** Until Lambda ends this invocation. */
  readonly remainingMilliseconds: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
}
