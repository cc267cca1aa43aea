import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { startFakeAws } from '../../__tests__/support/fake-aws';
import { folderPackage } from '../../__tests__/support/function-package';
import { FakeStepFunctions } from '../../__tests__/support/worker/fake-step-functions';
import { bundleRunner } from '../../images/bundle-runner';
import { devDependencies, version } from '../../package.json';
import { RUNNER_NODE_OPTIONS } from '../../stacks/parts/node-options';
import { bundle } from '../../stacks/parts/packaged-function';
import type { BenchOptions, Prepared, Sample, Suite } from '../suite';
import { processorSeconds } from '../support/process-figures';
import { startProgram, workerEnvironment } from '../support/program';

const ROOT = path.resolve(__dirname, '../..');
const ACTIVITY_ARN = 'arn:aws:states:eu-west-1:123456789012:activity:bench';
const FUNCTION_ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:echo';

const CONCURRENCIES = [1, 10];
/** Of the tasks that count, so many go before them. */
const WARM_UP_SHARE = 0.2;

const BECAUSE = {
  'bare loop':
    'it calls no function: ours hands each task to a process of its own through the Runtime API, and takes its answer ' +
    'with care for all that can go wrong.',
};

const METRICS = [
  { name: 'a task', unit: 'µs', because: BECAUSE },
  { name: 'tasks', unit: 'per s', because: BECAUSE },
  { name: 'processor time a task', unit: 'µs', because: BECAUSE },
] as const;

const NOTES = [
  'One processor is busy with the server and the other with the worker, or the loop: on such a machine the figures say ' +
    'how much work a task is, and little of what waits for the network.',
];

export const ACTIVITIES: Suite = {
  name: 'activities',
  about:
    'Tasks of a Step Functions activity, whose function returns its event: from the first of those that wait to the last ' +
    'that has ended, in one worker that is warm, against a server of Step Functions on loopback. Beside it a bare loop of ' +
    'the three API calls of each task (poll, heartbeat, success), which calls no function. What ours takes above it is ' +
    'the function’s process, its Runtime API, and the care for all that can go wrong; its processor time is without the ' +
    'function’s process.',
  prepare: async (options) => prepare(options),
};

async function prepare({ folder, tasks }: BenchOptions): Promise<Prepared> {
  const { runnerFile } = await bundleRunner(path.join(folder, 'runner'));
  const loopFile = path.join(folder, 'bundles', 'bare-activity-loop.js');
  mkdirSync(path.dirname(loopFile), { recursive: true });
  writeFileSync(loopFile, bundle(path.join(ROOT, 'bench/peers/bare-activity-loop.ts')));
  const aws = await startFakeAws();
  aws.functions.set(FUNCTION_ARN, { package: folderPackage(path.join(ROOT, 'bench/support/echo-function')) });
  const work = path.join(folder, 'worker');
  return {
    comparisons: CONCURRENCIES.map((concurrency) => ({
      title: `concurrency ${concurrency}`,
      metrics: METRICS,
      subjects: [
        {
          name: 'overtime',
          version,
          run: () =>
            measure(tasks, (endpoint) => {
              rmSync(work, { recursive: true, force: true });
              return startProgram([...RUNNER_NODE_OPTIONS, runnerFile], {
                ...workerEnvironment(aws, FUNCTION_ARN, work),
                AWS_ENDPOINT_URL_SFN: endpoint,
                OVERTIME_ACTIVITY_ARN: ACTIVITY_ARN,
                OVERTIME_CONCURRENCY: String(concurrency),
              });
            }),
        },
        {
          name: 'bare loop',
          version: `@aws-sdk/client-sfn ${devDependencies['@aws-sdk/client-sfn']}`,
          run: () =>
            measure(tasks, (endpoint) =>
              startProgram([loopFile, ACTIVITY_ARN, String(concurrency)], { AWS_ENDPOINT_URL_SFN: endpoint }),
            ),
        },
      ],
    })),
    notes: NOTES,
    close: () => aws.close(),
  };
}

async function measure(tasks: number, startWorker: (endpoint: string) => ChildProcess): Promise<Sample> {
  const warmUps = Math.ceil(tasks * WARM_UP_SHARE);
  const states = new FakeStepFunctions();
  await states.start();
  const worker = startWorker(states.endpoint);
  const ended = once(worker, 'exit');
  try {
    schedule(states, 'warm-up', warmUps);
    await states.endedInAll(warmUps);
    const processorBefore = processorSeconds(worker.pid);
    const begun = performance.now();
    schedule(states, 'task', tasks);
    await states.endedInAll(warmUps + tasks);
    const milliseconds = performance.now() - begun;
    return {
      [METRICS[0].name]: (milliseconds * 1_000) / tasks,
      [METRICS[1].name]: (tasks * 1_000) / milliseconds,
      [METRICS[2].name]: ((processorSeconds(worker.pid) - processorBefore) * 1e6) / tasks,
    };
  } finally {
    worker.kill('SIGTERM');
    await ended;
    await states.close();
  }
}

function schedule(states: FakeStepFunctions, name: string, count: number): void {
  for (let index = 0; index < count; index += 1) {
    states.schedule({ name: `${name}-${index}`, input: '{"a":1}' });
  }
}
