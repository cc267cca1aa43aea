import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { slotKey } from '../../../handlers/shared/schedule/slot-key';
import { identify } from '../../../handlers/starter/identity';
import { parseRequest } from '../../../handlers/starter/request';
import { BASE_IMAGES } from '../../../local/base-images';
import { clientSettings, localClients } from '../../../local/clients';
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
import { eventually } from '../../support/eventually';
import { copyExample, type ExampleCopy } from '../../support/example-copy';
import { inventory } from '../../support/inventory';

const EXAMPLE = 'examples/terraform-schedules';
const DEPLOY_MILLISECONDS = 600_000;
/** EventBridge Scheduler fires within the minute, and then the run takes its time. */
const FIRES_MILLISECONDS = 240_000;

jest.setTimeout(DEPLOY_MILLISECONDS);

describe('examples/terraform-schedules, as a user of plain Terraform copies it', () => {
  let aws: LocalAws;
  let example: ExampleCopy;
  let terraform: TerraformOptions;
  let documents: DynamoDBDocumentClient;

  beforeAll(async () => {
    aws = await startLocalAws({ images: BASE_IMAGES, backend: 'processes', onProgress: () => undefined });
    example = await copyExample(EXAMPLE, aws.adminEnvironment);
    terraform = example.terraform;
    // Processes share no volumes: tasks have one container.
    await example.replace([['  assign_public_ip = true\n', '$&  runner_images = "repository"\n']]);
    documents = DynamoDBDocumentClient.from(new DynamoDBClient(clientSettings(aws.adminEnvironment)));
    await putSampleFunction(localClients(aws.adminEnvironment), {
      functionName: 'report',
      files: { 'index.mjs': 'export const handler = async (event) => event;' },
    });
    await terraformInit(terraform);
    await terraformApply(terraform);
    const { image_repository_url } = await terraformOutputs(terraform);
    const images = ['nodejs22-arm64', 'nodejs22-x86_64'].map((key) => `${image_repository_url}:${key}`);
    await provideRunnerImages(aws, images, { onProgress: () => undefined });
  }, DEPLOY_MILLISECONDS);

  afterAll(async () => {
    await aws?.stop();
    await example?.remove();
  });

  const rowsOf = async (table: unknown) =>
    (await documents.send(new ScanCommand({ TableName: String(table), ConsistentRead: true }))).Items ?? [];

  test('the schedules of the map and that of the registrar are rows of one table', async () => {
    const { schedules_table_name } = await terraformOutputs(terraform);

    expect((await rowsOf(schedules_table_name)).map(({ id }) => String(id)).sort()).toEqual([
      'cleanup',
      'nightly-report',
    ]);
  });

  test('EventBridge Scheduler fires with its role, and a slot’s run has the id that the service would give it', async () => {
    const { ledger_table_name } = await terraformOutputs(terraform);

    const run = await eventually(
      'a run by EventBridge',
      async () => (await rowsOf(ledger_table_name)).find(({ status }) => status === 'SUCCEEDED'),
      FIRES_MILLISECONDS,
    );

    const { slot } = (run['output'] as { readonly inline: { readonly slot: string } }).inline;
    const request = parseRequest({ arn: 'report', idempotencyKey: slotKey('every-minute', Date.parse(slot)) });
    expect(slot).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:00Z$/);
    expect(request.action === 'start' ? identify(request, '', String(ledger_table_name)).runId : '').toBe(run['runId']);
  });

  test('a plan has no change', async () => {
    expect(await terraformPlan(terraform)).toMatchObject({ changes: false });
  });

  test('destroys all that it made', async () => {
    await terraformDestroy(terraform);

    expect(Object.values(await inventory(aws.adminEnvironment, 'overtime')).flat()).toEqual([]);
  });
});
