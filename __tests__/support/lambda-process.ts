import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { bundle } from '../../stacks/parts/packaged-function';
import type { AwsServer } from './aws-server';

type LambdaName = 'dispatcher' | 'registrar' | 'watcher';

/** The index.js of a function's zip, in a folder of its own. */
export function lambdaFile(name: LambdaName): string {
  const file = path.join(mkdtempSync(path.join(tmpdir(), `overtime-${name}-`)), 'index.js');
  writeFileSync(file, bundle(path.resolve(__dirname, `../../handlers/${name}/handler.ts`)));
  return file;
}

// What Lambda's runtime does with a handler: loads it, calls it once, and takes what it gives or throws.
const INVOKE = `
const [file, event, context, milliseconds] = process.argv.slice(1);
const end = Date.now() + Number(milliseconds);
require(file)
  .handler(JSON.parse(event), { ...JSON.parse(context), getRemainingTimeInMillis: () => end - Date.now() })
  .then((value) => ({ value }), (error) => ({ error: { name: error.name, message: error.message } }))
  .then((result) => process.stderr.write('RESULT ' + JSON.stringify(result) + '\\n'));
`;

/** What a handler gave or threw. */
export interface LambdaResult {
  readonly value?: unknown;
  readonly error?: { readonly name: string; readonly message: string };
}

interface LambdaRun {
  /** `undefined` where the process was killed. */
  readonly result: LambdaResult | undefined;
  readonly log: readonly Readonly<Record<string, unknown>>[];
}

interface LambdaInvocation {
  readonly file: string;
  readonly event: unknown;
  readonly environment: Readonly<Record<string, string>>;
  readonly functionArn?: string;
  /** Until Lambda would end it. */
  readonly milliseconds?: number;
  readonly onStart?: (child: ChildProcess) => void;
}

/** Invokes a bundled function once, in a process of its own whose AWS is the server. */
export async function invokeLambda(
  { endpoint }: AwsServer,
  { file, event, environment, functionArn, milliseconds = 600_000, onStart }: LambdaInvocation,
): Promise<LambdaRun> {
  const context = { awsRequestId: 'request-1', invokedFunctionArn: functionArn };
  const words = [file, JSON.stringify(event), JSON.stringify(context), String(milliseconds)];
  const child = spawn(process.execPath, ['-e', INVOKE, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'secret',
      ...environment,
    },
  });
  onStart?.(child);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  const [, result] = /^RESULT (.*)$/m.exec(stderr) ?? [];
  if (result === undefined && child.signalCode === null) {
    throw new Error(`The function gave no result: ${stderr}`);
  }
  return {
    result: result === undefined ? undefined : JSON.parse(result),
    log: stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line)),
  };
}
