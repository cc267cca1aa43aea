/**
 * Why the watcher stops a task. ECS repeats the text as the task's stoppedReason, by which the end is told apart from
 * others. StopTask takes 255 characters.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_StopTask.html
 */
export const STOP_REASONS = {
  overdue: 'Stopped by Overtime: its runner did not end it when its time was up',
  cancelled: 'Stopped by Overtime: its run was cancelled',
  notBegun: 'Stopped by Overtime: its runner did not begin the run',
  timedOut: 'Stopped by Overtime: its run has no time left',
  notStarted: 'Stopped by Overtime: its containers did not start',
} as const;

export type StopReason = keyof typeof STOP_REASONS;
