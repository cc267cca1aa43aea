import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { RUN_ENVELOPE_VERSION, type RunEnvelope, type RunRecord } from '../../handlers/shared/run';
import { RUNNER_NODE_OPTIONS } from '../../stacks/parts/node-options';
import { type FakeAws, type FakeFunction, type FakeLayer, LEDGER_TABLE, PAYLOAD_BUCKET } from './fake-aws';
import { functionPackage } from './function-package';
import { runnerBundle } from './runner-bundle';

export interface RunOptions {
  /** A function under support/functions; without it or a package of the test's, it is one that Lambda does not know. */
  readonly functionName?: string;
  readonly fake?: Omit<FakeFunction, 'package'> & { readonly package?: Uint8Array };
  /** With its qualifier, if it has one. @default - one of its own in eu-west-1 */
  readonly functionArn?: string;
  /** The function's layers in order; `undefined` for one that Lambda does not know. */
  readonly layers?: readonly (FakeLayer | undefined)[];
  readonly envelope?: Partial<RunEnvelope>;
  /** What the row before the run has besides {@link WAITING_ROW}; or no row, or the one that is there. */
  readonly row?: Readonly<Record<string, unknown>> | 'none' | 'as it is';
  readonly environment?: Readonly<Record<string, string>>;
  /** A command that starts the runner: its own is given to it as arguments. @default - none */
  readonly through?: readonly string[];
  /** Whether anybody reads the runner's stdout. @default true */
  readonly isRead?: boolean;
}

export interface Finished {
  readonly runId: string;
  readonly functionArn: string;
  readonly layerArns: readonly string[];
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The last line on stdout, parsed; `undefined` when there is none or it is no JSON. */
  readonly lastLine: unknown;
  readonly row: Record<string, unknown> | undefined;
  /** Names of the runner's own log lines, in order. */
  readonly events: readonly string[];
}

export interface RunnerProcess {
  readonly child: ChildProcess;
  readonly runId: string;
  readonly functionArn: string;
  /** Resolves once `text` has appeared on either stream. */
  readonly seen: (text: string) => Promise<void>;
  readonly finished: Promise<Finished>;
}

/** What the starter has written of a run whose task starts. */
export const WAITING_ROW = {
  status: 'STARTING',
  attempt: 1,
  requestHash: 'hash',
  timeoutSeconds: 300,
  inputBytes: 2,
  createdAt: '2026-11-20T12:00:00.000Z',
  expiresAt: 1_800_000_000,
  open: 'open',
  checkAt: '2026-11-20T12:05:00.000Z',
} as const satisfies Omit<RunRecord, 'runId' | 'functionArn'>;

/** What the row of a run holds once its runner has closed it, but for how it ended. */
export function closedRow({ runId, functionArn, row }: Finished) {
  const { open, checkAt, ...left } = WAITING_ROW;
  return { ...left, runId, functionArn, runnerId: expect.any(String), endedBy: row?.['runnerId'] };
}

let runs = 0;

/** Starts the bundled runner as ECS would, against the fake AWS. */
export async function startRunner(aws: FakeAws, options: RunOptions): Promise<RunnerProcess> {
  const { runnerFile } = await runnerBundle();
  runs += 1;
  const runId = options.envelope?.runId ?? `run-${process.pid}-${runs}`;
  const functionArn = options.functionArn ?? `arn:aws:lambda:eu-west-1:123456789012:function:fn-${runs}`;
  const layerArns = (options.layers ?? []).map((layer, index) => {
    const layerArn = `arn:aws:lambda:eu-west-1:123456789012:layer:of-fn-${runs}:${index + 1}`;
    if (layer !== undefined) {
      aws.layers.set(layerArn, layer);
    }
    return layerArn;
  });
  const zip = options.fake?.package ?? packageOf(options.functionName);
  if (zip !== undefined) {
    aws.functions.set(functionArn, {
      ...options.fake,
      package: zip,
      configuration: { Layers: layerArns.map((Arn) => ({ Arn })), ...options.fake?.configuration },
    });
  }
  if (options.row !== 'none' && options.row !== 'as it is') {
    aws.ledger.put({ ...WAITING_ROW, runId, functionArn, attempt: options.envelope?.attempt ?? 1, ...options.row });
  }
  const folder = mkdtempSync(path.join(tmpdir(), 'overtime-run-'));
  const envelope: RunEnvelope = {
    version: RUN_ENVELOPE_VERSION,
    runId,
    attempt: 1,
    functionArn,
    timeoutSeconds: 300,
    input: { inline: {} },
    ...options.envelope,
  };
  const [program = process.execPath, ...words] = [
    ...(options.through ?? []),
    process.execPath,
    ...RUNNER_NODE_OPTIONS,
    runnerFile,
  ];
  const child = spawn(program, words, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      AWS_ENDPOINT_URL: aws.url,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'secret',
      // A server that fails for good is given up soon.
      AWS_MAX_ATTEMPTS: '5',
      OVERTIME_RUN: JSON.stringify(envelope),
      OVERTIME_LEDGER_TABLE: LEDGER_TABLE,
      OVERTIME_PAYLOAD_BUCKET: PAYLOAD_BUCKET,
      OVERTIME_STOP_TIMEOUT_SECONDS: '120',
      OVERTIME_TASK_ROOT: path.join(folder, 'task'),
      OVERTIME_LAYERS_ROOT: path.join(folder, 'opt'),
      OVERTIME_WORK_ROOT: path.join(folder, 'work'),
      ...options.environment,
    },
  });
  const { seen, texts } = collect(child, options.isRead === false ? ['stderr'] : ['stdout', 'stderr']);
  // Else an output that nobody reads would keep the stream open for ever.
  child.once('exit', () => (options.isRead === false ? child.stdout.destroy() : undefined));
  const finished = new Promise<number | null>((resolve) => child.once('close', resolve)).then(async (code) => {
    await rm(folder, { recursive: true, force: true });
    return { runId, functionArn, layerArns, code, ...texts(), row: aws.ledger.get(runId) };
  });
  return { child, runId, functionArn, seen, finished: finished.then(withLines) };
}

function packageOf(functionName: string | undefined): Uint8Array | undefined {
  return functionName === undefined ? undefined : functionPackage(functionName);
}

/** Runs the bundled runner to its end. `close` comes when every process that shares its streams has ended. */
export async function runToEnd(aws: FakeAws, options: RunOptions): Promise<Finished> {
  return (await startRunner(aws, options)).finished;
}

export function collect(child: ChildProcess, names: readonly ('stdout' | 'stderr')[]) {
  const chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  const waiting = new Set<() => void>();
  for (const name of names) {
    child[name]?.on('data', (chunk: Buffer) => {
      chunks[name].push(chunk);
      for (const check of waiting) {
        check();
      }
    });
  }
  const texts = () => ({
    stdout: Buffer.concat(chunks.stdout).toString('utf8'),
    stderr: Buffer.concat(chunks.stderr).toString('utf8'),
  });
  const seen = (text: string) =>
    new Promise<void>((resolve) => {
      const check = () => {
        const { stdout, stderr } = texts();
        if (stdout.includes(text) || stderr.includes(text)) {
          waiting.delete(check);
          resolve();
        }
      };
      waiting.add(check);
      check();
    });
  return { seen, texts };
}

function withLines(end: Omit<Finished, 'lastLine' | 'events'>): Finished {
  const events = end.stderr.split('\n').flatMap((line) => {
    const document = parsed(line);
    return typeof document === 'object' && document !== null && 'event' in document ? [String(document.event)] : [];
  });
  return { ...end, lastLine: parsed(end.stdout.trimEnd().split('\n').at(-1) ?? ''), events };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
