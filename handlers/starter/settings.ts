import * as v from 'valibot';
import { assignPublicIp, commaList, requiredCommaList } from '../shared/network-settings';
import { type Environment, optionalText, requiredText, SettingError, wholeNumber } from '../shared/settings';
import { type EventRequests, parseEventRequests } from './entrances/event-requests';
import { OVERFLOW_CAUSES, type OverflowCause } from './entrances/overflow';
import { TIMEOUT_SECONDS } from './limits';
import type { PacerLimits } from './pacer';

/** A task definition that the deployment made, for one runtime on one architecture or for one function. */
interface DeployedTaskDefinition {
  readonly family: string;
  /** As Lambda names it, e.g. nodejs22.x; `null` where it is for one function. */
  readonly runtime: string | null;
  /** x86_64 or arm64. */
  readonly architecture: string;
  /** ARN, without a qualifier, of the container-image function that it is for; `null` where it is for a runtime. */
  readonly function: string | null;
}

export interface StarterSettings {
  /** ARN or name. */
  readonly cluster: string;
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  readonly assignPublicIp: 'ENABLED' | 'DISABLED';
  /** Of the runner's container in every task definition. */
  readonly containerName: string;
  readonly taskDefinitions: readonly DeployedTaskDefinition[];
  readonly ledgerTable: string;
  /** Without it, an input that does not fit into RunTask's overrides is refused. */
  readonly payloadBucket: string | undefined;
  readonly timeoutSeconds: number;
  readonly runRetentionDays: number;
  /** Where launches wait that the pacer, or ECS, does not allow yet. */
  readonly launchQueueUrl: string;
  /** Name of the watcher's function. */
  readonly watcherFunction: string;
  readonly launchLimits: PacerLimits;
  /** What is started for the events of sources that send no requests. */
  readonly eventRequests: EventRequests;
  /** For which causes a failed asynchronous invocation of a function goes on as a run; none: overflow is off. */
  readonly overflowCauses: readonly OverflowCause[];
  /** Where outcomes may be sent: ARNs in which `*` may stand. */
  readonly destinationArns: readonly string[];
  /** Whose containers may be started as they are: families in which `*` may stand. */
  readonly containerTaskDefinitions: readonly string[];
}

// Ten years: a bound that catches seconds given for days.
const RETENTION_DAYS = { minimum: 1, maximum: 3650 } as const;

// Well above Fargate's own, 100 and 20, which AWS raises on request. stacks/starter.ts has the same bounds.
const LAUNCH_BURST = { minimum: 1, maximum: 10_000 } as const;
const LAUNCHES_PER_SECOND = { minimum: 1, maximum: 1_000 } as const;

const TaskDefinitionsSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.array(
    v.strictObject({
      family: v.string(),
      runtime: v.nullable(v.string()),
      architecture: v.picklist(['x86_64', 'arm64']),
      function: v.optional(v.nullable(v.string()), null),
    }),
  ),
);

const TextsSchema = v.pipe(v.string(), v.parseJson(), v.array(v.string()));

function overflowCauses(environment: Environment): readonly OverflowCause[] {
  return commaList(environment, 'OVERTIME_OVERFLOW_CAUSES').map((name) => {
    const cause = OVERFLOW_CAUSES.find((known) => known === name);
    if (cause === undefined) {
      throw new SettingError(
        `OVERTIME_OVERFLOW_CAUSES has "${name}": give some of ${OVERFLOW_CAUSES.join(', ')}, with commas between them, or nothing.`,
      );
    }
    return cause;
  });
}

function taskDefinitions(environment: Environment): readonly DeployedTaskDefinition[] {
  const text = requiredText(environment, 'OVERTIME_TASK_DEFINITIONS');
  const parsed = v.safeParse(TaskDefinitionsSchema, text);
  if (!parsed.success) {
    const { message } = parsed.issues[0];
    throw new SettingError(
      `OVERTIME_TASK_DEFINITIONS is wrong (${message}): give a JSON list such as ` +
        '[{"family": "overtime-nodejs22-x86_64", "runtime": "nodejs22.x", "architecture": "x86_64"}].',
    );
  }
  return parsed.output;
}

/** A JSON list of texts; none where the variable is unset. */
function texts(environment: Environment, name: string, example: string): readonly string[] {
  const parsed = v.safeParse(TextsSchema, optionalText(environment, name) ?? '[]');
  if (!parsed.success) {
    throw new SettingError(`${name} is wrong (${parsed.issues[0].message}): give a JSON list such as ["${example}"].`);
  }
  return parsed.output;
}

/**
 * The burst is no less than what a second allows: the pacer knows the time to a second, the resolution of the clock that
 * all starters share, and with less it would keep far under the rate.
 */
function launchLimits(environment: Environment): PacerLimits {
  const burst = wholeNumber(environment, 'OVERTIME_LAUNCH_BURST', LAUNCH_BURST);
  const launchesPerSecond = wholeNumber(environment, 'OVERTIME_LAUNCHES_PER_SECOND', LAUNCHES_PER_SECOND);
  return { burst: Math.max(burst, launchesPerSecond), launchesPerSecond };
}

/**
 * The starter's settings, from the variables that its module sets.
 *
 * @throws {SettingError} when one is missing or wrong
 */
export function parseSettings(environment: Environment): StarterSettings {
  return {
    cluster: requiredText(environment, 'OVERTIME_CLUSTER'),
    subnets: requiredCommaList(environment, 'OVERTIME_SUBNETS'),
    securityGroups: commaList(environment, 'OVERTIME_SECURITY_GROUPS'),
    assignPublicIp: assignPublicIp(environment, 'OVERTIME_ASSIGN_PUBLIC_IP'),
    containerName: requiredText(environment, 'OVERTIME_CONTAINER_NAME'),
    taskDefinitions: taskDefinitions(environment),
    ledgerTable: requiredText(environment, 'OVERTIME_LEDGER_TABLE'),
    payloadBucket: optionalText(environment, 'OVERTIME_PAYLOAD_BUCKET'),
    timeoutSeconds: wholeNumber(environment, 'OVERTIME_TIMEOUT_SECONDS', {
      minimum: TIMEOUT_SECONDS.least,
      maximum: TIMEOUT_SECONDS.most,
    }),
    runRetentionDays: wholeNumber(environment, 'OVERTIME_RUN_RETENTION_DAYS', RETENTION_DAYS),
    launchQueueUrl: requiredText(environment, 'OVERTIME_LAUNCH_QUEUE_URL'),
    watcherFunction: requiredText(environment, 'OVERTIME_WATCHER_FUNCTION'),
    launchLimits: launchLimits(environment),
    eventRequests: parseEventRequests(optionalText(environment, 'OVERTIME_EVENT_REQUESTS')),
    overflowCauses: overflowCauses(environment),
    destinationArns: texts(environment, 'OVERTIME_DESTINATION_ARNS', 'arn:aws:sqs:eu-west-1:123456789012:results'),
    containerTaskDefinitions: texts(environment, 'OVERTIME_CONTAINER_TASK_DEFINITIONS', 'report-*'),
  };
}
