/**
 * Variables of the runtime alone, which its extensions do not get.
 * Source: "Environment variables" of https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html
 */
const OF_THE_RUNTIME: ReadonlySet<string> = new Set([
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_XRAY_CONTEXT_MISSING',
  'AWS_XRAY_DAEMON_ADDRESS',
  'LAMBDA_RUNTIME_DIR',
  'LAMBDA_TASK_ROOT',
]);

/** The environment of an extension: the runtime's without what is the runtime's alone, such as `_HANDLER`. */
export function extensionEnvironment(runtime: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(runtime).filter(([name]) => !OF_THE_RUNTIME.has(name) && !name.startsWith('_')),
  );
}
