import { Token } from 'cdktf';
import { isFargateSize, snapToFargateSize } from './fargate-sizes';
import {
  ANY_ARN,
  ARNS,
  type Bounds,
  CLUSTER_ARN,
  DEPLOYMENT_NAME,
  DESTINATION_ARN,
  type Format,
  FUNCTION_ARN,
  KMS_KEY_ARN,
  KMS_KEYS,
  LAYER_ARN,
  MAP_KEY,
  POLICY_ARN,
  QUEUE_ARN,
  REPOSITORY_ARN,
  ROLE_ARN,
  SECURITY_GROUP_ID,
  SECURITY_GROUPS,
  SERVICE_PRINCIPAL,
  SUBNET_ID,
  SUBNETS,
  TABLE_ARN,
  TASK_FAMILY,
  TOPIC_ARN,
  VPC_ID,
} from './formats';
import { LAMBDA_RUNTIMES } from './lambda-runtimes';

/** Something wrong with one prop: which, what it is, and what it has to be. */
export interface Problem {
  readonly field: string;
  readonly value: unknown;
  readonly allowed: string;
}

/** A prop of a construct, or a field of deployment.ts, is wrong. The message names every wrong one. */
export class InvalidProps extends Error {
  readonly code = 'INVALID_PROPS';

  constructor(where: string, problems: readonly Problem[]) {
    super([`${where} is wrong:`, ...problems.map((problem) => `  ${sentence(problem)}`)].join('\n'));
    this.name = 'INVALID_PROPS';
  }
}

function sentence({ field, value, allowed }: Problem): string {
  return `${field} is ${value === undefined ? 'missing' : JSON.stringify(value)}: give ${allowed}.`;
}

/** @throws {InvalidProps} unless there is no problem */
export function refuse(where: string, problems: readonly Problem[]): void {
  if (problems.length > 0) {
    throw new InvalidProps(where, problems);
  }
}

// A token stands for a value that Terraform alone knows: the generated modules check theirs with `validation` blocks.
function isKnown<Value>(value: Value | undefined): value is Value {
  return value !== undefined && !Token.isUnresolved(value);
}

export function wholeNumber(field: string, value: number | undefined, { minimum, maximum }: Bounds): Problem[] {
  const isWrong = isKnown(value) && !(Number.isInteger(value) && value >= minimum && value <= maximum);
  return isWrong ? [{ field, value, allowed: `a whole number from ${minimum} to ${maximum}` }] : [];
}

export function oneOf<Value>(field: string, value: Value | undefined, values: readonly Value[]): Problem[] {
  return isKnown(value) && !values.includes(value) ? [{ field, value, allowed: `one of ${values.join(', ')}` }] : [];
}

/** A list of some of the values, none twice; it may be empty. */
export function someOf<Value>(field: string, given: readonly Value[] | undefined, values: readonly Value[]): Problem[] {
  if (!isKnown(given)) {
    return [];
  }
  const isRight = given.every((value) => values.includes(value)) && new Set(given).size === given.length;
  return isRight ? [] : [{ field, value: given, allowed: `some of ${values.join(', ')}, each once` }];
}

/** Of a value that is there: a token is Terraform's to check. */
export function refuseUnless<Value>(
  fits: (value: Value) => boolean,
  field: string,
  value: Value | undefined,
  allowed: string,
): Problem[] {
  return isKnown(value) && !fits(value) ? [{ field, value, allowed }] : [];
}

export function matching(field: string, value: string | undefined, pattern: RegExp, allowed: string): Problem[] {
  return isKnown(value) && !pattern.test(value) ? [{ field, value, allowed }] : [];
}

export function ofFormat(
  field: string,
  value: string | undefined,
  { pattern, characters, allowed }: Format,
): Problem[] {
  const isWrongLength =
    isKnown(value) &&
    characters !== undefined &&
    (value.length < characters.minimum || value.length > characters.maximum);
  return isWrongLength ? [{ field, value, allowed }] : matching(field, value, pattern, allowed);
}

/** A list with as many items as the bounds allow, each of the format. */
export function listOf(
  field: string,
  values: readonly string[] | undefined,
  format: Format,
  { minimum, maximum }: Bounds,
): Problem[] {
  if (!isKnown(values)) {
    return [];
  }
  const isRightLength = values.length >= minimum && values.length <= maximum;
  const length: Problem[] = isRightLength
    ? []
    : [{ field, value: values, allowed: `${minimum} to ${maximum}, each ${format.allowed}` }];
  return [...length, ...values.flatMap((value, index) => ofFormat(`${field}[${index}]`, value, format))];
}

/** A size that Fargate runs: cpu in units of which 1,024 are one vCPU, memory in MiB. */
export function fargateSize(field: string, size: { readonly cpu: number; readonly memoryMiB: number }): Problem[] {
  if (!isKnown(size.cpu) || !isKnown(size.memoryMiB) || isFargateSize(size)) {
    return [];
  }
  const nearest = snapToFargateSize(size);
  const allowed =
    nearest === undefined
      ? 'a pair that Fargate has: it has none so large'
      : `a pair that Fargate has, the nearest being ${JSON.stringify(nearest)}`;
  return [{ field, value: size, allowed }];
}

export function deploymentName(field: string, value: string | undefined): Problem[] {
  return ofFormat(field, value, DEPLOYMENT_NAME);
}

/** Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
export const LOG_RETENTION_DAYS: readonly number[] = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

export const DEFAULT_LOG_RETENTION_DAYS = 30;

export function lambdaRuntime(field: string, value: string | undefined): Problem[] {
  return oneOf(field, value, LAMBDA_RUNTIMES);
}

export const ARCHITECTURES = ['x86_64', 'arm64'] as const;

export type Architecture = (typeof ARCHITECTURES)[number];

/** Ten years: a bound that catches seconds given for days. */
export const RETENTION_DAYS: Bounds = { minimum: 1, maximum: 3650 };

export function functionArns(field: string, arns: readonly string[] | undefined): Problem[] {
  return listOf(field, arns, FUNCTION_ARN, ARNS);
}

export function layerArns(field: string, arns: readonly string[] | undefined): Problem[] {
  return listOf(field, arns, LAYER_ARN, ARNS);
}

export function kmsKeyArns(field: string, arns: readonly string[] | undefined): Problem[] {
  return listOf(field, arns, KMS_KEY_ARN, KMS_KEYS);
}

export function repositoryArns(field: string, arns: readonly string[] | undefined): Problem[] {
  return listOf(field, arns, REPOSITORY_ARN, ARNS);
}

export function roleArns(field: string, arns: readonly string[] | undefined): Problem[] {
  return listOf(field, arns, ROLE_ARN, ARNS);
}

export function roleArn(field: string, arn: string | undefined): Problem[] {
  return ofFormat(field, arn, ROLE_ARN);
}

/** A role takes ten policies, and that of the module is one: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export const POLICY_ARNS: Bounds = { minimum: 0, maximum: 9 };

export function policyArns(field: string, arns: readonly string[] | undefined): Problem[] {
  return listOf(field, arns, POLICY_ARN, POLICY_ARNS);
}

const UP_TO_20: Bounds = { minimum: 0, maximum: ARNS.maximum };

export function destinationArns(field: string, arns: readonly string[] | undefined): Problem[] {
  return listOf(field, arns, DESTINATION_ARN, UP_TO_20);
}

export function taskFamilies(field: string, families: readonly string[] | undefined): Problem[] {
  return listOf(field, families, TASK_FAMILY, UP_TO_20);
}

export function clusterArns(field: string, arns: readonly string[] | undefined): Problem[] {
  return listOf(field, arns, CLUSTER_ARN, UP_TO_20);
}

/** CloudWatch tells at most five: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */
export const ALARM_ACTIONS: Bounds = { minimum: 0, maximum: 5 };

export function topicArns(field: string, arns: readonly string[] | undefined): Problem[] {
  return listOf(field, arns, TOPIC_ARN, ALARM_ACTIONS);
}

export function tableArns(field: string, arns: readonly string[] | undefined): Problem[] {
  return listOf(field, arns, TABLE_ARN, UP_TO_20);
}

/** A map of queues' ARNs. */
export function queueArns(field: string, arns: Readonly<Record<string, string>> | undefined): Problem[] {
  return entriesOf(arns).flatMap(([key, value]) => [
    ...ofFormat(`${field} key`, key, MAP_KEY),
    ...ofFormat(`${field}.${key}`, value, QUEUE_ARN),
  ]);
}

/** A map of who may invoke a function: a service, for one resource. */
export function invokers(
  field: string,
  given: Readonly<Record<string, { readonly principal: string; readonly sourceArn: string }>> | undefined,
): Problem[] {
  return entriesOf(given).flatMap(([key, { principal, sourceArn }]) => [
    ...ofFormat(`${field} key`, key, MAP_KEY),
    ...ofFormat(`${field}.${key}.principal`, principal, SERVICE_PRINCIPAL),
    ...ofFormat(`${field}.${key}.sourceArn`, sourceArn, ANY_ARN),
  ]);
}

/** A map of requests by the ARN of their source, as JSON texts. */
export function eventRequests(field: string, given: Readonly<Record<string, string>> | undefined): Problem[] {
  return entriesOf(given).flatMap(([source, text]) => [
    ...ofFormat(`${field} key`, source, ANY_ARN),
    ...(Token.isUnresolved(text) || isRequest(text)
      ? []
      : [{ field: `${field}.${source}`, value: text, allowed: EVENT_REQUEST }]),
  ]);
}

export const EVENT_REQUEST =
  'the JSON text of a request, such as {"arn": "my-function", "memoryMiB": 8192} or {"taskDefinition": "report"}';

/** A request has one of these: of a function, or of a container that is started as it is. */
export const REQUEST_SUBJECTS = ['arn', 'taskDefinition'] as const;

function isRequest(text: string): boolean {
  try {
    const request: unknown = JSON.parse(text);
    return (
      typeof request === 'object' &&
      request !== null &&
      REQUEST_SUBJECTS.some((name) => typeof Reflect.get(request, name) === 'string')
    );
  } catch {
    return false;
  }
}

function entriesOf<Value>(map: Readonly<Record<string, Value>> | undefined): [string, Value][] {
  return isKnown(map) ? Object.entries(map) : [];
}

export function subnetIds(field: string, ids: readonly string[] | undefined): Problem[] {
  return listOf(field, ids, SUBNET_ID, SUBNETS);
}

export function securityGroupIds(field: string, ids: readonly string[] | undefined): Problem[] {
  return listOf(field, ids, SECURITY_GROUP_ID, SECURITY_GROUPS);
}

export function vpcId(field: string, id: string | undefined): Problem[] {
  return ofFormat(field, id, VPC_ID);
}
