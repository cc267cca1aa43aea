// What checkov and tflint say against the generated modules and we leave as it is: beside the resource where one file makes
// it, here what holds for a kind of resource. __tests__/e2e/once/checkov.test.ts and tflint.test.ts refuse a finding that is
// in no list, and an exception without one.

import { CLUSTER_EXCEPTIONS } from '../cluster';
import type { CheckException } from './check-exception';
import { SCHEDULE_EXCEPTIONS } from './eventbridge-schedules';
import { FUNCTION_EXCEPTIONS } from './lambda-program';
import { PAYLOAD_BUCKET_EXCEPTIONS } from './payload-bucket';
import { OBJECT_BUCKET_EXCEPTIONS } from './queue-worker-bucket';
import { REPOSITORY_EXCEPTIONS } from './runner-images';

/** Rules: https://www.checkov.io/5.Policy%20Index/terraform.html */
export const CHECKOV_EXCEPTIONS: readonly CheckException[] = [
  ...CLUSTER_EXCEPTIONS,
  ...PAYLOAD_BUCKET_EXCEPTIONS,
  ...OBJECT_BUCKET_EXCEPTIONS,
  ...REPOSITORY_EXCEPTIONS,
  ...FUNCTION_EXCEPTIONS,
  ...SCHEDULE_EXCEPTIONS,
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
