import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target';
import type { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission';
import type { Construct } from 'constructs';

export interface RuleTargetProps {
  readonly rule: { readonly name: string; readonly arn: string };
  readonly target: LambdaFunction;
  /** @default - the event itself */
  readonly input?: string;
  /** @default - one */
  readonly count?: number;
}

/** Has a rule of EventBridge's invoke a function. */
export function invokeByRule(scope: Construct, id: string, { rule, target, input, count }: RuleTargetProps): void {
  const counted = count === undefined ? {} : { count };
  const permission = new LambdaPermission(scope, `${id}_permission`, {
    ...counted,
    statementId: `${id}-rule`,
    action: 'lambda:InvokeFunction',
    functionName: target.functionName,
    principal: 'events.amazonaws.com',
    sourceArn: rule.arn,
  });
  new CloudwatchEventTarget(scope, `${id}_target`, {
    ...counted,
    rule: rule.name,
    arn: target.arn,
    ...(input === undefined ? {} : { input }),
    // EventBridge does not try again what it was not allowed to do.
    dependsOn: [permission],
  });
}
