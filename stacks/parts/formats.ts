/** Both ends belong to the range. */
export interface Bounds {
  readonly minimum: number;
  readonly maximum: number;
}

/**
 * What a text has to look like. Both JavaScript and Terraform test it, so `pattern` keeps to what RE2 knows: no look
 * ahead, no look behind, no reference back. Source: https://developer.hashicorp.com/terraform/language/functions/regex
 */
export interface Format {
  readonly pattern: RegExp;
  /** @default - as many as `pattern` takes */
  readonly characters?: Bounds;
  /** What to give, for a message. */
  readonly allowed: string;
}

/** The longest name of a deployment. An S3 bucket's prefix may have 37 characters and ours adds ten. */
const NAME_CHARACTERS: Bounds = { minimum: 2, maximum: 27 };

/**
 * The name that begins those of all resources: what IAM, ECR, ECS, S3, DynamoDB, SQS, Lambda and CloudWatch Logs all
 * take. The tightest limits: a bucket's prefix has at most 37 characters, a role's 38; ECR takes lower case alone and no
 * two hyphens in a row.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html and
 * https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html
 */
export const DEPLOYMENT_NAME: Format = {
  pattern: /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
  characters: NAME_CHARACTERS,
  allowed: `${NAME_CHARACTERS.minimum} to ${NAME_CHARACTERS.maximum} lower-case letters, digits and single hyphens, a letter first, such as overtime`,
};

export const FUNCTION_ARN: Format = {
  pattern: /^arn:(aws[a-z-]*|\*):lambda:[^:]*:[^:]*:function:[^:]+$/,
  allowed: "a function's ARN without qualifier, such as arn:aws:lambda:eu-west-1:123456789012:function:report-*",
};

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html */
export const FUNCTION_REFERENCE: Format = {
  pattern: /^(arn:aws[a-z-]*:lambda:[^:]+:[0-9]+:function:)?[a-zA-Z0-9_-]{1,64}$/,
  allowed: "a function's name or its ARN without qualifier, such as report",
};

export const LAYER_ARN: Format = {
  pattern: /^arn:(aws[a-z-]*|\*):lambda:[^:]*:[^:]*:layer:[^:]+:[^:]+$/,
  allowed: "a layer's ARN with its version, such as arn:aws:lambda:eu-west-1:123456789012:layer:fonts:*",
};

export const KMS_KEY_ARN: Format = {
  pattern: /^arn:(aws[a-z-]*|\*):kms:[^:]*:[^:]*:key\/[^:]+$/,
  allowed:
    'the ARN of a KMS key, not of an alias, such as arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab',
};

export const REPOSITORY_ARN: Format = {
  pattern: /^arn:(aws[a-z-]*|\*):ecr:[^:]*:[^:]*:repository\/.+$/,
  allowed: 'the ARN of an ECR repository, such as arn:aws:ecr:eu-west-1:123456789012:repository/name',
};

export const ROLE_ARN: Format = {
  pattern: /^arn:(aws[a-z-]*|\*):iam::[^:]*:role\/.+$/,
  allowed: 'the ARN of a role, such as arn:aws:iam::123456789012:role/report',
};

/** Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html */
export const TASK_FAMILY: Format = {
  pattern: /^[a-zA-Z0-9_*-]{1,255}$/,
  allowed: "a task definition's family without its revision, such as report or nightly-*",
};

export const DESTINATION_ARN: Format = {
  pattern: /^arn:(aws[a-z-]*|\*):(sqs|sns|events|lambda|s3):.+$/,
  allowed:
    'the ARN of a queue, topic, event bus, function or bucket, such as arn:aws:sqs:eu-west-1:123456789012:results',
};

export const TOPIC_ARN: Format = {
  pattern: /^arn:aws[a-z-]*:sns:[^:]+:[^:]+:[^:]+$/,
  allowed: 'the ARN of an SNS topic, such as arn:aws:sns:eu-west-1:123456789012:pager',
};

export const QUEUE_ARN: Format = {
  pattern: /^arn:aws[a-z-]*:sqs:[^:]+:[^:]+:[^:]+$/,
  allowed: 'the ARN of an SQS queue, such as arn:aws:sqs:eu-west-1:123456789012:reports',
};

/** A key of a map that becomes part of an address and of a name. */
export const MAP_KEY: Format = {
  pattern: /^[a-zA-Z0-9_-]{1,64}$/,
  allowed: '1 to 64 letters, digits, hyphens and underscores, such as reports',
};

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html */
export const SERVICE_PRINCIPAL: Format = {
  pattern: /^[a-z0-9.-]+\.amazonaws\.com(\.cn)?$/,
  allowed: "a service's principal, such as events.amazonaws.com",
};

export const ANY_ARN: Format = { pattern: /^arn:aws[a-z-]*:[a-z0-9-]+:.+$/, allowed: 'the ARN of what invokes it' };

/** As many as a policy of 6,144 characters has room for, at their longest and with their qualified forms. */
export const ARNS: Bounds = { minimum: 1, maximum: 20 };

/** Beside functions and layers in the same policy. */
export const KMS_KEYS: Bounds = { minimum: 0, maximum: 10 };

// What one module takes of another: in a stack these are tokens, and only a generated module's user can mistake them.

export const CLUSTER_ARN: Format = {
  pattern: /^arn:aws[a-z-]*:ecs:[^:]+:[^:]+:cluster\/[^/]+$/,
  allowed: 'the ARN of an ECS cluster, such as arn:aws:ecs:eu-west-1:123456789012:cluster/overtime',
};

export const LOG_GROUP_ARN: Format = {
  pattern: /^arn:aws[a-z-]*:logs:[^:]+:[^:]+:log-group:[^:*]+$/,
  allowed: 'the ARN of a log group without :* at its end',
};

export const TABLE_ARN: Format = {
  pattern: /^arn:aws[a-z-]*:dynamodb:[^:]+:[^:]+:table\/[^/]+$/,
  allowed: 'the ARN of a DynamoDB table, such as arn:aws:dynamodb:eu-west-1:123456789012:table/overtime-runs',
};

export const BUCKET_ARN: Format = {
  pattern: /^arn:aws[a-z-]*:s3:::[^/]+$/,
  allowed: 'the ARN of an S3 bucket, such as arn:aws:s3:::overtime-payloads',
};

/** Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_AwsVpcConfiguration.html */
export const SUBNETS: Bounds = { minimum: 1, maximum: 16 };
export const SECURITY_GROUPS: Bounds = { minimum: 1, maximum: 5 };

export const SUBNET_ID: Format = {
  pattern: /^subnet-[0-9a-f]+$/,
  allowed: 'the id of a subnet, such as subnet-0123456789abcdef0',
};

export const SECURITY_GROUP_ID: Format = {
  pattern: /^sg-[0-9a-f]+$/,
  allowed: 'the id of a security group, such as sg-0123456789abcdef0',
};

export const VPC_ID: Format = {
  pattern: /^vpc-[0-9a-f]+$/,
  allowed: 'the id of a VPC, such as vpc-0123456789abcdef0',
};
