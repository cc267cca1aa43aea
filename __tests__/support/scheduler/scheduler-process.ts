import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { bundle } from '../../../stacks/parts/packaged-function';
import { eventually } from '../eventually';
import { freePort } from '../free-port';

/** The bundled program, in a folder of its own. */
export function schedulerFile(): string {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'overtime-scheduler-')), 'scheduler.js');
  writeFileSync(file, bundle(path.resolve(__dirname, '../../../handlers/scheduler/main.ts')));
  return file;
}

export interface SchedulerProcess {
  readonly child: ChildProcess;
  /** Its lines, parsed. */
  readonly log: Readonly<Record<string, unknown>>[];
  readonly errors: () => string;
  readonly health: () => Promise<
    { readonly status: number; readonly body: Readonly<Record<string, unknown>> } | undefined
  >;
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
}

/** Starts the program against `endpoint`. */
export async function startScheduler(
  file: string,
  endpoint: string,
  environment: Readonly<Record<string, string>> = {},
  nodeOptions: readonly string[] = [],
): Promise<SchedulerProcess> {
  const port = await freePort();
  const child = spawn(process.execPath, [...nodeOptions, file], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'secret',
      OVERTIME_SCHEDULES_TABLE: 'overtime-schedules',
      OVERTIME_SCHEDULE_STATES_TABLE: 'overtime-schedule-states',
      OVERTIME_STARTER_FUNCTION: 'overtime-starter',
      OVERTIME_LEDGER_TABLE: 'overtime-runs',
      OVERTIME_HEALTH_PORT: String(port),
      OVERTIME_STOP_TIMEOUT_SECONDS: '10',
      ...environment,
    },
  });
  const log: Readonly<Record<string, unknown>>[] = [];
  let errors = '';
  createInterface({ input: child.stdout }).on('line', (line) => log.push(JSON.parse(line)));
  child.stderr.on('data', (chunk) => {
    errors += String(chunk);
  });
  return {
    child,
    log,
    errors: () => errors,
    health: async () => {
      const response = await fetch(`http://127.0.0.1:${port}/health`).catch(() => undefined);
      return response === undefined
        ? undefined
        : { status: response.status, body: (await response.json()) as Readonly<Record<string, unknown>> };
    },
    ended: new Promise((resolve) => child.once('close', (code, signal) => resolve(code ?? signal))),
  };
}

export async function untilHealthy(scheduler: SchedulerProcess): Promise<Readonly<Record<string, unknown>>> {
  const { body } = await eventually('a healthy scheduler', async () => {
    const health = await scheduler.health();
    return health?.status === 200 ? health : undefined;
  });
  return body;
}
