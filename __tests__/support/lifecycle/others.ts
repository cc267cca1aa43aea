/** The documented example account: https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-identifiers.html */
export const OTHER_ACCOUNT = '123456789012';

/** What stands elsewhere, of which nothing is there. */
export const OTHERS = {
  cluster: `arn:aws:ecs:us-east-1:${OTHER_ACCOUNT}:cluster/other`,
  images: `${OTHER_ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/other`,
  key: `arn:aws:kms:us-east-1:${OTHER_ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab`,
  layer: `arn:aws:lambda:us-east-1:${OTHER_ACCOUNT}:layer:fonts:*`,
  logs: `arn:aws:logs:us-east-1:${OTHER_ACCOUNT}:log-group:/ecs/other`,
  policy: `arn:aws:iam::${OTHER_ACCOUNT}:policy/report`,
  repository: `arn:aws:ecr:us-east-1:${OTHER_ACCOUNT}:repository/mirror`,
  role: `arn:aws:iam::${OTHER_ACCOUNT}:role/other`,
  securityGroup: 'sg-0123456789abcdef0',
  starter: `arn:aws:lambda:us-east-1:${OTHER_ACCOUNT}:function:other-starter`,
  subnet: 'subnet-0123456789abcdef0',
  table: `arn:aws:dynamodb:us-east-1:${OTHER_ACCOUNT}:table/other`,
  topic: `arn:aws:sns:us-east-1:${OTHER_ACCOUNT}:pager`,
  queue: `arn:aws:sqs:us-east-1:${OTHER_ACCOUNT}:other`,
} as const;
