/** AWS's prices in US dollars, on demand, in us-east-1 (Northern Virginia), without free tiers and taxes. */
export const PRICES = {
  fargateVcpuHour: { x86_64: 0.04048, arm64: 0.03238 },
  fargateGbHour: { x86_64: 0.004445, arm64: 0.00356 },
  fargateStorageGbHour: 0.000111,
  publicIpv4Hour: 0.005,
  natGatewayHour: 0.045,
  lambdaRequest: 0.2 / 1_000_000,
  lambdaArmGbSecond: 0.0000133334,
  lambdaX86GbSecond: 0.0000166667,
  dynamodbWrite: 0.625 / 1_000_000,
  dynamodbRead: 0.125 / 1_000_000,
  sqsRequest: 0.4 / 1_000_000,
  sqsFifoRequest: 0.5 / 1_000_000,
  schedulerInvocation: 1 / 1_000_000,
  stepFunctionsTransition: 0.025 / 1_000,
  alarmMonth: 0.1,
  metricMonth: 0.3,
  dashboardMonth: 3,
  logsGb: 0.5,
} as const;

/** When every page of SOURCES was read last. */
export const READ_ON = '2026-11-27';

interface Source {
  /** The price as the page has it. */
  readonly price: string;
  readonly page: string;
  /** When the page was written or last changed, as far as it says so. */
  readonly of?: string;
}

const FARGATE: Omit<Source, 'price'> = { page: 'https://www.vantage.sh/blog/fargate-pricing' };
const LAMBDA: Omit<Source, 'price'> = { page: 'https://cloudchipr.com/blog/aws-lambda-pricing', of: '2024' };
const DYNAMODB: Omit<Source, 'price'> = {
  page: 'https://airbyte.com/data-engineering-resources/dynamodb-pricing',
  of: 'July 2025',
};
const SQS: Omit<Source, 'price'> = { page: 'https://cloudburn.io/blog/amazon-sqs-pricing', of: 'March 2026' };
const CLOUDWATCH: Omit<Source, 'price'> = {
  page: 'https://www.factualminds.com/blog/amazon-cloudwatch-pricing-metrics-logs-alarms-dashboards/',
  of: 'June 2026',
};

/** Where each price was read. That of Step Functions alone stands on AWS's own page: the others fill theirs in by script. */
export const SOURCES: Readonly<Record<keyof typeof PRICES, Source>> = {
  fargateVcpuHour: { price: 'Fargate, a vCPU-hour: $0.04048, arm64 $0.03238', ...FARGATE },
  fargateGbHour: { price: 'Fargate, a GB-hour: $0.004445, arm64 $0.00356', ...FARGATE },
  fargateStorageGbHour: { price: 'Fargate, a GB-hour of disk above 20 GB: $0.000111', ...FARGATE },
  publicIpv4Hour: {
    price: 'a public IPv4 address, an hour: $0.005',
    page: 'https://www.doit.com/aws-public-ipv4-price-increase-the-complete-guide/',
    of: '2023',
  },
  natGatewayHour: {
    price: 'a NAT gateway, an hour: $0.045',
    page: 'https://cloudburn.io/blog/aws-nat-gateway-pricing',
    of: 'February 2026',
  },
  lambdaRequest: {
    price: 'Lambda, a million requests: $0.20',
    page: 'https://git.mcrn.ar/mariano/lambda_local_runner/src/branch/main/docs/lambdas-md/lambda-13-cost.md',
    of: 'May 2026',
  },
  lambdaArmGbSecond: { price: 'Lambda, a GB-second on arm64: $0.0000133334', ...LAMBDA },
  lambdaX86GbSecond: { price: 'Lambda, a GB-second on x86_64: $0.0000166667', ...LAMBDA },
  dynamodbWrite: { price: 'DynamoDB on demand, a million writes: $0.625', ...DYNAMODB },
  dynamodbRead: { price: 'DynamoDB on demand, a million reads: $0.125', ...DYNAMODB },
  sqsRequest: { price: 'SQS, a million requests: $0.40', ...SQS },
  sqsFifoRequest: { price: 'SQS, a million requests of FIFO queues: $0.50', ...SQS },
  schedulerInvocation: {
    price: 'EventBridge Scheduler, a million invocations: $1.00',
    page: 'https://cloudburn.io/blog/amazon-eventbridge-pricing',
    of: 'March 2026',
  },
  stepFunctionsTransition: {
    price: 'Step Functions, 1,000 transitions: $0.025',
    page: 'https://aws.amazon.com/step-functions/pricing/',
  },
  alarmMonth: {
    price: 'CloudWatch, an alarm, a month: $0.10',
    page: 'https://c3x.dev/resources/aws/aws_cloudwatch_metric_alarm',
  },
  metricMonth: {
    price: 'CloudWatch, a metric, a month: $0.30',
    page: 'https://signoz.io/guides/cloudwatch-pricing',
    of: 'February 2026',
  },
  dashboardMonth: { price: 'CloudWatch, a dashboard, a month: $3', ...CLOUDWATCH },
  logsGb: { price: 'CloudWatch Logs, a GB taken in: $0.50', ...CLOUDWATCH },
};

/** As AWS counts them: https://aws.amazon.com/calculator/calculator-assumptions/ */
export const HOURS_A_MONTH = 730;
