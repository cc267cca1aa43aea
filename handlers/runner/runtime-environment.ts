import { parseFunctionName } from '../shared/function-name';
import type { Environment } from '../shared/settings';
import type { FunctionDescription } from './function-description';
import { layerPaths } from './layer-paths';

export interface RuntimeEnvironmentInput {
  /** The runner's own environment. */
  readonly task: Environment;
  readonly description: FunctionDescription;
  readonly functionArn: string;
  /** Where the function's ARN names no Region. */
  readonly taskRegion: string;
  readonly runtimeApiAddress: string;
  readonly taskRoot: string;
  readonly layersRoot: string;
  readonly logStreamName: string;
  /** Whether AWS's own bootstrap runs the function. */
  readonly isAwsBootstrap: boolean;
}

/** Ours: nothing of the runner's own settings reaches the function. */
const OWN_PREFIX = 'OVERTIME_';

/**
 * Who the task is and where it gets credentials: a function's variables must not hide these from it. Its own may begin
 * alike, such as ECS_CLUSTER of a function that starts tasks.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4.html and
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
 */
const PROTECTED = new RegExp(
  `^(${[
    'AWS_ACCESS_KEY_ID',
    'AWS_CONTAINER_AUTHORIZATION_TOKEN(_FILE)?',
    'AWS_CONTAINER_CREDENTIALS_(FULL|RELATIVE)_URI',
    'AWS_ROLE_ARN',
    'AWS_SECRET_ACCESS_KEY',
    'AWS_SESSION_TOKEN',
    'AWS_WEB_IDENTITY_TOKEN_FILE',
    'ECS_AGENT_URI',
    'ECS_CONTAINER_METADATA_(FILE|URI|URI_V4)',
  ].join('|')})$`,
);

/** Whether a variable belongs to the task, or to one of its containers, and not to the function. */
export function isOfTask(name: string): boolean {
  return PROTECTED.test(name);
}

/** What Lambda lets no function set, and emulators of it may. */
const RESERVED: ReadonlySet<string> = new Set([
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_DEFAULT_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_LAMBDA_RUNTIME_API',
  'AWS_REGION',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'LAMBDA_RUNTIME_DIR',
  'LAMBDA_TASK_ROOT',
]);

/** Where an X-Ray daemon is looked for that its owner adds to the task: what the X-Ray SDKs take by themselves. */
const XRAY_DAEMON = '127.0.0.1:2000';

const RUNTIME_FOLDER = '/var/runtime';

const EXECUTION_ENVIRONMENT = 'AWS_EXECUTION_ENV';

/** The Region that the function lives in, which it sees as AWS_REGION wherever the task runs. */
export function functionRegion(functionArn: string, taskRegion: string): string {
  return parseFunctionName(functionArn)?.region ?? taskRegion;
}

/**
 * The environment of the runtime, as Lambda would give it: the task's, then the function's own, then what names the
 * task and its credentials, then what Lambda reserves.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 *
 * AWS_LAMBDA_FUNCTION_MEMORY_SIZE is what the function was configured with, not the task's memory, as is
 * `context.memoryLimitInMB`: a function that sizes buffers by it is one that runs unchanged. AWS_EXECUTION_ENV is
 * Lambda's, over the AWS_ECS_FARGATE that Fargate sets, as it names the runtime to code that asks; an OS-only runtime
 * has none. AWS_LAMBDA_INITIALIZATION_TYPE is on-demand for functions with SnapStart too: no snapshot is restored here.
 * The clients of the Runtime API set _X_AMZN_TRACE_ID for each invocation.
 */
export function runtimeEnvironment(input: RuntimeEnvironmentInput): Record<string, string> {
  const { description, taskRoot, layersRoot, isAwsBootstrap } = input;
  const { family, name } = description.runtime;
  const region = functionRegion(input.functionArn, input.taskRegion);
  const task = defined(input.task).filter(([key]) => !runnerVariable(key) && key !== EXECUTION_ENVIRONMENT);
  const paths = layerPaths({
    task: input.task,
    runtime: description.runtime,
    taskRoot,
    layersRoot,
    runtimeFolder: RUNTIME_FOLDER,
    isAwsBootstrap,
  });
  const own = Object.entries(description.variables).filter(([key]) => !RESERVED.has(key));
  return {
    LANG: 'en_US.UTF-8',
    AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
    AWS_XRAY_DAEMON_ADDRESS: XRAY_DAEMON,
    ...Object.fromEntries(task),
    TZ: ':UTC',
    ...paths,
    ...logSettings(description),
    ...Object.fromEntries(own),
    ...Object.fromEntries(task.filter(([key]) => PROTECTED.test(key))),
    _HANDLER: description.handler,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    ...(family === 'provided' ? {} : { [EXECUTION_ENVIRONMENT]: `AWS_Lambda_${name}` }),
    AWS_LAMBDA_FUNCTION_NAME: description.functionName,
    AWS_LAMBDA_FUNCTION_VERSION: description.version,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(description.memoryMiB),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: description.logGroupName,
    AWS_LAMBDA_LOG_STREAM_NAME: input.logStreamName,
    AWS_LAMBDA_RUNTIME_API: input.runtimeApiAddress,
    LAMBDA_TASK_ROOT: taskRoot,
    LAMBDA_RUNTIME_DIR: RUNTIME_FOLDER,
  };
}

/** Source: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html */
function logSettings({ logFormat, logLevel }: FunctionDescription): Readonly<Record<string, string>> {
  return {
    ...(logFormat === undefined ? {} : { AWS_LAMBDA_LOG_FORMAT: logFormat }),
    ...(logLevel === undefined ? {} : { AWS_LAMBDA_LOG_LEVEL: logLevel }),
  };
}

function defined(environment: Environment): readonly (readonly [string, string])[] {
  return Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
}

/** Whether a variable is one of the runner's own settings, which are not the function's business. */
export function runnerVariable(name: string): boolean {
  return name.startsWith(OWN_PREFIX);
}

/** A log stream's name in Lambda's form: the day, the version, and what tells this run from others. */
export function logStreamName(now: Date, version: string, runId: string): string {
  return `${now.toISOString().slice(0, 10).replaceAll('-', '/')}/[${version}]${runId}`;
}
