import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Writable } from 'node:stream';
import { startRuntime } from '../../handlers/runner/runtime';
import { startRuntimeProcess } from '../../handlers/runner/runtime-process';
import { createStreams } from '../../handlers/runner/streams';
import { systemClock } from '../../handlers/shared/clock';
import { bundleRunner } from '../../images/bundle-runner';
import { version } from '../../package.json';
import { INTERFACE_EMULATOR, startInterfaceEmulator } from '../peers/interface-emulator';
import { startPlainApi } from '../peers/plain-runtime-api';
import { median } from '../statistics';
import type { BenchOptions, Prepared, Sample, Suite } from '../suite';
import { installGoPeer } from '../support/peers';

const ECHO = path.resolve(__dirname, '../support/echo-function');
const FUNCTION_ARN = 'arn:aws:lambda:us-east-1:123456789012:function:echo';
const METRICS = [
  {
    name: 'round trip',
    unit: 'µs',
    because: {
      'direct call':
        'the handler is called in the same process: nothing is sent anywhere, and a handler that crashes, hangs or fills ' +
        'the memory takes its caller along.',
    },
  },
] as const;

/** Each run takes about as long, whatever the size. */
const BYTES_PER_RUN = 200_000_000;
const FEWEST_INVOCATIONS = 30;
const MOST_INVOCATIONS = 200;
const WARM_UPS = 10;

/** How long a client that has answered may take until it asks again, with much to spare: it takes some 50 µs. */
const PATIENCE_MILLISECONDS = 10_000;
const PAUSE_MILLISECONDS = 5;
const STOP_MILLISECONDS = 1_000;

const NOTES = [
  'The plain loop is a server of 40 lines without states, limits or errors: what it takes is the floor for any that sends ' +
    'the event over HTTP. The direct call is JSON both ways and the handler, which is all that @middy/ecs-task does for an ' +
    'event; that package itself is on no registry (npm answered 404 for it on 27 November 2026).',
  'AWS’s Runtime Interface Emulator is sent each event by HTTP and passes it on to the same client.',
];

export const RUNNER_ROUNDTRIP: Suite = {
  name: 'runner-roundtrip',
  about:
    'One invocation after another through the Runtime API: from the input to the output of a function that returns its ' +
    'event, in one process that stays up. Both sides serve the same client, the runner’s own for Node.js. The median of ' +
    'each run’s invocations.',
  prepare: async (options) => prepare(options),
};

async function prepare(options: BenchOptions): Promise<Prepared> {
  const { payloads, folder } = options;
  const programs = path.join(folder, 'runner');
  const work = path.join(folder, 'work');
  mkdirSync(work, { recursive: true });
  const { nodeClientFile } = await bundleRunner(programs);
  const { program, version: emulatorVersion } = INTERFACE_EMULATOR;
  const emulator = await installGoPeer(options, program, emulatorVersion);
  return {
    comparisons: payloads.map((bytes) => ({
      title: `${bytes} bytes`,
      metrics: METRICS,
      subjects: [
        { name: 'overtime', version, run: () => measureOurs(nodeClientFile, work, bytes) },
        {
          name: 'plain loop',
          version: 'bench/peers/plain-runtime-api.ts',
          run: () => measurePlain(nodeClientFile, bytes),
        },
        ...(emulator.kind === 'there'
          ? [
              {
                name: 'Runtime Interface Emulator',
                version: emulatorVersion,
                run: () => measureEmulator(emulator.file, nodeClientFile, bytes),
              },
            ]
          : []),
        { name: 'direct call', version: 'bench/suites/runner-roundtrip.ts', run: () => measureDirect(bytes) },
      ],
    })),
    notes: [
      ...NOTES,
      ...(emulator.kind === 'there'
        ? []
        : [`The Runtime Interface Emulator is not among the peers: it could not be built (${emulator.reason}).`]),
    ],
    close: async () => undefined,
  };
}

function clientEnvironment(address: string): Readonly<Record<string, string>> {
  return {
    PATH: process.env['PATH'] ?? '',
    AWS_LAMBDA_RUNTIME_API: address,
    AWS_LAMBDA_FUNCTION_NAME: 'echo',
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
    AWS_LAMBDA_LOG_GROUP_NAME: 'group',
    AWS_LAMBDA_LOG_STREAM_NAME: 'stream',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x',
    LAMBDA_TASK_ROOT: ECHO,
    _HANDLER: 'index.handler',
  };
}

async function measureOurs(nodeClientFile: string, workRoot: string, bytes: number): Promise<Sample> {
  const dropped = () => new Writable({ write: (_chunk, _encoding, done) => done() });
  const streams = createStreams({ stdout: dropped(), stderr: dropped() });
  const runtime = await startRuntime({
    identity: { functionName: 'echo', functionVersion: '$LATEST', handler: 'index.handler', accountId: '123456789012' },
    clock: systemClock,
    responseLimitBytes: bytes * 2,
    streams,
    environment: clientEnvironment,
    startProcess: (_address, environment) =>
      startRuntimeProcess({
        command: { file: process.execPath, args: [nodeClientFile] },
        environment,
        taskRoot: ECHO,
        workRoot,
        streams,
      }),
  });
  try {
    const start = await runtime.started;
    if (start.kind !== 'ready') {
      throw new Error(`The client did not start: ${JSON.stringify(start)}`);
    }
    return await medianOf(bytes, async (requestId, input) => {
      await runtime.settled(PATIENCE_MILLISECONDS);
      const begun = performance.now();
      const answer = await runtime.invoke({
        requestId,
        functionArn: FUNCTION_ARN,
        deadline: new Date(Date.now() + 60_000),
        traceId: 'Root=1-0',
        input,
      });
      const took = performance.now() - begun;
      check(answer.kind === 'response' ? answer.body.byteLength : answer.kind, input);
      return took;
    });
  } finally {
    await runtime.stop('spindown', STOP_MILLISECONDS);
  }
}

async function measurePlain(nodeClientFile: string, bytes: number): Promise<Sample> {
  const api = await startPlainApi();
  let client: ChildProcess | undefined;
  try {
    client = spawn(process.execPath, [nodeClientFile], { env: clientEnvironment(api.address), stdio: 'ignore' });
    return await medianOf(bytes, async (requestId, input) => {
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLISECONDS));
      const begun = performance.now();
      const body = await api.invoke(requestId, input);
      const took = performance.now() - begun;
      check(body.byteLength, input);
      return took;
    });
  } finally {
    client?.kill('SIGKILL');
    api.close();
  }
}

async function measureEmulator(file: string, nodeClientFile: string, bytes: number): Promise<Sample> {
  const { AWS_LAMBDA_RUNTIME_API, ...environment } = clientEnvironment('');
  const emulator = await startInterfaceEmulator(file, [process.execPath, nodeClientFile, 'index.handler'], environment);
  try {
    return await medianOf(bytes, async (_, input) => {
      const begun = performance.now();
      const body = await emulator.invoke(input);
      const took = performance.now() - begun;
      check(body.byteLength, input);
      return took;
    });
  } finally {
    await emulator.close();
  }
}

async function measureDirect(bytes: number): Promise<Sample> {
  const { handler } = createRequire(__filename)(ECHO);
  return medianOf(bytes, async (_, input) => {
    const begun = performance.now();
    const output = JSON.stringify(await handler(JSON.parse(input), {}));
    const took = performance.now() - begun;
    check(Buffer.byteLength(output), input);
    return took;
  });
}

function check(answered: number | string, input: string): void {
  if (answered !== Buffer.byteLength(input)) {
    throw new Error(`The function was given ${Buffer.byteLength(input)} bytes and answered ${answered}.`);
  }
}

async function medianOf(bytes: number, invoke: (requestId: string, input: string) => Promise<number>): Promise<Sample> {
  const input = JSON.stringify('x'.repeat(Math.max(bytes - 2, 0)));
  const invocations = Math.min(Math.max(Math.round(BYTES_PER_RUN / bytes), FEWEST_INVOCATIONS), MOST_INVOCATIONS);
  const milliseconds: number[] = [];
  for (let index = 0; index < WARM_UPS + invocations; index += 1) {
    milliseconds.push(await invoke(`request-${index}`, input));
  }
  return { [METRICS[0].name]: median(milliseconds.slice(WARM_UPS)) * 1_000 };
}
