import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { startFakeAws } from '../../__tests__/support/fake-aws';
import { folderPackage } from '../../__tests__/support/function-package';
import { bundleRunner } from '../../images/bundle-runner';
import { devDependencies, version } from '../../package.json';
import { QUEUE_WORKER_NODE_OPTIONS } from '../../stacks/parts/node-options';
import type { BenchOptions, Comparison, Prepared, Sample, Suite } from '../suite';
import { type LocalQueue, startLocalQueue } from '../support/local-queue';
import { installPeer } from '../support/peers';
import { startProgram, workerEnvironment } from '../support/program';

const ROOT = path.resolve(__dirname, '../..');
const PEER = path.join(ROOT, 'bench/peers/queue-consumers.js');
const SQS_CLIENT = { '@aws-sdk/client-sqs': devDependencies['@aws-sdk/client-sqs'] };
const SQS_CONSUMER = '15.0.3';
const FUNCTION_ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:batch';

const CONCURRENCIES = [1, 10];
const WARM_UPS = 500;

/** A handler gets ten messages at once, as from an event source mapping, or each by itself. */
const MODES = [
  { name: 'batches', title: 'ten messages a call', messages: 10_000, event: 'sqs' },
  { name: 'messages', title: 'one message a call', messages: 2_000, event: 'body' },
] as const;

type Mode = (typeof MODES)[number];

const IN_PROCESS =
  'its handler is a function of the process that polls, and does nothing; ours crosses to a process of its own and back.';
const AT_THE_FEWEST = 'both make the fewest calls that there can be, and ours one more poll at the end.';

const METRICS = [
  {
    name: 'messages',
    unit: 'per s',
    because: { 'sqs-consumer': IN_PROCESS, 'bare loop': IN_PROCESS },
  },
  {
    name: 'calls',
    unit: 'per message',
    because: { 'sqs-consumer': AT_THE_FEWEST, 'bare loop': AT_THE_FEWEST },
  },
] as const;

const NOTES = [
  `Our worker runs with ${QUEUE_WORKER_NODE_OPTIONS.join(' ')}, as on AWS’s base images; the peers with what Node.js takes by itself.`,
  'The handlers of sqs-consumer and of the bare loop are functions of the process that polls. Ours is called as from ' +
    'Lambda, in a process of its own, which dies alone.',
  '@middy/ecs-batch is in its repository and not in the registry of npm, so that it could not be installed. The bare loop ' +
    'does what its poller and its runner do for a queue: one poll, one call of the handler, one deletion of the batch.',
  'A queue takes and gives at most ten messages a call: 0.2 calls per message are the fewest that there can be.',
];

export const QUEUE: Suite = {
  name: 'queue',
  about:
    'Messages of a queue, whose function has nothing to do: from the first of those that wait to the last that is ' +
    'deleted, in one worker that is warm, against a server of SQS on loopback. Concurrency is how many calls of the ' +
    'handler are under way at once.',
  prepare: async (options) => prepare(options),
};

async function prepare(options: BenchOptions): Promise<Prepared> {
  const { folder } = options;
  const { runnerFile } = await bundleRunner(path.join(folder, 'runner'));
  const peers = await installPeer(options, 'queue', { 'sqs-consumer': SQS_CONSUMER, ...SQS_CLIENT });
  const aws = await startFakeAws();
  aws.functions.set(FUNCTION_ARN, { package: folderPackage(path.join(ROOT, 'bench/support/batch-function')) });
  const work = path.join(folder, 'worker');
  const ours = (mode: Mode, concurrency: number) => () =>
    measure(mode, (queue) => {
      rmSync(work, { recursive: true, force: true });
      return startProgram([...QUEUE_WORKER_NODE_OPTIONS, runnerFile], {
        ...workerEnvironment(aws, FUNCTION_ARN, work),
        AWS_ENDPOINT_URL_SQS: queue.endpoint,
        OVERTIME_QUEUE_URL: queue.url,
        OVERTIME_MESSAGE_EVENT: mode.event,
        OVERTIME_CONCURRENCY: String(concurrency),
      });
    });
  const theirs = (place: string, library: string, mode: Mode, concurrency: number) => () =>
    measure(mode, (queue) => startProgram([PEER, library, place, queue.url, mode.name, String(concurrency)], {}));
  const comparison = (mode: Mode, concurrency: number): Comparison => ({
    title: `${mode.title}, concurrency ${concurrency}`,
    metrics: METRICS,
    subjects: [
      { name: 'overtime', version, run: ours(mode, concurrency) },
      ...(peers === undefined
        ? []
        : [
            {
              name: 'sqs-consumer',
              version: SQS_CONSUMER,
              run: theirs(peers, 'sqs-consumer', mode, concurrency),
            },
          ]),
      ...(peers === undefined || mode.name !== 'batches'
        ? []
        : [
            {
              name: 'bare loop',
              version: `@aws-sdk/client-sqs ${SQS_CLIENT['@aws-sdk/client-sqs']}`,
              run: theirs(peers, 'bare-loop', mode, concurrency),
            },
          ]),
    ],
  });
  return {
    comparisons: MODES.flatMap((mode) => CONCURRENCIES.map((concurrency) => comparison(mode, concurrency))),
    notes: NOTES,
    close: () => aws.close(),
  };
}

async function measure({ messages }: Mode, startWorker: (queue: LocalQueue) => ChildProcess): Promise<Sample> {
  const queue = await startLocalQueue();
  const worker = startWorker(queue);
  const ended = once(worker, 'exit');
  try {
    queue.fill(WARM_UPS);
    await queue.deleted(WARM_UPS);
    const callsBefore = queue.calls();
    const begun = performance.now();
    queue.fill(messages);
    await queue.deleted(WARM_UPS + messages);
    const milliseconds = performance.now() - begun;
    return {
      [METRICS[0].name]: (messages * 1_000) / milliseconds,
      [METRICS[1].name]: (queue.calls() - callsBefore) / messages,
    };
  } finally {
    worker.kill('SIGTERM');
    await queue.close();
    await ended;
  }
}
