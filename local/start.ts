import type { StatusAnswer } from '../handlers/starter/status';
import { followRun } from './follow-run';
import { abortOnInterruption, EXIT_CODE_WHEN_INTERRUPTED } from './interruption';
import { invoke, invokeOrThrow } from './invoke';
import { type LocalOvertime, startLocalOvertime } from './local-overtime';
import { findPrerequisites } from './prerequisites';
import { durationLines, environmentLines, invokeLine, resultLines } from './report';
import { putSampleFunction, SAMPLE_FUNCTION } from './sample-function';
import { parseStartOptions, type StartOptions } from './start-options';
import { step } from './step';

const FOLLOW_MILLISECONDS = 180_000;

function print(...lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** Shows the sample function cut off by Lambda. @throws {Error} if Lambda lets it end */
async function showTheLimit(overtime: LocalOvertime, functionArn: string): Promise<void> {
  await step('Invoke it in Lambda', async (display) => {
    const { payload } = await invoke(overtime.clients.lambda, functionArn, {});
    const { errorMessage } = (payload ?? {}) as { errorMessage?: string };
    // Another failure of the function would show nothing.
    if (errorMessage?.includes('Task timed out') !== true) {
      throw new Error(`Lambda was to cut the function off, and it answered ${JSON.stringify(payload)}.`);
    }
    display.title(`Lambda cuts it off: ${errorMessage}`);
  });
}

/** Runs the same function through the starter, to its end. @throws {Error} if the run does not succeed */
async function runPastTheLimit(
  overtime: LocalOvertime,
  functionArn: string,
  signal: AbortSignal,
): Promise<StatusAnswer> {
  const { lambda } = overtime.clients;
  const runId = await step('Invoke the starter with the same function', async (display) => {
    const started = await invokeOrThrow(lambda, overtime.starter, { arn: functionArn, input: {} });
    const run = started as { runId: string; taskArns: readonly string[] };
    display.title(`The starter answers: ${run.runId}, task ${run.taskArns[0]?.split('/').at(-1)}`);
    return run.runId;
  });
  return step('Follow the run', async (display) => {
    const seen: string[] = [];
    const answer = await followRun(lambda, overtime.starter, runId, {
      withinMilliseconds: FOLLOW_MILLISECONDS,
      signal,
      onStatus: ({ status }) => {
        seen.push(status);
        display.say(seen.join(' -> '));
      },
    });
    display.title(`The run: ${seen.join(' -> ')}`);
    if (answer.status !== 'SUCCEEDED') {
      throw new Error(resultLines(answer).join('\n'));
    }
    return answer;
  });
}

async function mainJob(overtime: LocalOvertime, options: StartOptions, signal: AbortSignal): Promise<void> {
  const { functionName, timeoutSeconds } = SAMPLE_FUNCTION;
  signal.throwIfAborted();
  const functionArn = await step(`Put the function ${functionName} there, with a ${timeoutSeconds} s timeout`, () =>
    putSampleFunction(overtime.clients),
  );
  await showTheLimit(overtime, functionArn);
  signal.throwIfAborted();
  const answer = await runPastTheLimit(overtime, functionArn, signal);
  print('', ...resultLines(answer), '', ...durationLines(answer.durations), '');
  if (options.keep) {
    print('By hand, while this is up:', ...environmentLines(overtime.shellEnvironment));
  } else {
    print('By hand, in the environment that "npm start -- --keep" prints:');
  }
  print(invokeLine({ starter: overtime.starter, functionArn }));
  if (options.keep) {
    print('', `Terraform's folders are in ${overtime.directory}.`, 'Ctrl-C takes everything down.');
    await untilAborted(signal);
  }
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) {
    await new Promise<void>((resolve) => {
      // A timer keeps the process alive: a waiting promise alone does not.
      const alive = setInterval(() => undefined, 60_000);
      signal.addEventListener('abort', () => {
        clearInterval(alive);
        resolve();
      });
    });
  }
}

async function start(options: StartOptions, signal: AbortSignal): Promise<number> {
  const { missing } = await findPrerequisites(process.env);
  if (missing.length > 0) {
    print(...missing);
    return 1;
  }
  let overtime: LocalOvertime | undefined;
  try {
    overtime = await step('Start a local AWS and deploy Overtime to it', async (display) => {
      const up = await startLocalOvertime({ backend: options.backend, signal, onProgress: display.say });
      const stacks = up.stacks.map((stack) => stack.name).join(', ');
      display.title(`A local AWS is up: IAM enforced, tasks are ${up.aws.backend}. Terraform deployed ${stacks}`);
      return up;
    });
    await mainJob(overtime, options, signal);
    return 0;
  } catch (error) {
    if (signal.aborted) {
      return EXIT_CODE_WHEN_INTERRUPTED;
    }
    print('', error instanceof Error ? error.message : String(error));
    return 1;
  } finally {
    await overtime?.stop();
  }
}

// The SDK's word about Node.js 20 is for whoever updates this project, not for whoever tries it.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

const signal = abortOnInterruption(() => print('', 'Interrupted: taking everything down.'));
void start(parseStartOptions(process.argv.slice(2)), signal).then((exitCode) => {
  process.exitCode = exitCode;
});
