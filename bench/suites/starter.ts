import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { buildSync } from 'esbuild';
import { type AwsAnswer, type AwsRequest, startAwsServer } from '../../__tests__/support/aws-server';
import { STARTER_ENVIRONMENT } from '../../__tests__/support/starter/environment';
import { CONFIGURATION, FUNCTION_ARN } from '../../__tests__/support/starter/examples';
import { PACER_KEY } from '../../handlers/starter/pacer';
import { devDependencies, version } from '../../package.json';
import { bundle } from '../../stacks/parts/packaged-function';
import type { BenchOptions, Metric, Prepared, Sample, Suite } from '../suite';
import { installPeer } from '../support/peers';
import { AWS_ENVIRONMENT } from '../support/program';

const ROOT = path.resolve(__dirname, '../..');
const HANDLER_PROCESS = path.join(ROOT, 'bench/support/handler-process.js');
const CALLS = 120;

const BARE = 'bare RunTask';
const TASK_STARTER = 'task-starter';

/** With the SDK that Lambda's runtime had in those days, the first that its own tests ask for. */
const TASK_STARTER_PACKAGES = { '@developmentseed/task-starter': '0.1.0', 'aws-sdk': '2.279.1' } as const;

const MORE_WORK =
  'ours looks the function up, takes a turn of the launch pacer, and writes the ledger twice and reads it once, so that ' +
  'no retry starts a second task; the bare call does nothing of the kind.';

const METRICS = [
  {
    name: 'load',
    unit: 'ms',
    atMostOfPeer: 1.2,
    because: {
      [BARE]: 'it has one client of the SDK, ours the three of ECS, Lambda and DynamoDB.',
      [TASK_STARTER]: 'it has neither ledger nor pacer, and asks two services through the SDK, ours three.',
    },
  },
  {
    name: 'one start',
    unit: 'ms',
    atMostAbovePeer: 5,
    because: {
      [BARE]: MORE_WORK,
      [TASK_STARTER]:
        'it asks Lambda and ECS and nobody else: it keeps no ledger, and each of its retries starts one more task.',
    },
  },
  {
    name: 'calls',
    unit: 'per start',
    because: { [BARE]: MORE_WORK, [TASK_STARTER]: 'it keeps no ledger, and does not pace.' },
  },
  { name: 'bundle', unit: 'kB', because: { [BARE]: 'it has one client of the SDK, and no code of its own.' } },
] as const satisfies readonly Metric[];

const TASK = { taskArn: 'arn:aws:ecs:eu-west-1:123456789012:task/overtime/1', taskDefinitionArn: 'family:7' };

export const STARTER: Suite = {
  name: 'starter',
  about:
    'The starter’s bundle in a fresh process of Node.js, as Lambda would load it, and its starts one after another ' +
    'against loopback servers for Lambda, DynamoDB and ECS; beside a Lambda function that passes its event to RunTask ' +
    'through the same SDK, bundled by esbuild alone, and @developmentseed/task-starter with the SDK of its day, not bundled. A start of ours also looks the function up, takes a turn of the ' +
    'launch pacer, writes the ledger twice and reads it once, so that no retry starts a second task.',
  prepare: async (options) => prepare(options),
};

async function prepare(options: BenchOptions): Promise<Prepared> {
  const { folder } = options;
  const server = await startAwsServer(answers());
  const environment = {
    ...AWS_ENVIRONMENT,
    ...STARTER_ENVIRONMENT,
    // Starts one after another are to be measured, and not the wait for Fargate's rate.
    OVERTIME_LAUNCH_BURST: '10000',
    OVERTIME_LAUNCHES_PER_SECOND: '1000',
    AWS_ENDPOINT_URL: server.endpoint,
  };
  const sampled = async (file: string, event: unknown, more: Readonly<Record<string, string>> = {}) => {
    const before = server.requests.length;
    const times = await runHandler(file, event, { ...environment, ...more });
    return { ...times, calls: (server.requests.length - before) / CALLS };
  };
  const subject = (name: string, subjectVersion: string, content: Uint8Array, event: unknown) => {
    const file = path.join(folder, 'bundles', `${name}.js`);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
    return {
      name,
      version: subjectVersion,
      run: async () => ({ ...(await sampled(file, event)), bundle: content.byteLength / 1_000 }),
    };
  };
  const peer = await installPeer(options, TASK_STARTER, TASK_STARTER_PACKAGES);
  return {
    comparisons: [
      {
        title: 'starter',
        metrics: METRICS,
        subjects: [
          subject('overtime', version, bundle(path.join(ROOT, 'handlers/starter/handler.ts')), {
            arn: FUNCTION_ARN,
            input: { a: 1 },
          }),
          subject(
            BARE,
            `@aws-sdk/client-ecs ${devDependencies['@aws-sdk/client-ecs']}`,
            plainBundle(path.join(ROOT, 'bench/peers/bare-run-task.ts')),
            BARE_EVENT,
          ),
          ...(peer === undefined
            ? []
            : [
                {
                  name: TASK_STARTER,
                  version: Object.entries(TASK_STARTER_PACKAGES).flat().join(' '),
                  run: () => sampled(TASK_STARTER_FILE, TASK_STARTER_EVENT, { PEER_FOLDER: peer }),
                },
              ]),
        ],
      },
    ],
    notes: [],
    close: () => server.close(),
  };
}

/** What esbuild alone makes of a Lambda function. */
function plainBundle(entry: string): Uint8Array {
  const [file] = buildSync({
    entryPoints: [entry],
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node22',
    mainFields: ['module', 'main'],
    minifySyntax: true,
    minifyWhitespace: true,
  }).outputFiles;
  return file?.contents ?? new Uint8Array();
}

/** What the starter itself would send. */
const BARE_EVENT = {
  cluster: STARTER_ENVIRONMENT.OVERTIME_CLUSTER,
  taskDefinition: 'overtime-nodejs22-x86_64',
  launchType: 'FARGATE',
  networkConfiguration: { awsvpcConfiguration: { subnets: STARTER_ENVIRONMENT.OVERTIME_SUBNETS.split(',') } },
};

const TASK_STARTER_FILE = path.join(ROOT, 'bench/peers/task-starter.js');

const TASK_STARTER_EVENT = {
  arn: FUNCTION_ARN,
  input: { a: 1 },
  subnets: STARTER_ENVIRONMENT.OVERTIME_SUBNETS.split(','),
  securityGroups: STARTER_ENVIRONMENT.OVERTIME_SECURITY_GROUPS.split(','),
  cluster: STARTER_ENVIRONMENT.OVERTIME_CLUSTER,
  taskDefinition: 'overtime-nodejs22-x86_64',
  roleArn: 'arn:aws:iam::123456789012:role/overtime',
};

const run = promisify(execFile);

async function runHandler(
  file: string,
  event: unknown,
  environment: Readonly<Record<string, string>>,
): Promise<Sample> {
  const { stdout } = await run(process.execPath, [HANDLER_PROCESS, file, JSON.stringify(event), String(CALLS)], {
    env: environment,
    maxBuffer: 16 * 1_024 * 1_024,
  });
  const { loadMilliseconds, callMilliseconds } = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
  return { load: loadMilliseconds, 'one start': callMilliseconds };
}

/** One function, a task for everybody, and a ledger that keeps the last row and the pacer's. */
function answers(): (request: AwsRequest) => AwsAnswer {
  let row: Record<string, unknown> = {};
  let paidUntil = 0;
  return ({ action, body, url }) => {
    switch (action) {
      case 'PutItem':
        row = JSON.parse(body).Item;
        return {};
      case 'UpdateItem': {
        const { Key, ExpressionAttributeValues: values } = JSON.parse(body);
        if (Key.runId.S === PACER_KEY) {
          paidUntil =
            values[':paid'] === undefined ? paidUntil + Number(values[':interval'].N) : Number(values[':paid'].N);
          return { body: { Attributes: { ...Key, paidUntil: { N: String(paidUntil) } } } };
        }
        row = { ...row, status: { S: 'STARTING' } };
        return { body: { Attributes: row } };
      }
      case 'RunTask':
        return { body: { tasks: [TASK], failures: [] } };
      default:
        if (!url.startsWith('/2015-03-31/functions/')) {
          return {};
        }
        // GetFunction has it in one of its fields, GetFunctionConfiguration is it.
        return { body: url.endsWith('/configuration') ? CONFIGURATION : { Configuration: CONFIGURATION } };
    }
  };
}
