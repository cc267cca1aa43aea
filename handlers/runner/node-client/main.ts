import { apiClient } from './api-client';
import { CLIENT_EXIT_CODES, nodeClient, unhandledRejection } from './client';
import { flushed } from './flush';
import type { OnEmptyEventLoop } from './invoke';
import { loadHandler } from './load-handler';
import { AWSLAMBDA } from './streaming';
import { writeAll } from './write-all';

const STDERR = 2;

/** The version of Lambda's Node.js to behave like: the function's own, else this process's. */
function lambdaNodeMajor(executionEnvironment: string | undefined): number {
  const version =
    /^AWS_Lambda_nodejs(\d+)/.exec(executionEnvironment ?? '')?.[1] ?? process.versions.node.split('.')[0];
  return Number(version);
}

const onEmptyEventLoop: OnEmptyEventLoop = (listener) => {
  process.once('beforeExit', listener);
  return { cancel: () => process.off('beforeExit', listener) };
};

const environment = process.env;
const nodeMajor = lambdaNodeMajor(environment['AWS_EXECUTION_ENV']);
// Lambda's own switch for functions that have something else by that name.
if (!['1', 'true'].includes(environment['AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA'] ?? '')) {
  Object.assign(globalThis, { awslambda: AWSLAMBDA });
}
const client = nodeClient({
  api: apiClient(environment['AWS_LAMBDA_RUNTIME_API'] ?? ''),
  environment: { ...environment },
  nodeMajor,
  now: Date.now,
  loadHandler: () => loadHandler(environment['LAMBDA_TASK_ROOT'] ?? '', environment['_HANDLER'] ?? '', nodeMajor),
  onEmptyEventLoop,
  setTraceId: (traceId) => {
    if (traceId === undefined) {
      delete environment['_X_AMZN_TRACE_ID'];
    } else {
      environment['_X_AMZN_TRACE_ID'] = traceId;
    }
  },
  flush: () => flushed([process.stdout, process.stderr]),
  logError: (error) => writeAll(STDERR, `${JSON.stringify(error)}\n`),
});

const exit = (code: number) => () => process.exit(code);
const crash = (thrown: unknown, code: number) => {
  client.reportCrash(thrown).then(exit(code), exit(code));
};
process.on('uncaughtException', (error) => crash(error, CLIENT_EXIT_CODES.uncaughtException));
process.on('unhandledRejection', (reason) => crash(unhandledRejection(reason), CLIENT_EXIT_CODES.unhandledRejection));

// A lost server means that the runner is gone.
client.run().then((code) => process.exit(code), exit(CLIENT_EXIT_CODES.initError));
