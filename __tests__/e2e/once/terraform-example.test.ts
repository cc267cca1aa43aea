import { cp, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { clientSettings, localClients } from '../../../local/clients';
import { followRun } from '../../../local/follow-run';
import { invokeOrThrow } from '../../../local/invoke';
import { type LocalAws, startLocalAws } from '../../../local/local-aws';
import { provideRunnerImages } from '../../../local/runner-images';
import { putSampleFunction } from '../../../local/sample-function';
import {
  type TerraformOptions,
  terraformApply,
  terraformDestroy,
  terraformInit,
  terraformOutputs,
  terraformPlan,
} from '../../../local/terraform';
import { copyExample, type ExampleCopy } from '../../support/example-copy';
import { inventory } from '../../support/inventory';
import { previousRelease } from '../../support/previous-release';

const ROOT = path.resolve(__dirname, '../../..');
const DEPLOY_MILLISECONDS = 600_000;
const RUN_MILLISECONDS = 180_000;

jest.setTimeout(DEPLOY_MILLISECONDS);

describe('examples/terraform, as a user of plain Terraform copies it', () => {
  let aws: LocalAws;
  let example: ExampleCopy;
  let terraform: TerraformOptions;

  beforeAll(async () => {
    aws = await startLocalAws({ images: {}, backend: 'processes', onProgress: () => undefined });
    example = await copyExample('examples/terraform', aws.adminEnvironment);
    terraform = example.terraform;
    // AWS's base images are out of reach here, and processes share no volumes.
    await example.replace([['  assign_public_ip = true\n', '$&  runner_images = "repository"\n']]);
    await putModules(previousRelease());
    await terraformInit(terraform);
    await terraformApply(terraform);
  }, DEPLOY_MILLISECONDS);

  const putModules = async (documents: Readonly<Record<string, string>>) => {
    for (const [name, text] of Object.entries(documents)) {
      await writeFile(path.join(example.folder, 'modules', name, 'main.tf.json'), text);
    }
  };

  afterAll(async () => {
    await aws?.stop();
    await example?.remove();
  });

  test('the release before becomes this one, and what is in table, bucket and queue stays', async () => {
    const ledger = new DynamoDBClient(clientSettings(aws.adminEnvironment));
    const names = { TableName: 'overtime-runs', Key: { runId: { S: 'run-before' } } };
    await ledger.send(new PutItemCommand({ TableName: names.TableName, Item: names.Key }));
    const { buckets, queues } = await inventory(aws.adminEnvironment, 'overtime');
    await cp(path.join(ROOT, 'modules'), path.join(example.folder, 'modules'), { recursive: true });

    const { text } = await terraformPlan(terraform);
    await terraformApply(terraform);

    expect(
      text.match(/^.*\.aws_(?:dynamodb_table|s3_bucket|sqs_queue)\.\S* (?:must be|will be destroyed).*$/gm),
    ).toBeNull();
    expect((await ledger.send(new GetItemCommand(names))).Item).toEqual(names.Key);
    expect(await inventory(aws.adminEnvironment, 'overtime')).toMatchObject({ buckets, queues });
    expect(buckets).toHaveLength(1);
    expect(queues).toHaveLength(4);
  });

  test('runs a function, with the roles that the modules make', async () => {
    const clients = localClients(aws.adminEnvironment);
    const { function_name, image_repository_url } = await terraformOutputs(terraform);
    const images = ['nodejs22-arm64', 'nodejs22-x86_64'].map((key) => `${image_repository_url}:${key}`);
    await provideRunnerImages(aws, images, { onProgress: () => undefined });
    const arn = await putSampleFunction(clients, {
      functionName: 'greet',
      files: { 'index.mjs': "export const handler = async ({ name }) => 'Hello, ' + name;" },
    });

    const started = await invokeOrThrow(clients.lambda, String(function_name), { arn, input: { name: 'Ada' } });
    const { runId } = started as { runId: string };
    const { status, output } = await followRun(clients.lambda, String(function_name), runId, {
      withinMilliseconds: RUN_MILLISECONDS,
    });

    expect({ status, output }).toEqual({ status: 'SUCCEEDED', output: 'Hello, Ada' });
  });

  test('a plan right after has no change', async () => {
    expect(await terraformPlan(terraform)).toMatchObject({ changes: false });
  });

  test('destroys all that it made', async () => {
    await terraformDestroy(terraform);

    expect(Object.values(await inventory(aws.adminEnvironment, 'overtime')).flat()).toEqual([]);
  });
});
