import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { buildPovrayImage } from '../../../images/build-image';
import { buildStandInBase } from '../../../local/base-image';
import { clientSettings } from '../../../local/clients';
import { startLocalAws } from '../../../local/local-aws';
import { runCommand } from '../../../local/run-command';
import { requireEngine } from '../../support/container-engine';
import { pngSize, povrayMissing, SMALL, sceneFile, smallScene } from '../../support/povray';
import { buildDebianStandIn } from '../../support/stand-in-images';

const NODE_BASE = 'overtime-stand-in.invalid/povray-node:test';
const DEBIAN = 'overtime-stand-in.invalid/debian:test';
const IMAGE = 'overtime-povray-worker:test';

// On a machine that has yet to fetch the local AWS.
jest.setTimeout(600_000);

const title = `the image of the POV-Ray demo${povrayMissing === undefined ? '' : `: ${povrayMissing}`}`;

(povrayMissing === undefined ? describe : describe.skip)(title, () => {
  let env: NodeJS.ProcessEnv;
  let folder: string;
  let output: string;

  const docker = (...args: readonly string[]) => runCommand('docker', args, { env });

  beforeAll(async () => {
    const engine = await requireEngine();
    env = engine.environment;
    await buildStandInBase({ ...engine, tag: NODE_BASE });
    await buildDebianStandIn(DEBIAN, engine);
    const architecture = process.arch === 'arm64' ? 'arm64' : 'x86_64';
    await buildPovrayImage({ architecture, baseImage: DEBIAN, nodeImage: NODE_BASE, tag: IMAGE, push: false }, env);
  });

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'overtime-povray-image-'));
    output = path.join(folder, 'output');
    await mkdir(output);
    // The image's user is not this one.
    await Promise.all([folder, output].map((each) => chmod(each, 0o777)));
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** Does a line of the shell in the image as its own user, beside the folder, with the variables of a worker's command. */
  function inImage(line: string, variables: readonly string[] = []) {
    const all = [
      'OVERTIME_TASK_ID=task-1',
      'OVERTIME_OBJECT_KEY=a/scene.zip',
      'OVERTIME_OUTPUT_FOLDER=/scene/output',
      ...variables,
    ];
    const flags = all.flatMap((variable) => ['--env', variable]);
    const where = ['--read-only', '--volume', `${folder}:/scene`, '--workdir', '/scene', '--network', 'none'];
    return docker('run', '--rm', ...where, ...flags, '--entrypoint', '/bin/sh', IMAGE, '-c', line);
  }

  test('renders the scene of the example, not as root', async () => {
    for (const name of ['hourglass.pov', 'small.ini']) {
      await writeFile(path.join(folder, name), sceneFile(name));
    }
    const { exitCode, stdout } = await inImage('/overtime/render && find output/scene.png -user 1000 -group 1000');

    expect([exitCode, stdout]).toEqual([0, 'output/scene.png']);
    expect(pngSize(await readFile(path.join(output, 'scene.png')))).toEqual(SMALL);
  });

  test('a picture that POV-Ray does not hold in memory needs no folder but the job’s', async () => {
    await writeFile(path.join(folder, 'scene.pov'), '#version 3.7;\ncamera { location -4 * z look_at 0 }\n');
    const settings = 'Input_File_Name=scene.pov\nWidth=400\nHeight=300\nMax_Image_Buffer_Memory=1\n';
    await writeFile(path.join(folder, 'scene.ini'), settings);
    const { exitCode } = await inImage('/overtime/render');

    expect(exitCode).toBe(0);
    expect(pngSize(await readFile(path.join(output, 'scene.png')))).toEqual({ width: 400, height: 300 });
    expect((await readdir(folder, { recursive: true })).sort()).toEqual([
      'output',
      'output/scene.png',
      'scene.ini',
      'scene.pov',
    ]);
  });

  test('no scene reads the environment of another process, such as the runner’s', async () => {
    await writeFile(path.join(folder, 'spy.ini'), 'Input_File_Name=spy.pov\nWidth=4\nHeight=4\n');
    await writeFile(path.join(folder, 'spy.pov'), '#version 3.7;\n#include "/proc/1/environ"\n');
    const { exitCode, stdout, stderr } = await inImage(`grep -c SECRET /proc/1/environ; /overtime/render`, [
      'SECRET=hidden',
    ]);

    expect([exitCode, stdout]).toEqual([1, '1']);
    expect(stderr.replace(/\s+/g, ' ')).toContain('Parse Error: Cannot open include file /proc/1/environ.');
  });

  test('works for a queue until nothing comes any more, and writes to its volume alone', async () => {
    const aws = await startLocalAws({ images: {}, backend: 'processes', onProgress: () => undefined });
    try {
      const settings = clientSettings(aws.adminEnvironment);
      const [s3, sqs, dynamodb] = [new S3Client(settings), new SQSClient(settings), new DynamoDBClient(settings)];
      await s3.send(new CreateBucketCommand({ Bucket: 'scenes' }));
      await dynamodb.send(
        new CreateTableCommand({
          TableName: 'jobs',
          BillingMode: 'PAY_PER_REQUEST',
          AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
          KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        }),
      );
      const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'scenes' }));
      await s3.send(new PutObjectCommand({ Bucket: 'scenes', Key: 'a/clock.zip', Body: smallScene() }));
      const record = {
        eventName: 'ObjectCreated:Put',
        awsRegion: aws.region,
        s3: { bucket: { name: 'scenes' }, object: { key: 'a/clock.zip' } },
      };
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify({ Records: [record] }) }));
      const variables = {
        ...aws.adminEnvironment,
        OVERTIME_COMMAND: '["/overtime/render"]',
        OVERTIME_IDLE_SECONDS: '1',
        OVERTIME_JOBS_TABLE: 'jobs',
        OVERTIME_MESSAGE_EVENT: 'objects',
        OVERTIME_QUEUE_URL: QueueUrl,
        OVERTIME_WORK_ROOT: '/work',
      };
      const flags = Object.entries(variables).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
      const { exitCode } = await docker('run', '--rm', '--read-only', '--network', 'host', ...flags, IMAGE);
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'scenes', Key: 'a/clock.png' }));

      expect(exitCode).toBe(0);
      expect(pngSize((await Body?.transformToByteArray()) ?? Buffer.of())).toEqual(SMALL);
    } finally {
      await aws.stop();
    }
  });

  test('starts the runner, which says what it was not told', async () => {
    const { exitCode, stderr } = await docker('run', '--rm', '--network', 'none', IMAGE);

    expect(exitCode).toBe(64);
    expect(JSON.parse(stderr)).toMatchObject({
      event: 'settings.invalid',
      reason: expect.stringContaining('OVERTIME_RUN'),
    });
  });
});
