// What checkov and tflint say against the generated modules and we leave as it is.
// __tests__/e2e/once/checkov.test.ts and tflint.test.ts refuse a finding that is not here, and an exception without one.

export interface CheckException {
  /** The rule's name. */
  readonly rule: string;
  /** What it asks for, in the tool's sense. */
  readonly asks: string;
  /** Matches `module: resource` of what it is left at. */
  readonly at: RegExp;
  readonly why: string;
}

/** Rules: https://www.checkov.io/5.Policy%20Index/terraform.html */
export const CHECKOV_EXCEPTIONS: readonly CheckException[] = [
  {
    rule: 'CKV_AWS_18',
    asks: 'access logs of the bucket',
    at: /^runner: aws_s3_bucket\.payloads$/,
    why: 'They need a second bucket, which would keep a line for each payload longer than the payload. CloudTrail data events tell the same, where an account wants them.',
  },
  {
    rule: 'CKV_AWS_21',
    asks: 'versions in the bucket',
    at: /^runner: aws_s3_bucket\.payloads$/,
    why: 'Each key names one run and is written once; an old version would only outlive its expiry.',
  },
  {
    rule: 'CKV_AWS_144',
    asks: 'replication to another region',
    at: /^runner: aws_s3_bucket\.payloads$/,
    why: 'Payloads are of use to runs of this region alone, and for a few days.',
  },
  {
    rule: 'CKV_AWS_145',
    asks: 'a KMS key for the bucket',
    at: /^runner: aws_s3_bucket\.payloads$/,
    why: 'S3 encrypts with a key of its own. A key of the account costs a request for each object, and every role and every destination would need rights to it.',
  },
  {
    rule: 'CKV2_AWS_62',
    asks: 'event notifications of the bucket',
    at: /^runner: aws_s3_bucket\.payloads$/,
    why: 'Nobody has to hear of a payload: who needs one is told its key.',
  },
  {
    rule: 'CKV_AWS_300',
    asks: 'an end of unfinished uploads in a rule for the whole bucket',
    at: /^runner: aws_s3_bucket_lifecycle_configuration\.payloads_expiry$/,
    why: 'The rules of inputs/ and outputs/ have one, which is where uploads go; the programs are put by Terraform, whole.',
  },
  {
    rule: 'CKV_AWS_50',
    asks: 'X-Ray tracing',
    at: /^[\w-]+: aws_lambda_function\.\w+$/,
    why: 'It costs money for each request. A run has an id that is in the ledger, in every log line and in the tags of its task.',
  },
  {
    rule: 'CKV_AWS_115',
    asks: 'reserved concurrency',
    at: /^[\w-]+: aws_lambda_function\.(?:function|dispatcher_function|registrar_function|watcher_function)$/,
    why: "It takes from what the account's other functions have, 1,000 by default, and a request must not be refused because another one runs. The launch queue paces what the starter does.",
  },
  {
    rule: 'CKV_AWS_117',
    asks: 'a VPC for the function',
    at: /^[\w-]+: aws_lambda_function\.\w+$/,
    why: 'It speaks to AWS alone. In a VPC it would need NAT or endpoints, and reach more than it does now.',
  },
  {
    rule: 'CKV_AWS_119',
    asks: 'a KMS key of the account for the table',
    at: /^[\w-]+: aws_dynamodb_table\.\w+$/,
    why: 'The tables are encrypted with the key that AWS manages for DynamoDB in the account; one of their own would have to be given to every role.',
  },
  {
    rule: 'CKV_AWS_158',
    asks: 'a KMS key for the log group',
    at: /^[\w-]+: aws_cloudwatch_log_group\.\w+$/,
    why: 'CloudWatch Logs encrypts all groups. Secrets are in no log; what functions print is theirs, as it is in Lambda.',
  },
  {
    rule: 'CKV_AWS_173',
    asks: "a KMS key for the function's environment",
    at: /^[\w-]+: aws_lambda_function\.\w+$/,
    why: 'It holds names and numbers, no secret, and Lambda encrypts it with its own key.',
  },
  {
    rule: 'CKV_AWS_272',
    asks: 'code signing',
    at: /^[\w-]+: aws_lambda_function\.\w+$/,
    why: 'A signing profile is of an account, and the zip is in the module: Terraform compares its hash with what is deployed.',
  },
  {
    rule: 'CKV_AWS_297',
    asks: 'a KMS key for the schedule',
    at: /^scheduler-eventbridge: aws_scheduler_schedule\.schedule$/,
    why: 'EventBridge Scheduler encrypts with a key of its own, and a request holds no secret.',
  },
  {
    rule: 'CKV_AWS_51',
    asks: 'immutable tags in the repository',
    at: /^runner: aws_ecr_repository\.images$/,
    why: 'A tag is a runtime, and is pushed again with each release of the runner.',
  },
  {
    rule: 'CKV_AWS_136',
    asks: 'a KMS key for the repository',
    at: /^runner: aws_ecr_repository\.images$/,
    why: 'ECR encrypts with a key of its own, and the images hold public base images and our program.',
  },
  {
    rule: 'CKV_AWS_65',
    asks: 'Container Insights by default',
    at: /^cluster: aws_ecs_cluster\.cluster$/,
    why: 'It costs money for each task that runs; the variable container_insights turns it on. What the alarms need, the runner counts itself.',
  },
];

/** Rules: https://github.com/terraform-linters/tflint-ruleset-terraform/tree/main/docs/rules */
export const TFLINT_EXCEPTIONS: readonly CheckException[] = [
  {
    rule: 'terraform_unused_required_providers',
    asks: 'no provider where no resource is',
    at: /^(?:overtime|scheduler): aws$/,
    why: 'The modules that it calls need the provider; said here too, its range is on the first page that a user reads.',
  },
  {
    rule: 'terraform_naming_convention',
    asks: 'snake_case for the names of module calls',
    at: /^scheduler: scheduler-(?:eventbridge|service)$/,
    why: 'A call has the name of the module and its folder; another one would move every address in it.',
  },
];
