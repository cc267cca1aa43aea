import { storable } from '../shared/bounded-error';
import type { Ending } from '../shared/ledger/ending';
import { STOP_REASONS } from './stop-reasons';
import type { StoppedTask } from './stopped-task';

type SilentStatus = Exclude<Ending['status'], 'SUCCEEDED'>;

/** What a stopped task has to show. */
export interface Facts {
  readonly stopCode: string | undefined;
  /** All reasons that ECS gives, the task's and its containers'. */
  readonly reasons: string;
  readonly exitCode: number | undefined;
}

export interface Cause {
  readonly matches: (facts: Facts) => boolean;
  readonly status: SilentStatus;
  readonly errorType: string;
  /** What it means, and what to do. */
  readonly text: string;
}

const hasReason = (pattern: RegExp) => (facts: Facts) => pattern.test(facts.reasons);
const hasStopCode =
  (...codes: readonly string[]) =>
  ({ stopCode }: Facts) =>
    stopCode !== undefined && codes.includes(stopCode);
export const hasExitCode =
  (code: number) =>
  ({ exitCode: actual }: Facts) =>
    actual === code;

/** 128 + SIGKILL. */
const KILLED = 137;

const REASON_CHARACTERS = 1_024;

/**
 * Why ECS stopped a task, whatever ran in it. The first that matches is the cause: what a container says counts before what the task does, and that before an exit
 * code, as a task that is stopped from outside has one, too.
 * Sources: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html and the pages that
 * it leads to; stopCode in https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html
 */
export const STOP_CAUSES: readonly Cause[] = [
  {
    matches: hasReason(/OutOfMemory/i),
    status: 'FAILED',
    errorType: 'OUT_OF_MEMORY',
    text: 'The task used more memory than it had, and was killed: give the run a larger memoryMiB.',
  },
  {
    matches: hasReason(new RegExp(STOP_REASONS.overdue)),
    status: 'TIMED_OUT',
    errorType: 'RUN_OVERDUE',
    text: 'The run did not end when its time was up, and its task was stopped: its log has the last that the runner did.',
  },
  {
    matches: hasReason(new RegExp(STOP_REASONS.notBegun)),
    status: 'FAILED',
    errorType: 'TASK_NOT_STARTED',
    text: 'The task was there, but its runner did not begin the run, and it was stopped: its log may say why.',
  },
  {
    matches: hasReason(new RegExp(STOP_REASONS.timedOut)),
    status: 'TIMED_OUT',
    errorType: 'RUN_TIMED_OUT',
    text: 'The container ran longer than the timeoutSeconds of its run, and its task was stopped: give it more time.',
  },
  {
    matches: hasReason(new RegExp(STOP_REASONS.notStarted)),
    status: 'FAILED',
    errorType: 'TASK_NOT_STARTED',
    text: 'ECS had the task, but did not bring its containers to run for hours, and it was stopped.',
  },
  {
    matches: (facts) =>
      hasStopCode('SpotInterruption', 'TerminationNotice')(facts) || hasReason(/Spot Task was interrupted/i)(facts),
    status: 'INTERRUPTED',
    errorType: 'SPOT_INTERRUPTION',
    text: 'AWS took the Spot capacity back: give the run retries, or capacity FARGATE, which is not taken back.',
  },
  {
    matches: hasStopCode('InfrastructureHealth'),
    status: 'INTERRUPTED',
    errorType: 'INFRASTRUCTURE_HEALTH',
    text: 'ECS stopped the task because what it ran on had failed: give the run retries.',
  },
  {
    matches: hasReason(/CannotPull\w*Error/),
    status: 'FAILED',
    errorType: 'IMAGE_PULL_FAILED',
    text:
      "The task's image could not be pulled: check that it was pushed under this name, that the execution role may " +
      'read the repository, and that the subnets have a way to it (NAT, endpoints, or a public address).',
  },
  {
    matches: hasReason(/network interface|\bENI\b|NetworkInterface/i),
    status: 'FAILED',
    errorType: 'NETWORK_INTERFACE_FAILED',
    text:
      'The task got no network interface: check that its subnets have free addresses and its security groups exist. ' +
      'EC2 is also slow now and then: give the run retries.',
  },
  {
    matches: hasReason(/ResourceInitializationError/),
    status: 'FAILED',
    errorType: 'RESOURCE_INITIALIZATION_FAILED',
    text:
      'ECS could not prepare the task: check the execution role, the log group, and that the subnets have a way to ' +
      'ECR, CloudWatch Logs and Secrets Manager (NAT, endpoints, or a public address).',
  },
  {
    matches: hasStopCode('TaskFailedToStart'),
    status: 'FAILED',
    errorType: 'TASK_FAILED_TO_START',
    text: 'ECS could not start the task.',
  },
  {
    matches: hasStopCode('UserInitiated', 'ServiceSchedulerInitiated'),
    status: 'INTERRUPTED',
    errorType: 'TASK_STOPPED',
    text: 'Somebody stopped the task. To end a run for good, without its retries, cancel it through the starter.',
  },
];

export const KILLED_CAUSE: Cause = {
  matches: hasExitCode(KILLED),
  status: 'FAILED',
  errorType: 'TASK_KILLED',
  text: 'The task was killed (SIGKILL), most often for want of memory: try a larger memoryMiB.',
};

/** What a stopped task has to show, of which its exit code is this one. */
export function factsOf(task: StoppedTask, exitCode: number | undefined): Facts {
  const { stopCode, stoppedReason } = task;
  const all = [stoppedReason, ...task.containers.map(({ reason }) => reason)].filter((text) => text !== undefined);
  return { stopCode, reasons: storable([...new Set(all)].join('; '), REASON_CHARACTERS), exitCode };
}

/** What ECS and the exit code say, as the ledger keeps it of every end. */
export function toldBy({ stoppedReason }: StoppedTask, { stopCode, exitCode }: Facts) {
  return {
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(stopCode === undefined ? {} : { stopCode }),
    ...(stoppedReason === undefined ? {} : { stoppedReason: storable(stoppedReason, REASON_CHARACTERS) }),
  };
}

/** The end of an attempt by this cause. */
export function endingBy({ status, errorType, text }: Cause, task: StoppedTask, facts: Facts): Ending {
  const { reasons, exitCode } = facts;
  const details = [
    ...(reasons === '' ? [] : [`ECS says: ${reasons}`]),
    ...(exitCode === undefined ? [] : [`exit code ${exitCode}`]),
  ].join(', ');
  return {
    status,
    error: { errorType, errorMessage: details === '' ? text : `${text} (${details})` },
    ...toldBy(task, facts),
  };
}
