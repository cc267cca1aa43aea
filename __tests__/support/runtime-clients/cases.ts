import type { CaseHandler, RuntimeClient } from './runtime-client';

export interface RuntimeCase {
  readonly name: string;
  readonly handler: CaseHandler;
  readonly input: object;
  readonly timeoutSeconds: number;
  readonly variables: Readonly<Record<string, string>>;
  readonly outcome: (client: RuntimeClient, run: RunOfCase) => ExpectedOutcome;
}

interface RunOfCase {
  readonly runId: string;
  readonly functionArn: string;
}

/** What a run comes to, wherever it is told: in the ledger, in the last line, as the exit code. */
export interface ExpectedOutcome {
  readonly exitCode: number;
  readonly status: string;
  readonly isInvoked: boolean;
  readonly output?: unknown;
  /** Without its stack trace, which is the language's own. */
  readonly error?: { readonly errorType: string; readonly errorMessage: string };
  /** The output's text in the payload bucket. */
  readonly stored?: string;
}

const TEXT = 'grüße, 世界';
const TWO_HOURS = 7_200;
const TIMES = 2_500_000;

/** Two bytes to the letter: JSON of 5,000,002 bytes. */
const FIVE_MEGABYTES = JSON.stringify('ü'.repeat(TIMES));

/** What six functions come to on Lambda, and so here, in whatever language they are written. */
export const CASES: readonly RuntimeCase[] = [
  {
    name: 'success',
    handler: 'answers',
    input: { text: TEXT },
    timeoutSeconds: TWO_HOURS,
    variables: {},
    outcome: (_client, { runId, functionArn }) => ({
      exitCode: 0,
      status: 'SUCCEEDED',
      isInvoked: true,
      output: {
        inline: { event: { text: TEXT }, requestId: runId, arn: functionArn, hasTime: true, layered: 'from a layer' },
      },
    }),
  },
  {
    name: 'handled error',
    handler: 'fails',
    input: {},
    timeoutSeconds: TWO_HOURS,
    variables: {},
    outcome: (client) => ({
      exitCode: 70,
      status: 'FAILED',
      isInvoked: true,
      error: { errorType: nameOf(client, 'ValueError'), errorMessage: TEXT },
    }),
  },
  {
    name: 'crash in init',
    handler: 'answers',
    input: {},
    timeoutSeconds: TWO_HOURS,
    variables: { FAIL_AT_START: 'yes' },
    outcome: (client, { runId }) => ({
      exitCode: 72,
      status: 'FAILED',
      isInvoked: false,
      error:
        client.startExitStatus === undefined
          ? { errorType: nameOf(client, 'StartError'), errorMessage: 'at the start' }
          : exited(runId, client.startExitStatus),
    }),
  },
  {
    name: 'crash in handler',
    handler: 'crashes',
    input: {},
    timeoutSeconds: TWO_HOURS,
    variables: {},
    outcome: (_client, { runId }) => ({ exitCode: 71, status: 'FAILED', isInvoked: true, error: exited(runId, 3) }),
  },
  {
    name: 'time-out',
    handler: 'hangs',
    input: {},
    timeoutSeconds: 1,
    variables: {},
    outcome: (_client, { runId }) => ({
      exitCode: 124,
      status: 'TIMED_OUT',
      isInvoked: true,
      error: {
        errorType: 'Sandbox.Timedout',
        errorMessage: `RequestId: ${runId} Error: Task timed out after 1.00 seconds`,
      },
    }),
  },
  {
    name: 'output of 5 MB',
    handler: 'prints_much',
    input: { times: TIMES },
    timeoutSeconds: TWO_HOURS,
    variables: {},
    outcome: (_client, { runId }) => ({
      exitCode: 0,
      status: 'SUCCEEDED',
      isInvoked: true,
      output: { s3: { bucket: 'payloads', key: `outputs/${runId}/1.json` } },
      stored: FIVE_MEGABYTES,
    }),
  },
];

function nameOf(client: RuntimeClient, errorType: string): string {
  return client.errorType?.(errorType) ?? errorType;
}

/** How Lambda words the end of a runtime that answers nothing any more. */
function exited(runId: string, status: number) {
  return {
    errorType: 'Runtime.ExitError',
    errorMessage: `RequestId: ${runId} Error: Runtime exited with error: exit status ${status}`,
  };
}
