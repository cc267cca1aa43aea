import * as v from 'valibot';
import { DESTINATION_FORMS, parseDestination } from '../shared/delivery/destination';
import { CALLBACK, TASK_OUTCOME } from '../shared/delivery/limits';
import { FUNCTION_NAME_FORMS, parseFunctionName } from '../shared/function-name';
import { groupedDigits } from '../shared/grouped-digits';
import { utf8Bytes } from '../shared/payload';
import { CONTAINER_VARIABLES, isVariables } from '../shared/run';
import { parseTaskDefinitionName } from '../shared/task-definition-name';
import { type Capacity, isCapacity } from './capacity';
import * as limits from './limits';

// Each schema has one message: what the field allows. request-errors.ts puts the field's name and value before it.

const ACCOUNT = String.raw`\d{11,12}`;
const PARTITION = 'aws(?:-[a-z]+)*';

const SUBNET_ID = /^subnet-[0-9a-f]{8}(?:[0-9a-f]{9})?$/;
const SECURITY_GROUP_ID = /^sg-[0-9a-f]{8}(?:[0-9a-f]{9})?$/;
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateCluster.html
const CLUSTER = new RegExp(`^(?:arn:${PARTITION}:ecs:[a-z0-9-]+:${ACCOUNT}:cluster/)?[a-zA-Z0-9_-]{1,255}$`);
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
const CONTAINER_NAME = /^[a-zA-Z0-9_-]{1,255}$/;
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: path of 512 characters, name of 64.
const ROLE_ARN = new RegExp(
  String.raw`^arn:${PARTITION}:iam::${ACCOUNT}:role/(?:[\x21-\x7e]{1,510}/)?[\w+=,.@-]{1,64}$`,
);
// The ledger has rows of another kind beside the runs', under other keys.
const RUN_ID = /^run-[a-zA-Z0-9_-]{1,124}$/;
const TAG_CHARACTERS = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
// `aws:` is AWS's own, whatever its case; `overtime:` is for the tags that the starter adds.
const RESERVED_TAG_KEY = /^(?:aws|overtime):/i;

const group = (bounds: { least: number; most: number }) =>
  `${groupedDigits(bounds.least)} to ${groupedDigits(bounds.most)}`;

const text = (pattern: RegExp, allowed: string) => v.pipe(v.string(allowed), v.regex(pattern, allowed));

const listOf = (pattern: RegExp, bounds: { least: number; most: number }, what: string) => {
  const allowed = `give a list of ${group(bounds)} ${what}`;
  return v.pipe(
    v.array(text(pattern, allowed), allowed),
    v.minLength(bounds.least, allowed),
    v.maxLength(bounds.most, allowed),
  );
};

const wholeNumber = (bounds: { least: number; most: number }, what: string) => {
  const allowed = `give a whole number from ${group(bounds)} ${what}`;
  return v.pipe(
    v.number(allowed),
    v.integer(allowed),
    v.minValue(bounds.least, allowed),
    v.maxValue(bounds.most, allowed),
  );
};

const TAGS_ALLOWED =
  `give an object of at most ${limits.TAGS.most} tags: keys of ${group(limits.TAG_KEY_CHARACTERS)} characters that do ` +
  `not begin with aws: or overtime:, text values of ${group(limits.TAG_VALUE_CHARACTERS)}, ` +
  'both of letters, numbers, spaces and + - = . _ : / @';

function isTagPart(part: unknown, bounds: { least: number; most: number }): boolean {
  if (typeof part !== 'string' || !TAG_CHARACTERS.test(part)) {
    return false;
  }
  const characters = [...part].length;
  return characters >= bounds.least && characters <= bounds.most;
}

function isTag([key, value]: readonly [string, unknown]): boolean {
  return (
    isTagPart(key, limits.TAG_KEY_CHARACTERS) &&
    isTagPart(value, limits.TAG_VALUE_CHARACTERS) &&
    !RESERVED_TAG_KEY.test(key)
  );
}

const isTagObject = (value: unknown): value is Record<string, string> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

// Not v.record: it leaves out keys such as "constructor" without a word.
const TagsSchema = v.pipe(
  v.custom<Record<string, string>>(isTagObject, TAGS_ALLOWED),
  v.check((tags) => Object.keys(tags).length <= limits.TAGS.most, TAGS_ALLOWED),
  v.rawCheck(({ dataset, addIssue }) => {
    if (dataset.typed) {
      const input = dataset.value;
      const wrong = Object.entries(input).find((tag) => !isTag(tag));
      if (wrong !== undefined) {
        const [key, value] = wrong;
        addIssue({ message: TAGS_ALLOWED, path: [{ type: 'object', origin: 'value', input, key, value }] });
      }
    }
  }),
);

const CAPACITY_ALLOWED =
  'give "FARGATE", "FARGATE_SPOT", "EC2", or a strategy: a list of ' +
  `${group(limits.CAPACITY_PROVIDERS)} {"capacityProvider": name, "weight": ${group(limits.CAPACITY_WEIGHT)}, "base": ` +
  `${group(limits.CAPACITY_BASE)}}, each of another provider, at least one with a weight, at most one with a base, and ` +
  'either all of Fargate or none';

// https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
const VARIABLE_NAME = /^[a-zA-Z][a-zA-Z0-9_]+$/;

const ENVIRONMENT_ALLOWED =
  'give an object of variables: names that begin with a letter and have 2 or more letters, digits and _, text values, ' +
  `together at most ${groupedDigits(limits.ENVIRONMENT_BYTES.most)} bytes`;

const EnvironmentSchema = v.pipe(
  v.custom<Readonly<Record<string, string>>>(isVariables, ENVIRONMENT_ALLOWED),
  v.check(
    (variables) =>
      Object.keys(variables).every((name) => VARIABLE_NAME.test(name)) &&
      Object.entries(variables).reduce((sum, [name, value]) => sum + utf8Bytes(name) + utf8Bytes(value), 0) <=
        limits.ENVIRONMENT_BYTES.most,
    ENVIRONMENT_ALLOWED,
  ),
);

// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/platform-linux-fargate.html
const PLATFORM_VERSION = /^(?:LATEST|\d+\.\d+\.\d+)$/;
const GROUP_ALLOWED = `give a text of ${group(limits.GROUP_CHARACTERS)} characters`;

const TOKEN_ALLOWED = `give the task token, $.Task.Token of the state's context object: 1 to ${TASK_OUTCOME.tokenCharacters} characters`;
const CALLBACK_ALLOWED = `give the id of a durable function's callback: 1 to ${CALLBACK.idCharacters} characters of base64`;
// https://docs.aws.amazon.com/lambda/latest/api/API_SendDurableExecutionCallbackSuccess.html
const CALLBACK_ID = /^[A-Za-z0-9+/]+={0,2}$/;
const DESTINATION_ALLOWED = `give ${DESTINATION_FORMS}`;

const destination = v.pipe(
  v.string(DESTINATION_ALLOWED),
  v.check((arn) => parseDestination(arn) !== undefined, DESTINATION_ALLOWED),
);

const KEY_ALLOWED = `give a text of ${group(limits.IDEMPOTENCY_KEY_CHARACTERS)} characters`;
const ARN_ALLOWED = `give ${FUNCTION_NAME_FORMS}`;
const ARN_MISSING = `${ARN_ALLOWED}; or leave it out, and give a taskDefinition, whose container is then started as it is`;
const TASK_DEFINITION_ALLOWED = "give a task definition's family, family:revision or ARN";
const COMMAND_ALLOWED = "give a list of 1 or more texts, the container's command word by word";
export const ACTION_ALLOWED = 'give "start", "status", "list" or "cancel", or leave it out to start a run';

const taskDefinition = v.pipe(
  v.string(TASK_DEFINITION_ALLOWED),
  v.check((name) => parseTaskDefinitionName(name) !== undefined, TASK_DEFINITION_ALLOWED),
);

/**
 * The fields of a request to start; start-request.ts says what each one means. A field that is added has no default here: it
 * would change the hash of all requests, and those repeated across an upgrade would be taken for others.
 */
export const START_FIELDS = {
  action: v.optional(v.literal('start', ACTION_ALLOWED), 'start'),
  arn: v.pipe(
    v.string(ARN_MISSING),
    v.check((arn) => parseFunctionName(arn) !== undefined, ARN_ALLOWED),
  ),
  input: v.optional(v.unknown(), {}),
  subnets: v.exactOptional(listOf(SUBNET_ID, limits.SUBNETS, 'subnet ids (subnet-0123456789abcdef0)')),
  securityGroups: v.exactOptional(
    listOf(SECURITY_GROUP_ID, limits.SECURITY_GROUPS, 'security group ids (sg-0123456789abcdef0)'),
  ),
  cluster: v.exactOptional(text(CLUSTER, "give a cluster's name or ARN")),
  taskDefinition: v.exactOptional(taskDefinition),
  roleArn: v.exactOptional(text(ROLE_ARN, "give an IAM role's ARN (arn:aws:iam::123456789012:role/name)")),
  cpu: v.exactOptional(
    wholeNumber(limits.CPU, 'CPU units (1,024 to the vCPU; the largest size of Fargate is the most)'),
  ),
  memoryMiB: v.exactOptional(wholeNumber(limits.MEMORY_MIB, 'MiB (the largest size of Fargate is the most)')),
  ephemeralStorageGiB: v.exactOptional(wholeNumber(limits.EPHEMERAL_STORAGE_GIB, 'GiB')),
  timeoutSeconds: v.exactOptional(wholeNumber(limits.TIMEOUT_SECONDS, 'seconds (14 days is the most)')),
  capacity: v.optional(v.custom<Capacity>(isCapacity, CAPACITY_ALLOWED), 'FARGATE'),
  capacityFallback: v.exactOptional(v.literal('FARGATE', 'give "FARGATE", or leave it out')),
  retries: v.exactOptional(wholeNumber(limits.RETRIES, 'more attempts')),
  environment: v.exactOptional(EnvironmentSchema),
  platformVersion: v.exactOptional(text(PLATFORM_VERSION, "give one of Fargate's versions such as 1.4.0, or LATEST")),
  group: v.exactOptional(
    v.pipe(
      v.string(GROUP_ALLOWED),
      v.minLength(limits.GROUP_CHARACTERS.least, GROUP_ALLOWED),
      v.maxLength(limits.GROUP_CHARACTERS.most, GROUP_ALLOWED),
    ),
  ),
  propagateTags: v.exactOptional(v.picklist(['TASK_DEFINITION', 'NONE'], 'give "TASK_DEFINITION" or "NONE"')),
  enableExecuteCommand: v.exactOptional(v.boolean('give true or false')),
  wait: v.exactOptional(v.boolean('give true or false')),
  assignPublicIp: v.exactOptional(v.picklist(['ENABLED', 'DISABLED'], 'give "ENABLED" or "DISABLED"')),
  idempotencyKey: v.exactOptional(
    v.pipe(
      v.string(KEY_ALLOWED),
      v.minLength(limits.IDEMPOTENCY_KEY_CHARACTERS.least, KEY_ALLOWED),
      v.maxLength(limits.IDEMPOTENCY_KEY_CHARACTERS.most, KEY_ALLOWED),
    ),
  ),
  tags: v.optional(TagsSchema, {}),
  taskToken: v.exactOptional(
    v.pipe(
      v.string(TOKEN_ALLOWED),
      v.minLength(1, TOKEN_ALLOWED),
      v.maxLength(TASK_OUTCOME.tokenCharacters, TOKEN_ALLOWED),
    ),
  ),
  callbackId: v.exactOptional(
    v.pipe(text(CALLBACK_ID, CALLBACK_ALLOWED), v.maxLength(CALLBACK.idCharacters, CALLBACK_ALLOWED)),
  ),
  heartbeatSeconds: v.exactOptional(
    wholeNumber(limits.HEARTBEAT_SECONDS, "seconds, the HeartbeatSeconds of the state or the callback's own"),
  ),
  onSuccess: v.exactOptional(destination),
  onFailure: v.exactOptional(destination),
};

const { arn: _arn, heartbeatSeconds: _heartbeatSeconds, ...COMMON_FIELDS } = START_FIELDS;

const OWN_VARIABLES: readonly string[] = Object.values(CONTAINER_VARIABLES);

const OWN_VARIABLES_ALLOWED = `leave out ${OWN_VARIABLES.join(', ')}, which the starter sets`;

/** The fields of a request to start a container as it is. */
export const CONTAINER_FIELDS = {
  ...COMMON_FIELDS,
  taskDefinition,
  containerName: v.exactOptional(text(CONTAINER_NAME, "give a container's name: letters, digits, - and _")),
  command: v.exactOptional(
    v.pipe(v.array(v.string(COMMAND_ALLOWED), COMMAND_ALLOWED), v.minLength(1, COMMAND_ALLOWED)),
  ),
  // Without a default: a container that is given no input has no variable for it.
  input: v.exactOptional(v.unknown()),
  environment: v.exactOptional(
    v.pipe(
      EnvironmentSchema,
      v.check(
        (variables) => Object.keys(variables).every((name) => !OWN_VARIABLES.includes(name)),
        OWN_VARIABLES_ALLOWED,
      ),
    ),
  ),
  capacity: v.exactOptional(v.custom<Capacity>(isCapacity, CAPACITY_ALLOWED)),
};

/** Fields that one kind of start has and the other has not, and why. */
export const MISPLACED_FIELDS = {
  function: {
    containerName: "a function's run has one container, the runner's; leave it out, or leave arn out",
    command: "a function's run has the runner's command; leave it out, or leave arn out",
  },
  container: {
    heartbeatSeconds:
      'no runner is in the task that could send heartbeats; leave it out, and HeartbeatSeconds out of the state too',
  },
} as const;

const RUN_ID_FIELD = text(RUN_ID, 'give the runId that the starter answered with');

/** The fields of a request for a run's status. */
export const STATUS_FIELDS = { action: v.literal('status', ACTION_ALLOWED), runId: RUN_ID_FIELD };

/** The fields of a request to cancel a run. */
export const CANCEL_FIELDS = { action: v.literal('cancel', ACTION_ALLOWED), runId: RUN_ID_FIELD };
