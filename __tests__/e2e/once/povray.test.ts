import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ListTasksCommand } from '@aws-sdk/client-ecs';
import { GetObjectCommand, PutObjectCommand, type PutObjectCommandOutput, S3Client } from '@aws-sdk/client-s3';
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { clientSettings, localClients } from '../../../local/clients';
import { invokeOrThrow } from '../../../local/invoke';
import { terraformDestroy, terraformPlan } from '../../../local/terraform';
import { eventually } from '../../support/eventually';
import type { Fault, ProxiedCall } from '../../support/fault-proxy';
import { FAULTY_JOBS, type FaultyJob, faultyJobScript, poisonReason } from '../../support/faulty-jobs';
import { textPackage } from '../../support/function-package';
import { inventory } from '../../support/inventory';
import { pngSize, povrayMissing, RENDER, SMALL, sceneFile, smallScene } from '../../support/povray';
import { type PovrayDeployment, startPovrayDeployment } from '../../support/povray-deployment';
import { processesWith } from '../../support/task-processes';

const DEPLOY_MILLISECONDS = 600_000;
const WORK_MILLISECONDS = 180_000;
const JOBS_MILLISECONDS = 400_000;
const SWEEP_MILLISECONDS = 3_000;

jest.setTimeout(DEPLOY_MILLISECONDS);

const title = `examples/povray${povrayMissing === undefined ? '' : `: ${povrayMissing}`}`;

/** What the dead-letter queue says of an object. */
interface Dead {
  readonly key: string;
  readonly code: string | undefined;
  readonly reason: string | undefined;
}

function endAtOnce(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/** Empty for a folder that is gone: workers remove theirs. */
function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

(povrayMissing === undefined ? describe : describe.skip)(title, () => {
  let demo: PovrayDeployment;
  let state: string;
  let s3: S3Client;
  let sqs: SQSClient;
  let bucket: string;

  beforeAll(async () => {
    state = await mkdtemp(path.join(tmpdir(), 'overtime-jobs-'));
    demo = await startPovrayDeployment(faultyJobScript(state, RENDER));
    const settings = clientSettings(demo.aws.adminEnvironment);
    [s3, sqs] = [new S3Client(settings), new SQSClient(settings)];
    bucket = demo.output('bucket_name');
  }, DEPLOY_MILLISECONDS);

  afterAll(async () => {
    await demo?.stop();
    await rm(state, { recursive: true, force: true });
  });

  const put = (key: string, body: Uint8Array | string) =>
    s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));

  /** `undefined` while there is no such object. */
  const get = async (key: string): Promise<Uint8Array | undefined> => {
    try {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return await Body?.transformToByteArray();
    } catch (error) {
      if (error instanceof Error && error.name === 'NoSuchKey') {
        return undefined;
      }
      throw error;
    }
  };

  /** Takes what is in the dead-letter queue now. */
  const takeDead = async (): Promise<readonly Dead[]> => {
    const QueueUrl = demo.output('dead_letter_queue_url');
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }),
    );
    return Promise.all(
      Messages.map(async ({ Body = '', MessageAttributes: attributes = {}, ReceiptHandle }) => {
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
        const { Records } = JSON.parse(Body) as { Records: readonly [{ s3: { object: { key: string } } }] };
        return {
          key: Records[0].s3.object.key,
          code: attributes['overtime-code']?.StringValue,
          reason: attributes['overtime-reason']?.StringValue,
        };
      }),
    );
  };

  /** Waits until so many are in the dead-letter queue, and takes them. */
  const dead = async (count: number): Promise<readonly Dead[]> => {
    const taken: Dead[] = [];
    return eventually(
      `${count} dead letters`,
      async () => {
        taken.push(...(await takeDead()));
        return taken.length >= count ? taken : undefined;
      },
      WORK_MILLISECONDS,
    );
  };

  /** Messages that wait, are delayed or in somebody's hands. */
  const messagesLeft = async (): Promise<number> => {
    const counts = [
      'ApproximateNumberOfMessages',
      'ApproximateNumberOfMessagesNotVisible',
      'ApproximateNumberOfMessagesDelayed',
    ] as const;
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: demo.output('queue_url'), AttributeNames: [...counts] }),
    );
    return counts.reduce((sum, name) => sum + Number(Attributes[name]), 0);
  };

  /** Looks for messages without a worker. */
  const sweep = () =>
    invokeOrThrow(localClients(demo.aws.adminEnvironment).lambda, demo.output('dispatcher_function_name'), {
      action: 'sweep',
    });

  test('a plan right after has no change', async () => {
    const { changes, text } = await terraformPlan(demo.terraform);

    expect(changes ? text : 'no change').toBe('no change');
  });

  test('a zip with a scene comes out as a picture beside it', async () => {
    await put('scenes/hourglass.zip', smallScene());
    const picture = await eventually('the picture', () => get('scenes/hourglass.png'), WORK_MILLISECONDS);

    expect(pngSize(picture)).toEqual(SMALL);
  });

  test('a zip without an .ini is among the dead letters at once, with the reason', async () => {
    await put('scenes/bare.zip', textPackage({ 'hourglass.pov': sceneFile('hourglass.pov') }));

    expect(await dead(1)).toEqual([
      {
        key: 'scenes/bare.zip',
        code: 'Overtime.CommandFailed',
        reason: expect.stringContaining('The archive holds no .ini file'),
      },
    ]);
  });

  describe('100 jobs, of which more than half have a fault', () => {
    const jobs = FAULTY_JOBS;
    const poison = jobs.filter(({ fault }) => poisonReason(fault) !== undefined);
    const good = jobs.filter(({ fault }) => poisonReason(fault) === undefined);
    const byKey = new Map(jobs.flatMap((job) => [[job.key, job] as const, [job.outputKey, job] as const]));
    const calls = new Map<string, number>();
    let [sqsCalls, receiveCalls, deleteCalls, killed, sweptAt] = [0, 0, 0, 0, 0];
    let letters: readonly Dead[];

    const jobOf = ({ action }: ProxiedCall): FaultyJob | undefined =>
      byKey.get(decodeURIComponent(action.replace(/^[A-Z]+ /, '')).replace(`/${bucket}/`, ''));

    /** Which one of its calls with this method it is, from 1. */
    const countOf = (job: FaultyJob, method: 'GET' | 'PUT'): number => {
      const name = `${method} ${job.number}`;
      const count = (calls.get(name) ?? 0) + 1;
      calls.set(name, count);
      return count;
    };

    /** Kills the worker that has the output in a folder of one of its jobs. */
    const killWorkerOf = ({ number }: FaultyJob): void => {
      const all = path.join(demo.workRoot, 'objects');
      const pid = namesIn(all).find((worker) =>
        namesIn(path.join(all, worker)).some((each) =>
          existsSync(path.join(all, worker, each, 'output', `${number}.done`)),
        ),
      );
      if (pid !== undefined) {
        process.kill(Number(pid), 'SIGKILL');
        killed += 1;
      }
    };

    const decide = (call: ProxiedCall): Fault => {
      const job = jobOf(call);
      if (job !== undefined) {
        return decideObject(call, job);
      }
      if (!call.action.startsWith('SQS.')) {
        return undefined;
      }
      sqsCalls += 1;
      if (sqsCalls % 6 === 0) {
        return 'throttled';
      }
      if (call.action === 'SQS.ReceiveMessage') {
        receiveCalls += 1;
        // What came with it is hidden from all for a while.
        return receiveCalls === 20 ? 'answer-lost' : undefined;
      }
      if (/DeleteMessage/.test(call.action)) {
        deleteCalls += 1;
        return deleteCalls % 7 === 0 ? 'answer-lost' : undefined;
      }
      return undefined;
    };

    const decideObject = (call: ProxiedCall, job: FaultyJob): Fault => {
      if (call.action.startsWith('GET ')) {
        return job.fault === 'download cut' && countOf(job, 'GET') === 1 ? 'answer-cut' : undefined;
      }
      if (!call.action.startsWith('PUT ')) {
        return undefined;
      }
      const count = countOf(job, 'PUT');
      switch (`${job.fault}, ${count}`) {
        case 'upload refused, 1':
          return 'refused';
        case 'killed after upload, 1':
          return 'answer-lost';
        // The worker itself tries again when an answer is lost.
        case 'killed after upload, 2':
        case 'killed before upload, 1':
          killWorkerOf(job);
          return 'unreachable';
        default:
          return undefined;
      }
    };

    /** The event of an object, as S3 sends it to a queue. */
    const event = ({ key, body }: FaultyJob, { ETag, VersionId: versionId }: PutObjectCommandOutput) => ({
      Records: [
        {
          eventVersion: '2.1',
          eventSource: 'aws:s3',
          awsRegion: demo.aws.region,
          eventTime: '2026-11-27T15:00:00.000Z',
          eventName: 'ObjectCreated:Put',
          s3: {
            bucket: { name: bucket },
            object: { key, size: Buffer.byteLength(body), eTag: ETag?.replaceAll('"', ''), versionId },
          },
        },
      ],
    });

    const send = async (bodies: readonly string[]): Promise<void> => {
      for (let first = 0; first < bodies.length; first += 10) {
        const Entries = bodies
          .slice(first, first + 10)
          .map((MessageBody, index) => ({ Id: String(index), MessageBody }));
        await sqs.send(new SendMessageBatchCommand({ QueueUrl: demo.output('queue_url'), Entries }));
      }
    };

    /** How often an output has arrived at S3. */
    const arrivals = ({ outputKey }: FaultyJob) =>
      demo.proxy.seen.filter(
        ({ action, fault }) =>
          action === `PUT /${bucket}/${outputKey}` && (fault === undefined || fault === 'answer-lost'),
      ).length;

    /** As EventBridge does each minute, and more often. */
    const sweepNowAndThen = async (): Promise<void> => {
      if (performance.now() - sweptAt >= SWEEP_MILLISECONDS) {
        sweptAt = performance.now();
        await sweep();
      }
    };

    beforeAll(async () => {
      demo.proxy.failWith(decide);
      const told = await Promise.all(
        jobs.map(async (job) => {
          const stored = await put(job.key, job.body);
          const message = JSON.stringify(event(job, stored));
          return job.isNotified ? [] : job.fault === 'delivered twice' ? [message, message] : [message];
        }),
      );
      await send(told.flat());
      await eventually(
        'every job at its end',
        async () => {
          await sweepNowAndThen();
          return good.every((job) => arrivals(job) > 0) && (await messagesLeft()) === 0 ? true : undefined;
        },
        JOBS_MILLISECONDS,
      );
      letters = await dead(poison.length);
      demo.proxy.failWith(() => undefined);
    }, DEPLOY_MILLISECONDS);

    test('every fault has happened', async () => {
      expect([jobs.length, jobs.filter(({ fault }) => fault !== 'none').length]).toEqual([100, 56]);
      const faults = new Set(demo.proxy.seen.flatMap(({ fault }) => fault ?? []));

      expect([...faults].sort()).toEqual(['answer-cut', 'answer-lost', 'refused', 'throttled', 'unreachable']);
      expect(killed).toBe(jobs.filter(({ fault }) => /^killed (before|after) upload$/.test(fault)).length);
      expect(await readdir(state)).toEqual(
        jobs.filter(({ fault }) => fault === 'killed at work').map(({ number }) => number),
      );
    });

    test('no job is lost, and none is delivered twice', async () => {
      const texts = await Promise.all(
        good.map(async ({ outputKey }) => Buffer.from((await get(outputKey)) ?? []).toString('utf8')),
      );

      expect(texts).toEqual(good.map(({ number }) => `${number} is done\n`));
      expect(
        good.flatMap((job) => (arrivals(job) === 1 ? [] : [`${job.number} ${job.fault}: ${arrivals(job)}`])),
      ).toEqual([]);
    });

    test('poison is among the dead letters, each once and with its reason, and puts nothing out', async () => {
      expect(letters.map(({ key }) => key).sort()).toEqual(poison.map(({ key }) => key));
      expect(
        letters.filter(({ key, reason }) => !poisonReason(byKey.get(key)?.fault ?? 'none')?.test(reason ?? '')),
      ).toEqual([]);
      expect(poison.map(arrivals)).toEqual(poison.map(() => 0));
    });

    test('the next worker removes what killed ones have left, and ends when nothing is left to do', async () => {
      const { ecs } = localClients(demo.aws.adminEnvironment);
      for (const pid of processesWith(`OVERTIME_WORK_ROOT=${demo.workRoot}`)) {
        endAtOnce(pid);
      }
      await put('jobs/last.zip', textPackage({ 'job.txt': 'last none' }));
      await eventually(
        'the last job',
        async () => {
          await sweepNowAndThen();
          return get('jobs/last.done');
        },
        WORK_MILLISECONDS,
      );
      await eventually(
        'no worker',
        async () => {
          const { taskArns } = await ecs.send(new ListTasksCommand({ cluster: demo.output('cluster_arn') }));
          return taskArns?.length === 0 ? true : undefined;
        },
        WORK_MILLISECONDS,
      );
      const left = await readdir(demo.workRoot, { recursive: true, withFileTypes: true });

      expect(left.filter((each) => !each.isDirectory()).map(({ name }) => name)).toEqual([]);
    });
  });

  test('destroys all that it made', async () => {
    await terraformDestroy(demo.terraform);

    expect(Object.values(await inventory(demo.aws.adminEnvironment, 'overtime')).flat()).toEqual([]);
  });
});
