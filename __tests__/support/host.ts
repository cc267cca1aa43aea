import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { RUN_ENVELOPE_VERSION } from '../../handlers/shared/run';
import { type FakeAws, type FakeFunction, LEDGER_TABLE, PAYLOAD_BUCKET } from './fake-aws';
import { runnerBundle } from './runner-bundle';

/** What the host's program is told. */
export type Request =
  | { readonly kind: 'run'; readonly requestId: string; readonly input: string; readonly timeoutSeconds: number }
  | { readonly kind: 'interrupt'; readonly requestId: string }
  | { readonly kind: 'pass'; readonly seconds: number }
  | { readonly kind: 'close' };

/** What a run came to. */
export interface Ran {
  readonly requestId: string;
  /** What the function `serves-many` answers. */
  readonly output?: { readonly pid: number; readonly count: number; readonly code: string; readonly layered: string };
  readonly error?: { readonly errorType: string; readonly errorMessage: string };
  /** Whether a runtime was started for it. */
  readonly isCold: boolean;
}

export interface HostProcess {
  readonly functionArn: string;
  /** Changes the function, as its owner would; `undefined` removes it. */
  readonly deploy: (known: FakeFunction | undefined) => void;
  /** What a handler may share with the test. */
  readonly folder: string;
  /** Where the packages after the first lie. */
  readonly laterRoot: string;
  /** Carries out a run of that event; `folder` is added to it. Its request id is `request-ID`. */
  readonly run: (event: Readonly<Record<string, unknown>>, timeoutSeconds?: number) => Promise<Ran>;
  readonly interrupt: (id: number) => void;
  /** Lets the host's clock be so much later. */
  readonly passSeconds: (seconds: number) => void;
  /** Ids of the runs whose handler began, in order. */
  readonly begun: () => readonly number[];
  /** What the function, its extensions and the log have written. */
  readonly text: () => string;
  /** The container of its runtimes, where that is another: it is seen to end with this code. */
  readonly container: Promise<number | null>;
  /** Ends the host at once, as when its own container runs out of memory. */
  readonly destroy: () => void;
  /** Ends the host, and resolves with its exit code. */
  readonly close: () => Promise<number | null>;
}

export interface HostSettings {
  readonly concurrency: number;
  /** Whether its runtimes run in another container, as with AWS's public images. @default false */
  readonly hasContainer?: boolean;
}

let functions = 0;

/** Uses a worker's function host with a function of its own, and leaves nothing of it. */
export async function withHost(
  aws: FakeAws,
  options: HostSettings & { readonly known: FakeFunction },
  use: (host: HostProcess) => Promise<void>,
): Promise<void> {
  const host = await startHost(aws, options);
  try {
    host.deploy(options.known);
    await use(host);
  } finally {
    await host.close();
    await rm(host.folder, { recursive: true, force: true });
  }
}

/** Starts the host as a process, bundled as the runner is, against the fake AWS. */
async function startHost(aws: FakeAws, { concurrency, hasContainer = false }: HostSettings): Promise<HostProcess> {
  functions += 1;
  const functionArn = `arn:aws:lambda:eu-west-1:123456789012:function:many-${functions}`;
  const folder = mkdtempSync(path.join(tmpdir(), 'overtime-host-'));
  const workRoot = path.join(folder, 'work');
  const container = hasContainer ? startContainer(folder) : undefined;
  const child = spawn(process.execPath, [await bundledProgram(folder)], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      PATH: process.env['PATH'],
      AWS_ENDPOINT_URL: aws.url,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'secret',
      HOST_CONCURRENCY: String(concurrency),
      HOST_DRAIN_MILLISECONDS: '10000',
      OVERTIME_RUN: JSON.stringify({
        version: RUN_ENVELOPE_VERSION,
        runId: 'worker',
        attempt: 1,
        functionArn,
        timeoutSeconds: 20,
        input: { inline: null },
      }),
      OVERTIME_LEDGER_TABLE: LEDGER_TABLE,
      OVERTIME_PAYLOAD_BUCKET: PAYLOAD_BUCKET,
      OVERTIME_STOP_TIMEOUT_SECONDS: '120',
      OVERTIME_TASK_ROOT: path.join(folder, 'task'),
      OVERTIME_LAYERS_ROOT: path.join(folder, 'opt'),
      OVERTIME_WORK_ROOT: workRoot,
      ...(hasContainer ? containerSettings(folder) : {}),
    },
  });
  const written: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr, container?.stdout, container?.stderr]) {
    stream?.on('data', (chunk: Buffer) => written.push(chunk));
  }
  const exited = once(child, 'close').then(([code]) => code as number | null);
  const containerEnded = container === undefined ? null : once(container, 'close').then(([code]) => code);
  const answers = new EventEmitter();
  child.on('message', (ran: Ran) => answers.emit(ran.requestId, ran));
  const tell = (request: Request) => child.send(request);
  return {
    functionArn,
    deploy: (known) => {
      if (known === undefined) {
        aws.functions.delete(functionArn);
      } else {
        aws.functions.set(functionArn, known);
      }
    },
    folder,
    laterRoot: hasContainer ? path.join(folder, 'control') : workRoot,
    run: async (event, timeoutSeconds = 60) => {
      const requestId = `request-${event['id']}`;
      const answered = once(answers, requestId);
      tell({ kind: 'run', requestId, input: JSON.stringify({ ...event, folder }), timeoutSeconds });
      const [ran] = (await answered) as [Ran];
      return ran;
    },
    interrupt: (id) => tell({ kind: 'interrupt', requestId: `request-${id}` }),
    passSeconds: (seconds) => tell({ kind: 'pass', seconds }),
    begun: () => readFileSync(path.join(folder, 'begun'), 'utf8').trim().split('\n').map(Number),
    text: () => Buffer.concat(written).toString('utf8'),
    container: Promise.resolve(containerEnded),
    destroy: () => child.kill('SIGKILL'),
    close: async () => {
      if (child.connected) {
        tell({ kind: 'close' });
      }
      const code = await exited;
      await containerEnded;
      return code;
    },
  };
}

const SUPERVISE = path.resolve(__dirname, '../../handlers/runner/sidecar/supervise-runtimes.sh');

/** The other container, run by this machine's shell. Its variables are its own. */
function startContainer(folder: string) {
  const control = path.join(folder, 'control');
  mkdirSync(control);
  // In the place of AWS's own bootstrap.
  const client = `#!/bin/sh\nexec '${process.execPath}' '${path.join(folder, 'node-client.js')}'\n`;
  writeFileSync(path.join(folder, 'bootstrap'), client, { mode: 0o755 });
  const env = { PATH: process.env['PATH'], OF_THE_CONTAINER: 'yes' };
  return spawn('/bin/sh', [SUPERVISE, control], { stdio: ['ignore', 'pipe', 'pipe'], env });
}

function containerSettings(folder: string) {
  return {
    OVERTIME_RUNTIME_CONTAINER: 'package',
    OVERTIME_CONTROL_ROOT: path.join(folder, 'control'),
    OVERTIME_BOOTSTRAP: path.join(folder, 'bootstrap'),
  };
}

/** The program in one file, with the Node.js client beside it, as the runner has it. */
async function bundledProgram(folder: string): Promise<string> {
  const { nodeClientFile } = await runnerBundle();
  copyFileSync(nodeClientFile, path.join(folder, 'node-client.js'));
  const outfile = path.join(folder, 'host.js');
  const entry = path.join(__dirname, 'host-program.ts');
  await build({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'cjs', logLevel: 'silent' });
  return outfile;
}
