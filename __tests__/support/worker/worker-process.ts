import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { RUNNER_NODE_OPTIONS } from '../../../stacks/parts/node-options';
import { type FakeAws, type FakeFunction, PAYLOAD_BUCKET } from '../fake-aws';
import { functionFolder, functionPackage, textPackage } from '../function-package';
import { runnerBundle } from '../runner-bundle';
import { collect } from '../runner-process';

export const ACTIVITY_ARN = 'arn:aws:states:eu-west-1:123456789012:activity:work';

export interface WorkerOptions {
  /** Where Step Functions or SQS are. */
  readonly endpoints?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  /** Words after the runner's file. @default - none */
  readonly words?: readonly string[];
}

export interface WorkerProcess {
  readonly child: ChildProcess;
  /** Its own folder, removed at the end. */
  readonly folder: string;
  /** Resolves once `text` has appeared on either stream. */
  readonly seen: (text: string) => Promise<void>;
  readonly text: () => { readonly stdout: string; readonly stderr: string };
  /** Names of its own log lines, in order. */
  readonly events: () => readonly string[];
  /** Resolves with its exit code, `null` where a signal ended it, when nothing holds its streams any more. */
  readonly exited: Promise<number | null>;
}

let functions = 0;

/** The function worker-cases as somebody has deployed it. */
export function deployWorkerCases(aws: FakeAws, code = 'old', known: Partial<FakeFunction> = {}): string {
  functions += 1;
  const functionArn = `arn:aws:lambda:eu-west-1:123456789012:function:worker-cases-${functions}`;
  redeploy(aws, functionArn, code, known);
  return functionArn;
}

export function redeploy(aws: FakeAws, functionArn: string, code: string, known: Partial<FakeFunction> = {}): void {
  const text = readFileSync(path.join(functionFolder('worker-cases'), 'index.js'), 'utf8').replace(
    "'old'",
    `'${code}'`,
  );
  const zip = code === 'old' ? functionPackage('worker-cases') : textPackage({ 'index.js': text });
  aws.functions.set(functionArn, { package: zip, ...known });
}

/** Starts the bundled runner with nothing but this environment and these words. */
export async function startWorker(aws: FakeAws, options: WorkerOptions): Promise<WorkerProcess> {
  const { runnerFile } = await runnerBundle();
  const folder = mkdtempSync(path.join(tmpdir(), 'overtime-worker-'));
  const child = spawn(process.execPath, [...RUNNER_NODE_OPTIONS, runnerFile, ...(options.words ?? [])], {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      AWS_ENDPOINT_URL: aws.url,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'secret',
      OVERTIME_PAYLOAD_BUCKET: PAYLOAD_BUCKET,
      OVERTIME_TASK_ROOT: path.join(folder, 'task'),
      OVERTIME_LAYERS_ROOT: path.join(folder, 'opt'),
      OVERTIME_WORK_ROOT: path.join(folder, 'work'),
      ...options.endpoints,
      ...options.environment,
    },
  });
  const { seen, texts } = collect(child, ['stdout', 'stderr']);
  const exited = once(child, 'close').then(async ([code]) => {
    await rm(folder, { recursive: true, force: true });
    return code as number | null;
  });
  return {
    child,
    folder,
    seen,
    text: texts,
    events: () => [...texts().stderr.matchAll(/"event":"([^"]+)"/g)].map(([, event]) => event ?? ''),
    exited,
  };
}

/** A worker of the activity, with the function worker-cases. */
export function startActivityWorker(
  aws: FakeAws,
  endpoint: string,
  functionArn: string,
  environment: Readonly<Record<string, string>> = {},
  words: readonly string[] = [],
): Promise<WorkerProcess> {
  return startWorker(aws, {
    words,
    endpoints: { AWS_ENDPOINT_URL_SFN: endpoint },
    environment: { OVERTIME_ACTIVITY_ARN: ACTIVITY_ARN, OVERTIME_FUNCTION_ARN: functionArn, ...environment },
  });
}

/** Ends a worker, whatever state it is in. */
export async function kill(worker: WorkerProcess): Promise<void> {
  worker.child.kill('SIGKILL');
  await worker.exited;
}
