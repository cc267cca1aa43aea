import type { Environment } from '../../shared/settings';
import type { ReceivedInvocation } from './api-client';

/**
 * A handler's `context`, without what a callback handler has on top.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html
 */
export interface BaseContext {
  readonly functionName: string;
  readonly functionVersion: string;
  readonly invokedFunctionArn: string;
  /** MiB, as text. */
  readonly memoryLimitInMB: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
  readonly awsRequestId: string;
  readonly clientContext: unknown;
  readonly identity: unknown;
  readonly getRemainingTimeInMillis: () => number;
}

export function baseContext(invocation: ReceivedInvocation, environment: Environment, now: () => number): BaseContext {
  const variable = (name: string) => environment[name] ?? '';
  return {
    clientContext: parsed(invocation.clientContext),
    identity: parsed(invocation.identity),
    functionName: variable('AWS_LAMBDA_FUNCTION_NAME'),
    functionVersion: variable('AWS_LAMBDA_FUNCTION_VERSION'),
    invokedFunctionArn: invocation.functionArn,
    memoryLimitInMB: variable('AWS_LAMBDA_FUNCTION_MEMORY_SIZE'),
    logGroupName: variable('AWS_LAMBDA_LOG_GROUP_NAME'),
    logStreamName: variable('AWS_LAMBDA_LOG_STREAM_NAME'),
    awsRequestId: invocation.requestId,
    getRemainingTimeInMillis: () => invocation.deadlineMs - now(),
  };
}

function parsed(header: string | undefined): unknown {
  return header === undefined ? undefined : JSON.parse(header);
}
