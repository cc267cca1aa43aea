import type { Failure, RunTaskCommandOutput } from '@aws-sdk/client-ecs';
import { readAwsError } from './aws-error';

/** Why ECS started no task, by what helps. */
export type FailureKind =
  /** There is no room at this place: another subnet, another capacity or a later try may have it. */
  | 'capacity'
  /** The agent of a container instance is disconnected: another instance, or a later try, may do. */
  | 'agent'
  /** The account's quota of what runs at once is used up: a later try may do. */
  | 'limits'
  /** ECS, or EC2 behind it, asks for fewer calls. */
  | 'throttled'
  /** It is not known whether there is a task: the same call under the same client token tells. */
  | 'uncertain'
  /** What the call names does not exist. */
  | 'missing'
  /** The starter may not do this, or the account may not. */
  | 'access'
  /** The call can never be carried out as it is. */
  | 'invalid';

/** What ECS made of a RunTask. */
export type TaskOutcome =
  | {
      readonly kind: 'accepted';
      readonly taskArns: readonly string[];
      readonly taskDefinition: string | undefined;
      /** Of the tasks that were not started, where some were. */
      readonly failures: readonly string[];
    }
  | { readonly kind: FailureKind; readonly reason: string };

export type TaskFailure = Exclude<TaskOutcome, { readonly kind: 'accepted' }>;

/** What is done about a failure: `elsewhere` tries the next place, `again` the same call, `never` gives up. */
const REMEDIES: Readonly<Record<FailureKind, 'elsewhere' | 'again' | 'never'>> = {
  capacity: 'elsewhere',
  agent: 'elsewhere',
  limits: 'elsewhere',
  throttled: 'again',
  uncertain: 'again',
  missing: 'never',
  access: 'never',
  invalid: 'never',
};

export function remedyOf(kind: FailureKind): 'elsewhere' | 'again' | 'never' {
  return REMEDIES[kind];
}

type Rule = readonly [RegExp, FailureKind];

/**
 * Reasons in `failures`, and messages of InvalidParameterException and ClientException that are no fault of the call.
 * Sources: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/api_failures_messages.html
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html
 * https://repost.aws/knowledge-center/ecs-fargate-runtask-capacity
 */
const MESSAGE_RULES: readonly Rule[] = [
  // EC2's throttling of the network interfaces comes in an InvalidParameterException, which the SDK does not retry:
  // https://github.com/dagster-io/dagster/issues/33439
  [/Rate exceeded|ErrorCode: Throttling|RequestLimitExceeded/i, 'throttled'],
  [/Capacity is unavailable at this time/i, 'capacity'],
  [/EMPTY CAPACITY PROVIDER/i, 'capacity'],
  [/No Container Instances were found/i, 'capacity'],
  [/InsufficientFreeAddressesInSubnet/i, 'capacity'],
  [/reached the limit on the number of (?:tasks|vCPUs) you can run concurrently/i, 'limits'],
  // https://github.com/DIAGNijmegen/rse-grand-challenge/pull/2013: too many tasks wait for container instances.
  [/Tasks provisioning capacity limit exceeded/i, 'limits'],
  [/configuration is above your limit/i, 'invalid'],
  [/TaskDefinition (?:not found|is inactive)|Unable to describe task definition/i, 'missing'],
  [/unable to assume the role|not authorized to perform/i, 'access'],
];

const FAILURE_RULES: readonly Rule[] = [
  // No room on any instance; the part after the colon says of what: CPU, MEMORY, PORTS, ENI, GPU.
  [/^RESOURCE\b/, 'capacity'],
  // The instances are in other Availability Zones than the subnets.
  [/^LOCATION\b/, 'capacity'],
  [/^AGENT\b/, 'agent'],
  // The task definition needs what no instance has.
  [/^ATTRIBUTE\b/, 'invalid'],
  [/^(?:MISSING|INACTIVE)\b/, 'missing'],
  ...MESSAGE_RULES,
];

/** Of several failures the first of these counts: what may still start is not given up. */
const MOST_HOPEFUL: readonly FailureKind[] = [
  'capacity',
  'agent',
  'limits',
  'throttled',
  'uncertain',
  'invalid',
  'access',
  'missing',
];

/**
 * Errors by name. What the service did not carry out for a fault of its own is not here: then there may be a task.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html#API_RunTask_Errors
 * and https://docs.aws.amazon.com/AmazonECS/latest/APIReference/CommonErrors.html
 */
const ERROR_KINDS: Readonly<Record<string, FailureKind>> = {
  ThrottlingException: 'throttled',
  Throttling: 'throttled',
  TooManyRequestsException: 'throttled',
  RequestLimitExceeded: 'throttled',
  LimitExceededException: 'limits',
  ClusterNotFoundException: 'missing',
  AccessDeniedException: 'access',
  // The account itself is blocked.
  BlockedException: 'access',
  UnrecognizedClientException: 'access',
  PlatformUnknownException: 'invalid',
  PlatformTaskDefinitionIncompatibilityException: 'invalid',
  UnsupportedFeatureException: 'invalid',
};

const ACCESS_HINT =
  " The starter's role may run the deployment's own task definitions and those of containerTaskDefinitions, in the " +
  "deployment's own cluster and those of clusterArns, with the deployment's own roles and those of taskRoleArns and " +
  'containerRoleArns: name yours there (in deployment.ts; in Terraform container_task_definitions, cluster_arns, ' +
  'task_role_arns, container_role_arns), leave cluster, taskDefinition or roleArn out of the request, or attach a ' +
  "policy of yours to the starter's role.";

function byRules(rules: readonly Rule[], message: string): FailureKind | undefined {
  return rules.find(([pattern]) => pattern.test(message))?.[1];
}

function describeFailure({ reason, detail, arn }: Failure): string {
  return [reason ?? 'no reason given', detail, arn].filter((part) => part !== undefined).join(', ');
}

/** With a reason that AWS does not document there is no task either, and a later try, or another place, may have one. */
function kindOfFailure({ reason = '', detail = '' }: Failure): FailureKind {
  return byRules(FAILURE_RULES, reason) ?? byRules(MESSAGE_RULES, detail) ?? 'capacity';
}

/** A 200 is not a success: tasks that were not placed are in `failures`, and both lists may be empty. */
export function outcomeOfResponse({ tasks = [], failures = [] }: Partial<RunTaskCommandOutput>): TaskOutcome {
  const taskArns = tasks.flatMap((task) => (task.taskArn === undefined ? [] : [task.taskArn]));
  const reasons = failures.map(describeFailure);
  if (taskArns.length > 0) {
    return { kind: 'accepted', taskArns, taskDefinition: tasks[0]?.taskDefinitionArn, failures: reasons };
  }
  const kinds = failures.map(kindOfFailure);
  return {
    kind: MOST_HOPEFUL.find((kind) => kinds.includes(kind)) ?? 'uncertain',
    reason: reasons.length === 0 ? 'ECS answered with neither a task nor a failure' : reasons.join('; '),
  };
}

/** `accessHint`: what to do where the caller may not do this, after a space. */
export function outcomeOfError(error: unknown, accessHint = ACCESS_HINT): TaskOutcome {
  const { name, message, isClientFault, resourceIds } = readAwsError(error);
  const reason = `${name}: ${message}`;
  if (name === 'ConflictException') {
    // The client token was used with other parameters: the function's size, say, has changed between two tries.
    return resourceIds.length > 0
      ? { kind: 'accepted', taskArns: resourceIds, taskDefinition: undefined, failures: [] }
      : { kind: 'uncertain', reason };
  }
  const known = ERROR_KINDS[name] ?? (isClientFault ? (byRules(MESSAGE_RULES, message) ?? 'invalid') : 'uncertain');
  return { kind: known, reason: name === 'AccessDeniedException' ? reason + accessHint : reason };
}
