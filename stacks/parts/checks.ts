import { Token } from 'cdktf';
import { isFargateSize, snapToFargateSize } from './fargate-sizes';
import { LAMBDA_RUNTIMES } from './lambda-runtimes';

/** Something wrong with one prop: which, what it is, and what it has to be. */
export interface Problem {
  readonly field: string;
  readonly value: unknown;
  readonly allowed: string;
}

/** Both ends belong to the range. */
export interface Bounds {
  readonly minimum: number;
  readonly maximum: number;
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

/** A list with as many items as `bounds` allows, each of which fits `pattern`. */
function listOf(
  field: string,
  values: readonly string[] | undefined,
  pattern: RegExp,
  allowed: string,
  { minimum, maximum }: Bounds,
): Problem[] {
  if (!isKnown(values)) {
    return [];
  }
  const isRightLength = values.length >= minimum && values.length <= maximum;
  const length: Problem[] = isRightLength
    ? []
    : [{ field, value: values, allowed: `${minimum} to ${maximum}, each ${allowed}` }];
  return [...length, ...values.flatMap((value, index) => matching(`${field}[${index}]`, value, pattern, allowed))];
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

/** The longest name of a deployment. An S3 bucket's prefix may have 37 characters and ours adds ten. */
const NAME_CHARACTERS: Bounds = { minimum: 2, maximum: 27 };

// What IAM, ECR, ECS, S3, DynamoDB, SQS, Lambda and CloudWatch Logs all take.
const NAME = new RegExp(`^(?=.{${NAME_CHARACTERS.minimum},${NAME_CHARACTERS.maximum}}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$`);

/**
 * The name that begins those of all resources. The tightest limits: a bucket's prefix has at most 37 characters, a
 * role's 38; ECR takes lower case alone and no two hyphens in a row.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html and
 * https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html
 */
export function deploymentName(field: string, value: string | undefined): Problem[] {
  const { minimum, maximum } = NAME_CHARACTERS;
  const allowed = `${minimum} to ${maximum} lower-case letters, digits and single hyphens, a letter first, such as overtime`;
  return matching(field, value, NAME, allowed);
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

/** As many as a policy of 6,144 characters has room for, at their longest and with their qualified forms. */
const ARNS: Bounds = { minimum: 1, maximum: 20 };

export function functionArns(field: string, arns: readonly string[] | undefined): Problem[] {
  const pattern = /^arn:(aws[a-z-]*|\*):lambda:[^:]*:[^:]*:function:[^:]+$/;
  const allowed = "a function's ARN without qualifier, such as arn:aws:lambda:eu-west-1:123456789012:function:report-*";
  return listOf(field, arns, pattern, allowed, ARNS);
}

export function layerArns(field: string, arns: readonly string[] | undefined): Problem[] {
  const pattern = /^arn:(aws[a-z-]*|\*):lambda:[^:]*:[^:]*:layer:[^:]+:[^:]+$/;
  const allowed = "a layer's ARN with its version, such as arn:aws:lambda:eu-west-1:123456789012:layer:fonts:*";
  return listOf(field, arns, pattern, allowed, ARNS);
}

export function repositoryArns(field: string, arns: readonly string[] | undefined): Problem[] {
  const pattern = /^arn:(aws[a-z-]*|\*):ecr:[^:]*:[^:]*:repository\/.+$/;
  const allowed = 'the ARN of an ECR repository, such as arn:aws:ecr:eu-west-1:123456789012:repository/name';
  return listOf(field, arns, pattern, allowed, ARNS);
}

export function roleArns(field: string, arns: readonly string[] | undefined): Problem[] {
  const pattern = /^arn:(aws[a-z-]*|\*):iam::[^:]*:role\/.+$/;
  const allowed = 'the ARN of a role, such as arn:aws:iam::123456789012:role/report';
  return listOf(field, arns, pattern, allowed, ARNS);
}

/** Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_AwsVpcConfiguration.html */
const SUBNETS: Bounds = { minimum: 1, maximum: 16 };
const SECURITY_GROUPS: Bounds = { minimum: 1, maximum: 5 };

export function subnetIds(field: string, ids: readonly string[] | undefined): Problem[] {
  return listOf(field, ids, /^subnet-[0-9a-f]+$/, 'the id of a subnet, such as subnet-0123456789abcdef0', SUBNETS);
}

export function securityGroupIds(field: string, ids: readonly string[] | undefined): Problem[] {
  return listOf(
    field,
    ids,
    /^sg-[0-9a-f]+$/,
    'the id of a security group, such as sg-0123456789abcdef0',
    SECURITY_GROUPS,
  );
}

export function vpcId(field: string, id: string | undefined): Problem[] {
  return matching(field, id, /^vpc-[0-9a-f]+$/, 'the id of a VPC, such as vpc-0123456789abcdef0');
}
