/** The Region in an ARN; `undefined` where it names none. */
export function arnRegion(arn: string): string | undefined {
  const region = arn.split(':')[3];
  return region === undefined || region === '' ? undefined : region;
}

// https://docs.aws.amazon.com/general/latest/gr/sqs-service.html: today's endpoints, those for FIPS and IPv6, and the oldest.
const QUEUE_HOST =
  /^(?:sqs(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.com|api\.aws|amazonaws\.com\.cn)|([a-z0-9-]+)\.queue\.amazonaws\.com)$/;

/** The Region in the host of a queue's URL; `undefined` where the host is not one of AWS's. */
export function queueRegion(queueUrl: string): string | undefined {
  const [, region, legacy] = QUEUE_HOST.exec(new URL(queueUrl).hostname) ?? [];
  return region ?? legacy;
}

/** By the beginning of a Region's name; the others are in `aws`. Source: https://docs.aws.amazon.com/sdk-for-go/api/aws/endpoints/ */
const PARTITIONS = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
  ['us-isob-', 'aws-iso-b'],
  ['us-iso-', 'aws-iso'],
  ['eusc-', 'aws-eusc'],
] as const;

/** The ARN of the queue of a URL, whose path is `/ACCOUNT/NAME`; `undefined` where it is not. */
export function queueArn(queueUrl: string, region: string): string | undefined {
  const [, account, name] = /^\/(\d+)\/([A-Za-z0-9_-]+(?:\.fifo)?)$/.exec(new URL(queueUrl).pathname) ?? [];
  const [, partition] = PARTITIONS.find(([prefix]) => region.startsWith(prefix)) ?? [];
  return name === undefined ? undefined : `arn:${partition ?? 'aws'}:sqs:${region}:${account}:${name}`;
}
