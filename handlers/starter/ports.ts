import type { RunTaskCommandInput } from '@aws-sdk/client-ecs';
import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import type { Clock } from '../shared/clock';
import type { Log } from '../shared/log';
import type { Delivery, ReportedError, RunRecord, RunStatus } from '../shared/run';
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
  /**
   * Replaces the delivery of a run. One that has ended is delivered anew, from `checkAt` on. Gives the run's state;
   * `undefined` where there is no such run.
   */
  readonly renewDelivery: (runId: string, delivery: Delivery, checkAt: string) => Promise<RunStatus | undefined>;
}

/** All that a start does to the world. */
export interface StarterPorts {
  readonly ledger: Ledger;
  /**
   * @throws {FunctionNotFound} when Lambda does not know it
   * @throws {FunctionAccessDenied} when the starter may not read it
   */
  readonly lookUpFunction: (arn: string) => Promise<FunctionConfiguration>;
  readonly uploadInput: (upload: Upload) => Promise<void>;
  readonly runTask: (input: RunTaskCommandInput) => Promise<TaskOutcome>;
}

export interface StarterDeps {
  readonly ports: StarterPorts;
  readonly settings: StarterSettings;
  readonly now: Clock;
  readonly log: Log;
}
