/**
 * AWS's prices in US dollars, on demand, in us-east-1 (Northern Virginia), as known on 2026-11-27, without free tiers and
 * taxes: stepFunctionsTransition by AWS's own page, schedulerInvocation from memory, the others as third parties quoted
 * them (https://www.vantage.sh/blog/fargate-pricing, https://cloudchipr.com/blog/aws-lambda-pricing,
 * https://airbyte.com/data-engineering-resources/dynamodb-pricing, https://cloudburn.io/blog/amazon-sqs-pricing,
 * https://signoz.io/guides/cloudwatch-pricing, https://c3x.dev/resources/aws/aws_cloudwatch_metric_alarm,
 * https://cloudburn.io/blog/aws-nat-gateway-pricing), as most of AWS's fill them in by script. AWS's pages: https://aws.amazon.com/fargate/pricing/, https://aws.amazon.com/lambda/pricing/,
 * https://aws.amazon.com/dynamodb/pricing/on-demand/, https://aws.amazon.com/sqs/pricing/,
 * https://aws.amazon.com/eventbridge/pricing/, https://aws.amazon.com/cloudwatch/pricing/,
 * https://aws.amazon.com/step-functions/pricing/, https://aws.amazon.com/vpc/pricing/
 */
export const PRICES = {
  fargateVcpuHour: { x86_64: 0.04048, arm64: 0.03238 },
  fargateGbHour: { x86_64: 0.004445, arm64: 0.00356 },
  publicIpv4Hour: 0.005,
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
} as const;

/** As AWS counts them: https://aws.amazon.com/calculator/calculator-assumptions/ */
export const HOURS_A_MONTH = 730;
