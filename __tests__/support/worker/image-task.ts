import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { environmentSha256 } from '../../../handlers/runner/sidecar/environment-sha256';
import { startAwsServer } from '../aws-server';
import { eventually } from '../eventually';
import { freePort } from '../free-port';
import { functionFolder } from '../function-package';
import { runnerBundle } from '../runner-bundle';

export const FUNCTION_IMAGE = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/worker-cases:1';

/** A task of two containers, as ECS runs it: the worker's is started by the test, with this environment. */
export interface ImageTask {
  readonly environment: Readonly<Record<string, string>>;
  /** The function's container, when ECS has found the worker healthy and started it: once, and never again. */
  readonly container: Promise<ChildProcess>;
  readonly close: () => Promise<void>;
}

/** @param handler of the function worker-cases; one that is not there fails when the runtime starts */
export async function startImageTask(handler = 'index.handler'): Promise<ImageTask> {
  const port = await freePort();
  let started: ChildProcess | undefined;
  let isClosed = false;
  const metadata = await startAwsServer(() => {
    const code = started?.exitCode ?? (started?.signalCode === 'SIGKILL' ? 137 : undefined);
    const state = code === undefined ? { KnownStatus: 'RUNNING' } : { KnownStatus: 'STOPPED', ExitCode: code };
    const Containers = [
      { Name: 'runner', KnownStatus: 'RUNNING' },
      { Name: 'runtime', ...state },
    ];
    return { body: { TaskARN: 'arn:aws:ecs:eu-west-1:123456789012:task/c/t', DesiredStatus: 'RUNNING', Containers } };
  });
  const start = async (): Promise<ChildProcess> => {
    await eventually('the Runtime API', () => (isClosed ? Promise.resolve(true) : isListening(port)));
    const { nodeClientFile } = await runnerBundle();
    started = spawn(process.execPath, [nodeClientFile], {
      stdio: 'ignore',
      env: {
        AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${port}`,
        LAMBDA_TASK_ROOT: functionFolder('worker-cases'),
        _HANDLER: handler,
      },
    });
    return started;
  };
  const container = start();
  return {
    environment: {
      ECS_CONTAINER_METADATA_URI_V4: metadata.endpoint,
      OVERTIME_RUNTIME_CONTAINER: 'image',
      OVERTIME_RUNTIME_API_PORT: String(port),
      OVERTIME_IMAGE_URI: FUNCTION_IMAGE,
      OVERTIME_ENVIRONMENT_SHA256: environmentSha256({}),
    },
    container,
    close: async () => {
      isClosed = true;
      (await container).kill('SIGKILL');
      await metadata.close();
    },
  };
}

/** As the task definition's health check finds it out. */
async function isListening(port: number): Promise<true | undefined> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return undefined;
  } finally {
    socket.destroy();
  }
}
