import type { StatusAnswer } from '../../../handlers/starter/status';
import { followRun } from '../../../local/follow-run';
import { invokeOrThrow } from '../../../local/invoke';
import { type LocalOvertime, startLocalOvertime } from '../../../local/local-overtime';
import { putSampleFunction } from '../../../local/sample-function';

const DEPLOY_MILLISECONDS = 240_000;
const RUN_MILLISECONDS = 120_000;
const RUNS = 8;

describe('a launch rate of two at once and two a second', () => {
  let overtime: LocalOvertime;

  beforeAll(async () => {
    overtime = await startLocalOvertime({
      backend: 'processes',
      onProgress: () => undefined,
      starter: { launchBurst: 2, launchesPerSecond: 2 },
    });
  }, DEPLOY_MILLISECONDS);

  afterAll(async () => {
    await overtime?.stop();
  }, DEPLOY_MILLISECONDS);

  test(
    'takes eight requests at once without an error, puts most into the queue, and runs each once',
    async () => {
      const { lambda } = overtime.clients;
      const functionName = await putSampleFunction(overtime.clients, {
        functionName: 'quick',
        files: { 'index.mjs': 'export const handler = async ({ index }) => ({ index });' },
      });
      const requests = Array.from({ length: RUNS }, (_, index) => ({
        arn: functionName,
        input: { index },
        idempotencyKey: `burst-${index}`,
      }));

      const answers = (await Promise.all(
        requests.map((request) => invokeOrThrow(lambda, overtime.starter, request)),
      )) as StatusAnswer[];
      const ended = await Promise.all(
        answers.map(({ runId }) =>
          followRun(lambda, overtime.starter, runId, { withinMilliseconds: RUN_MILLISECONDS / 2 }),
        ),
      );

      expect(answers.filter(({ status }) => status === 'PENDING').length).toBeGreaterThanOrEqual(RUNS / 2);
      expect(ended.map(({ status, output, attempt }) => ({ status, output, attempt }))).toEqual(
        requests.map(({ input }) => ({ status: 'SUCCEEDED', output: input, attempt: 1 })),
      );
      expect(new Set(ended.flatMap(({ taskArns }) => taskArns)).size).toBe(RUNS);
    },
    RUN_MILLISECONDS,
  );
});
