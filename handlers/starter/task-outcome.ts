import type { RunTaskCommandOutput } from '@aws-sdk/client-ecs';

/** What ECS made of a RunTask. */
export type TaskOutcome =
  | { readonly kind: 'accepted'; readonly taskArns: readonly string[]; readonly taskDefinition: string | undefined }
  /** There is no task, and there will be none for this request. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** There is no task, but later there may be. */
  | { readonly kind: 'throttled'; readonly reason: string }
  /** There may be a task. */
  | { readonly kind: 'uncertain'; readonly reason: string };

const THROTTLING_ERRORS = ['ThrottlingException', 'Throttling', 'TooManyRequestsException', 'RequestLimitExceeded'];

// EC2's throttling of Fargate's network interfaces comes as an InvalidParameterException that the SDK does not retry:
// https://github.com/dagster-io/dagster/issues/33439
const WRAPPED_THROTTLING = /Rate exceeded|ErrorCode: Throttling|RequestLimitExceeded/i;

const ACCESS_HINT =
  " The starter's role may run the deployment's own task definitions in its own cluster, with the deployment's own roles " +
  'and those that deployment.ts names in taskRoleArns: leave cluster, taskDefinition or roleArn out of the request, or ' +
  "attach a policy of yours to the starter's role.";

interface AwsError {
  readonly name: string;
  readonly message: string;
  readonly isClientFault: boolean;
  readonly resourceIds: readonly string[];
}

function readError(error: unknown): AwsError {
  if (!(error instanceof Error)) {
    return { name: 'UnknownError', message: String(error), isClientFault: false, resourceIds: [] };
  }
  const ids = 'resourceIds' in error && Array.isArray(error.resourceIds) ? error.resourceIds : [];
  return {
    name: error.name,
    message: error.message,
    isClientFault: '$fault' in error && error.$fault === 'client',
    resourceIds: ids.filter((id) => typeof id === 'string'),
  };
}

/** A 200 is not a success: tasks that were not placed are in `failures`, and both lists may be empty. */
export function outcomeOfResponse({ tasks = [], failures = [] }: Partial<RunTaskCommandOutput>): TaskOutcome {
  const taskArns = tasks.flatMap((task) => (task.taskArn === undefined ? [] : [task.taskArn]));
  if (taskArns.length > 0) {
    return { kind: 'accepted', taskArns, taskDefinition: tasks[0]?.taskDefinitionArn };
  }
  const reasons = failures.map(({ reason, detail, arn }) =>
    [reason ?? 'no reason given', detail, arn].filter((part) => part !== undefined).join(', '),
  );
  return {
    kind: 'refused',
    reason: reasons.length === 0 ? 'ECS answered with neither a task nor a failure' : reasons.join('; '),
  };
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html#API_RunTask_Errors */
export function outcomeOfError(error: unknown): TaskOutcome {
  const { name, message, isClientFault, resourceIds } = readError(error);
  const reason = `${name}: ${message}${name === 'AccessDeniedException' ? ACCESS_HINT : ''}`;
  if (name === 'ConflictException') {
    // The client token was used with other parameters: the function's size, say, has changed between two tries.
    return resourceIds.length > 0
      ? { kind: 'accepted', taskArns: resourceIds, taskDefinition: undefined }
      : { kind: 'uncertain', reason };
  }
  if (THROTTLING_ERRORS.includes(name) || (isClientFault && WRAPPED_THROTTLING.test(message))) {
    return { kind: 'throttled', reason };
  }
  return isClientFault ? { kind: 'refused', reason } : { kind: 'uncertain', reason };
}
