import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { type FakeAws, LEDGER_TABLE, PAYLOAD_BUCKET, startFakeAws } from '../../__tests__/support/fake-aws';
import { WAITING_ROW } from '../../__tests__/support/runner-process';
import { RUN_ENVELOPE_VERSION, type RunEnvelope } from '../../handlers/shared/run';
import { bundleRunner } from '../../images/bundle-runner';
import { version } from '../../package.json';
import { RUNNER_NODE_OPTIONS } from '../../stacks/parts/node-options';
import type { BenchOptions, Metric, Prepared, Sample, Suite } from '../suite';
import { untilFirstLine } from '../support/first-line-process';
import { installPeer } from '../support/peers';
import { samplePackage } from '../support/sample-package';

const CUMULUS_WAY = path.resolve(__dirname, '../peers/cumulus-way.js');
const REGION = 'us-east-1';

/** What it loads, in the versions of the day of its last release, 2 July 2024. */
const CUMULUS_PACKAGES = {
  '@aws-sdk/client-lambda': '3.606.0',
  '@aws-sdk/client-sfn': '3.606.0',
  '@aws-sdk/client-sqs': '3.606.0',
  lodash: '4.17.21',
  'p-retry': '2.0.0',
  'set-interval-async': '3.0.3',
};

const CUMULUS = 'as cumulus-ecs-task';

const METRICS = [
  {
    name: 'start to first line',
    unit: 'ms',
    atMostOfPeer: 0.5,
    because: {
      [CUMULUS]:
        'ours starts Node.js twice, once for the runner and once for the function, which the peer runs in its own process, ' +
        'and asks for the run in the ledger; of a small package little else is in the time.',
    },
  },
  {
    name: 'peak memory of the runner',
    unit: 'MB',
    atMost: 120,
    because: {
      [CUMULUS]:
        'its unzip is a process of its own, whose memory is not counted, and it verifies nothing of what it unpacks.',
    },
  },
] as const satisfies readonly Metric[];

export const RUNNER_START: Suite = {
  name: 'runner-start',
  about:
    "From the start of the process to the first line of the function's handler, the package on a loopback server that " +
    'plays Lambda, S3 and DynamoDB. Packages are of so many MB unpacked, the measure of Lambda’s limit of 250 MB: 60 % ' +
    'small modules of the AWS SDK, 40 % of what does not compress. Ours takes the run from the ledger, verifies the hash ' +
    'and starts a process of its own for the function, as Lambda does; the peer does none of the three, so that a second ' +
    'start of Node.js is all in the difference at 1 MB. The peer’s copy of /var/runtime/node_modules is left out, to its ' +
    'advantage.',
  prepare: async (options) => prepare(options),
};

async function prepare(options: BenchOptions): Promise<Prepared> {
  const { packages, folder } = options;
  const aws = await startFakeAws();
  const programs = path.join(folder, 'runner');
  const runs = path.join(folder, 'runs');
  mkdirSync(runs, { recursive: true });
  const { runnerFile } = await bundleRunner(programs);
  const peer = await installPeer(options, 'cumulus-ecs-task', CUMULUS_PACKAGES);
  const comparisons = packages.map((megabytes) => {
    const functionArn = `arn:aws:lambda:${REGION}:123456789012:function:mb-${megabytes}`;
    const zip = readFileSync(samplePackage(path.join(folder, 'packages'), megabytes));
    aws.functions.set(functionArn, { package: zip });
    return {
      title: `${megabytes} MB, zip of ${(zip.byteLength / 1e6).toFixed(1)} MB`,
      metrics: METRICS,
      subjects: [
        { name: 'overtime', version, run: () => startOurs(aws, runnerFile, runs, functionArn) },
        ...(peer === undefined
          ? []
          : [
              {
                name: CUMULUS,
                version: 'the way of nasa/cumulus-ecs-task 2.1.0 (on no registry): download, `unzip -q -o`, require',
                run: () => startTheirs(aws, peer, runs, functionArn),
              },
            ]),
      ],
    };
  });
  return {
    comparisons,
    notes: [],
    close: async () => {
      await aws.close();
      await rm(runs, { recursive: true, force: true });
    },
  };
}

function awsEnvironment(aws: FakeAws): Readonly<Record<string, string>> {
  return {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    AWS_ENDPOINT_URL: aws.url,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
  };
}

async function sampled(...program: Parameters<typeof untilFirstLine>): Promise<Sample> {
  const { milliseconds, peakMegabytes } = await untilFirstLine(...program);
  return { [METRICS[0].name]: milliseconds, [METRICS[1].name]: peakMegabytes };
}

let started = 0;

function startOurs(aws: FakeAws, runnerFile: string, runs: string, functionArn: string): Promise<Sample> {
  started += 1;
  const runId = `run-${process.pid}-${started}`;
  aws.ledger.put({ ...WAITING_ROW, runId, functionArn, attempt: 1 });
  const folder = mkdtempSync(path.join(runs, 'ours-'));
  const envelope: RunEnvelope = {
    version: RUN_ENVELOPE_VERSION,
    runId,
    attempt: 1,
    functionArn,
    timeoutSeconds: 60,
    input: { inline: {} },
  };
  return sampled([...RUNNER_NODE_OPTIONS, runnerFile], {
    ...awsEnvironment(aws),
    OVERTIME_RUN: JSON.stringify(envelope),
    OVERTIME_LEDGER_TABLE: LEDGER_TABLE,
    OVERTIME_PAYLOAD_BUCKET: PAYLOAD_BUCKET,
    OVERTIME_STOP_TIMEOUT_SECONDS: '120',
    OVERTIME_TASK_ROOT: path.join(folder, 'task'),
    OVERTIME_LAYERS_ROOT: path.join(folder, 'opt'),
    OVERTIME_WORK_ROOT: path.join(folder, 'work'),
  });
}

function startTheirs(aws: FakeAws, peer: string, runs: string, functionArn: string): Promise<Sample> {
  const folder = mkdtempSync(path.join(runs, 'theirs-'));
  return sampled([CUMULUS_WAY, peer, functionArn, path.join(folder, 'work'), path.join(folder, 'task')], {
    ...awsEnvironment(aws),
    AWS_DEFAULT_REGION: REGION,
  });
}
