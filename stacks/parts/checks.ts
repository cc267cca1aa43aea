import { Token } from 'cdktf';
import { isFargateSize, snapToFargateSize } from './fargate-sizes';
import {
  ARNS,
  type Bounds,
  DEPLOYMENT_NAME,
  type Format,
  FUNCTION_ARN,
  KMS_KEY_ARN,
  KMS_KEYS,
  LAYER_ARN,
  REPOSITORY_ARN,
  ROLE_ARN,
  SECURITY_GROUP_ID,
  SECURITY_GROUPS,
  SUBNET_ID,
  SUBNETS,
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

export function matching(field: string, value: string | undefined, pattern: RegExp, allowed: string): Problem[] {
  return isKnown(value) && !pattern.test(value) ? [{ field, value, allowed }] : [];
}

function ofFormat(field: string, value: string | undefined, { pattern, characters, allowed }: Format): Problem[] {
  const isWrongLength =
    isKnown(value) &&
    characters !== undefined &&
    (value.length < characters.minimum || value.length > characters.maximum);
  return isWrongLength ? [{ field, value, allowed }] : matching(field, value, pattern, allowed);
}

/** A list with as many items as the bounds allow, each of the format. */
function listOf(
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

export function subnetIds(field: string, ids: readonly string[] | undefined): Problem[] {
  return listOf(field, ids, SUBNET_ID, SUBNETS);
}

export function securityGroupIds(field: string, ids: readonly string[] | undefined): Problem[] {
  return listOf(field, ids, SECURITY_GROUP_ID, SECURITY_GROUPS);
}

export function vpcId(field: string, id: string | undefined): Problem[] {
  return ofFormat(field, id, VPC_ID);
}
