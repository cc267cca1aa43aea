import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { LambdaEventSourceMapping } from '@cdktf/provider-aws/lib/lambda-event-source-mapping';
import { LambdaFunctionUrl } from '@cdktf/provider-aws/lib/lambda-function-url';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission';
import { Fn, type IResolvable, TerraformIterator, TerraformLocal, Token } from 'cdktf';
import type { Construct } from 'constructs';
import { eventRequests, invokers, type Problem, queueArns } from './checks';
import type { LambdaProgram } from './lambda-program';
import { consumeQueue } from './permissions';
import { policyDocument } from './policy-document';
import { expression } from './terraform-text';

/** A service that may invoke the starter. */
interface Invoker {
  /** Such as sns.amazonaws.com, events.amazonaws.com or s3.amazonaws.com. */
  readonly principal: string;
  /** ARN of the topic, rule or bucket. */
  readonly sourceArn: string;
}

export interface StarterEntranceProps {
  /**
   * Queues of requests, by a name of yours: the starter reads each, and gives back what it could not start.
   * Give a queue a visibility time-out of six minutes at least, and a dead-letter queue.
   *
   * @default - none
   */
  readonly requestQueueArns?: Readonly<Record<string, string>>;
  /**
   * Services that may invoke the starter, by a name of yours.
   *
   * @default - none: whoever else invokes it has the right in a role of their own
   */
  readonly invokers?: Readonly<Record<string, Invoker>>;
  /**
   * What is started for the events of a source that sends no requests: by the ARN of a queue, topic, bucket, EventBridge
   * rule or function, the JSON text of a request without `input`, which is the event as the function would get it of
   * that source: `{ 'arn:aws:s3:::scans': '{"arn": "read-scan", "memoryMiB": 8192}' }`.
   *
   * @default - sources send requests themselves
   */
  readonly eventRequests?: Readonly<Record<string, string>>;
  /**
   * A URL for the starter. Callers sign their requests (IAM); nobody else gets in.
   *
   * @default false
   */
  readonly functionUrl?: boolean | IResolvable;
}

interface Entrances extends StarterEntranceProps {
  readonly launchQueueArn: string;
}

/** The longest that the starter may take with one batch of ten, of its minute. */
const BATCH_SIZE = 10;

export function entranceProblems(props: StarterEntranceProps): readonly Problem[] {
  return [
    ...queueArns('requestQueueArns', props.requestQueueArns),
    ...invokers('invokers', props.invokers),
    ...eventRequests('eventRequests', props.eventRequests),
  ];
}

/** The ways into the starter besides invoking it: the launch queue, queues of requests, other services, a URL. */
export function starterEntrances(scope: Construct, program: LambdaProgram, props: Entrances): IResolvable {
  const functionArn = program.function.arn;
  new LambdaEventSourceMapping(scope, 'launches', {
    eventSourceArn: props.launchQueueArn,
    functionName: functionArn,
    batchSize: BATCH_SIZE,
    functionResponseTypes: ['ReportBatchItemFailures'],
    // Lambda refuses a queue that the role may not read yet.
    dependsOn: [program.policy],
  });
  requestQueues(scope, program, props.requestQueueArns ?? {});
  otherServices(scope, functionArn, props.invokers ?? {});
  return functionUrl(scope, functionArn, props.functionUrl ?? false);
}

/** For OVERTIME_EVENT_REQUESTS: Terraform puts the texts together, as it alone knows those that are variables. */
export function eventRequestsText(scope: Construct, requests: Readonly<Record<string, string>>): string {
  new TerraformLocal(scope, 'event_requests', requests);
  return expression('jsonencode({ for source, request in local.event_requests : source => jsondecode(request) })');
}

/** A policy of its own for each: their number is Terraform's to know, and an empty statement is none that IAM takes. */
function requestQueues(scope: Construct, program: LambdaProgram, queues: Readonly<Record<string, string>>): void {
  const each = TerraformIterator.fromMap(new TerraformLocal(scope, 'request_queues', queues).asStringMap);
  const policy = new IamRolePolicy(scope, 'request_queue', {
    forEach: each,
    name: Fn.join('-', ['request-queue', each.key]),
    role: program.roleName,
    policy: policyDocument([consumeQueue('ConsumeRequests', Token.asString(each.value))]),
  });
  new LambdaEventSourceMapping(scope, 'requests', {
    forEach: each,
    eventSourceArn: Token.asString(each.value),
    functionName: program.function.arn,
    batchSize: BATCH_SIZE,
    functionResponseTypes: ['ReportBatchItemFailures'],
    dependsOn: [policy],
  });
}

function otherServices(scope: Construct, functionArn: string, given: Readonly<Record<string, Invoker>>): void {
  const each = TerraformIterator.fromMap(new TerraformLocal(scope, 'invokers', invokerRows(given)).asAnyMap);
  new LambdaPermission(scope, 'invoker', {
    forEach: each,
    statementId: each.key,
    action: 'lambda:InvokeFunction',
    functionName: functionArn,
    principal: each.getString('principal'),
    sourceArn: each.getString('source_arn'),
  });
}

/** A generated module's variable has Terraform's spelling already, and passes as it is. */
function invokerRows(given: Readonly<Record<string, Invoker>>): unknown {
  return Token.isUnresolved(given)
    ? given
    : Object.fromEntries(
        Object.entries(given).map(([key, { principal, sourceArn }]) => [key, { principal, source_arn: sourceArn }]),
      );
}

function functionUrl(scope: Construct, functionArn: string, isWanted: boolean | IResolvable): IResolvable {
  const url = new LambdaFunctionUrl(scope, 'url', { functionName: functionArn, authorizationType: 'AWS_IAM' });
  url.addOverride('count', Fn.conditional(isWanted, 1, 0));
  return Token.asAny(Fn.one(Fn.lookupNested(url.fqn, ['*', 'function_url'])));
}
