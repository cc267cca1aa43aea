import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import type { FakeAws } from '../../__tests__/support/fake-aws';

/** What the SDK wants to know before it asks a server on loopback. */
export const AWS_ENVIRONMENT = {
  PATH: process.env['PATH'] ?? '',
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'secret',
} as const;

/** Starts a program of Node.js that says nothing. */
export function startProgram(words: readonly string[], environment: Readonly<Record<string, string>>): ChildProcess {
  return spawn(process.execPath, words, { stdio: 'ignore', env: { ...AWS_ENVIRONMENT, ...environment } });
}

/** Of a worker of ours, whose function is `functionArn` and which keeps its files in `folder`. */
export function workerEnvironment(aws: FakeAws, functionArn: string, folder: string) {
  return {
    AWS_ENDPOINT_URL: aws.url,
    OVERTIME_FUNCTION_ARN: functionArn,
    OVERTIME_TASK_ROOT: path.join(folder, 'task'),
    OVERTIME_LAYERS_ROOT: path.join(folder, 'opt'),
    OVERTIME_WORK_ROOT: path.join(folder, 'work'),
  };
}
