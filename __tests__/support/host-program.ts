import path from 'node:path';
import { assemble } from '../../handlers/runner/assemble';
import { FunctionHost } from '../../handlers/runner/host/function-host';
import { outcomeOf } from '../../handlers/runner/outcome';
import { readSettings } from '../../handlers/runner/settings';
import { createStreams } from '../../handlers/runner/streams';
import { jsonLog } from '../../handlers/shared/log';
import type { Ran, Request } from './host';

/** A worker's function host as a program of its own: assembled as in the runner, and told by messages what to run. */
let skewMilliseconds = 0;
const clock = () => new Date(Date.now() + skewMilliseconds);
const streams = createStreams(process);
const settings = readSettings(process.env);
const { functionArn } = settings.run;
const deps = assemble(settings, {
  environment: process.env,
  clock,
  log: jsonLog((line) => streams.writeLine(line.trimEnd(), 'stderr'), clock),
  streams,
  interruption: new AbortController().signal,
  nodeFile: process.execPath,
  nodeClientFile: path.join(__dirname, 'node-client.js'),
  runnerId: 'runner-1',
  unpackThreadSource: undefined,
});
const host = new FunctionHost(deps, {
  functionArn,
  concurrency: Number(process.env['HOST_CONCURRENCY']),
  initTimeoutSeconds: 60,
  codeCheckSeconds: settings.codeCheckSeconds,
  drainMilliseconds: Number(process.env['HOST_DRAIN_MILLISECONDS']),
  stopMilliseconds: 5_000,
});
const interruptions = new Map<string, AbortController>();

async function carryOut(request: Extract<Request, { kind: 'run' }>): Promise<Ran> {
  const { requestId, input, timeoutSeconds } = request;
  const interruption = new AbortController();
  interruptions.set(requestId, interruption);
  const execution = await host.run({
    requestId,
    timeoutSeconds,
    readInput: async () => input,
    onInvoked: async () => undefined,
    interruption: interruption.signal,
  });
  const outcome = outcomeOf(execution.happening, requestId);
  const isCold = execution.initMilliseconds !== undefined;
  return outcome.status === 'SUCCEEDED'
    ? { requestId, output: JSON.parse(Buffer.from(outcome.body).toString('utf8')), isCold }
    : { requestId, error: outcome.error, isCold };
}

async function answer(request: Request): Promise<void> {
  switch (request.kind) {
    case 'run':
      process.send?.(await carryOut(request));
      break;
    case 'interrupt':
      interruptions.get(request.requestId)?.abort();
      break;
    case 'pass':
      skewMilliseconds += request.seconds * 1_000;
      break;
    case 'close':
      await host.close();
      process.disconnect();
      break;
  }
}

process.on('message', (request: Request) => void answer(request));
