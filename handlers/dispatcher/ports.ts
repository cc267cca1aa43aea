import type { RunTaskCommandInput } from '@aws-sdk/client-ecs';
import type { Clock } from '../shared/clock';
import type { Log } from '../shared/log';
import type { TaskOutcome } from '../starter/task-outcome';
import type { ObjectMessage } from './batches';
import type { LaunchMemory } from './launch-memory';
import type { DispatcherSettings } from './settings';
import type { ServiceTasks } from './shortfall';

/** A message that a batch has not brought into the queue. */
export interface UnsentMessage {
  readonly id: string;
  readonly reason: string;
  /** The same message may be taken later. */
  readonly isPassing: boolean;
}

/** How many messages the queue has, as SQS estimates. */
export interface QueueDepth {
  readonly waiting: number;
  readonly inFlight: number;
  readonly delayed: number;
}

/** What S3 tells of an object without giving it. */
export type StoredObject =
  | {
      readonly kind: 'there';
      /** It has the metadata of a worker's output. */
      readonly isOutput: boolean;
      readonly versionId: string | undefined;
      /** Without quotation marks. */
      readonly eTag: string | undefined;
      readonly sizeBytes: number | undefined;
      /** ISO 8601. */
      readonly modifiedAt: string | undefined;
    }
  | { readonly kind: 'gone' };

export interface ObjectName {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string | undefined;
}

/** What became of a task that was started. */
export type WorkerState =
  /** `hasRun`: its containers run, so that it is more than a promise. */
  | { readonly kind: 'live'; readonly hasRun: boolean }
  /** `reason`, where it never ran. */
  | { readonly kind: 'stopped'; readonly neverRan: string | undefined }
  /** ECS does not show it, or not yet. */
  | { readonly kind: 'unknown' };

type LockAnswer =
  | { readonly kind: 'locked'; readonly memory: LaunchMemory }
  /** `isAsked`: its owner looks again before it lets go. */
  | { readonly kind: 'busy'; readonly owner: string; readonly isAsked: boolean }
  /** So many dispatchers want it that it cannot be told who has it. */
  | { readonly kind: 'crowded' };

/**
 * Who may start workers, one dispatcher at a time, and what those before did. It is held for a while and not for ever:
 * a dispatcher that dies leaves it behind.
 */
export interface LaunchLock {
  readonly lock: (owner: string, now: number, until: number) => Promise<LockAnswer>;
  /** Has whoever holds it look again before it lets go. False where it has let go meanwhile. */
  readonly ask: (owner: string) => Promise<boolean>;
  /** Writes the memory down, and holds the lock for longer. False where it is held no more. */
  readonly note: (owner: string, memory: LaunchMemory, until: number) => Promise<boolean>;
  /** `asked`: it is still held, as somebody wants another look; not asked about where `isLast`. */
  readonly unlock: (owner: string, memory: LaunchMemory, isLast: boolean) => Promise<'unlocked' | 'asked' | 'lost'>;
}

export interface DispatcherPorts {
  /** Of one batch, the messages that are not in the queue. */
  readonly sendBatch: (messages: readonly ObjectMessage[]) => Promise<readonly UnsentMessage[]>;
  readonly queueDepth: () => Promise<QueueDepth>;
  readonly headObject: (name: ObjectName) => Promise<StoredObject>;
  readonly lock: LaunchLock;
  /** ARNs of the tasks of a family that ECS means to run. */
  readonly listTasks: (cluster: string, family: string) => Promise<readonly string[]>;
  readonly describeTasks: (cluster: string, taskArns: readonly string[]) => Promise<ReadonlyMap<string, WorkerState>>;
  readonly runTask: (input: RunTaskCommandInput) => Promise<TaskOutcome>;
  readonly serviceTasks: (cluster: string, service: string) => Promise<ServiceTasks>;
  readonly setDesiredCount: (cluster: string, service: string, count: number) => Promise<void>;
}

export interface DispatcherDeps {
  readonly ports: DispatcherPorts;
  readonly settings: DispatcherSettings;
  readonly now: Clock;
  readonly log: Log;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
  readonly newId: () => string;
  /** One line of standard output. */
  readonly print: (line: string) => void;
  /** Until Lambda ends this invocation. */
  readonly remainingMilliseconds: () => number;
  /** Of this function. */
  readonly functionArn: string;
}
