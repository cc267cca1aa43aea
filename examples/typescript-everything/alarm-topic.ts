import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import type { Construct } from 'constructs';

const NAME = 'overtime-alarms';

/** Its ARN, with your account in it: the stacks of the modules stand before the one that makes it. */
export const ALARM_TOPIC_ARN = `arn:aws:sns:us-east-1:123456789012:${NAME}`;

/** The topic of all alarms. It has no key of KMS: CloudWatch may not publish to one that AWS's own key encrypts. */
export function alarmTopic(scope: Construct): void {
  new SnsTopic(scope, 'alarms', { name: NAME });
}
