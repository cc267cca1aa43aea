import type { StoppedTask } from './stopped-task';

/** A task that has not stopped; the times are ECS's. */
export interface LiveTask {
  readonly kind: 'live';
  readonly isStopping: boolean;
  readonly createdAt: Date | undefined;
  /** When its containers began to run. */
  readonly startedAt: Date | undefined;
}

/** What ECS says of a row's task. */
export type TaskView =
  /** The row names no task. */
  | { readonly kind: 'none' }
  | { readonly kind: 'missing' }
  | { readonly kind: 'stopped'; readonly task: StoppedTask }
  | LiveTask
  /** ECS could not be asked. */
  | { readonly kind: 'unknown' };
