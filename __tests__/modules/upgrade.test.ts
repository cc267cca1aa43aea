import { committedModules } from '../../stacks/committed-modules';
import { MODULE_DEFINITIONS } from '../../stacks/module-catalogue';
import { readModule } from '../support/generated-module';
import { previousRelease } from '../support/previous-release';

type Block = Readonly<Record<string, unknown>>;
type Resources = Readonly<Record<string, Readonly<Record<string, Block>>>>;

interface Document {
  readonly resource?: Resources;
  readonly moved?: readonly { readonly from: string; readonly to: string }[];
}

/**
 * What keeps something, and which of its attributes AWS cannot change: another value is another table, and the old one
 * is gone with what is in it. Source: "Forces new resource" at https://registry.terraform.io/providers/hashicorp/aws/latest/docs
 */
const KEEPING: Readonly<Record<string, readonly string[]>> = {
  aws_cloudwatch_log_group: ['name', 'name_prefix'],
  aws_dynamodb_table: ['name', 'hash_key', 'range_key', 'local_secondary_index'],
  aws_ecr_repository: ['name', 'encryption_configuration'],
  aws_ecs_cluster: ['name'],
  aws_s3_bucket: ['bucket', 'bucket_prefix'],
  aws_scheduler_schedule_group: ['name', 'name_prefix'],
  aws_sfn_activity: ['name'],
  aws_sqs_queue: ['name', 'name_prefix', 'fifo_queue'],
};

/** What of a resource decides whether it stays: how many there are of it, too. */
function identity(type: string, block: Block): Block {
  return Object.fromEntries(['count', 'for_each', ...(KEEPING[type] ?? [])].map((name) => [name, block[name]]));
}

/** Where what keeps something is in a module, and what makes it what it is. */
function keeping({ resource = {} }: Document): Readonly<Record<string, Block>> {
  const types = Object.entries(resource).filter(([type]) => KEEPING[type] !== undefined);
  return Object.fromEntries(
    types.flatMap(([type, ids]) =>
      Object.entries(ids).map(([id, block]) => [`${type}.${id}`, identity(type, block)] as const),
    ),
  );
}

/** Where the resources of an earlier document are in a later one. */
function expectedIn(before: Document, { moved = [] }: Document): Readonly<Record<string, Block>> {
  return Object.fromEntries(
    Object.entries(keeping(before)).map(([address, block]) => [
      moved.find(({ from }) => from === address)?.to ?? address,
      block,
    ]),
  );
}

const generated = committedModules();
const before = previousRelease();

test.each(Object.keys(before))('%s keeps the tables, buckets, queues and logs of the release before', (name) => {
  const now = readModule(generated, name).document as Document;

  expect(keeping(now)).toMatchObject(expectedIn(JSON.parse(before[name] ?? '') as Document, now));
});

test('a table that is called something else in a later version is found to be another one', () => {
  const old: Document = { resource: { aws_dynamodb_table: { ledger: { name: 'runs', hash_key: 'runId' } } } };
  const renamed: Document = { resource: { aws_dynamodb_table: { runs: { name: 'runs', hash_key: 'runId' } } } };
  const moved: Document = { ...renamed, moved: [{ from: 'aws_dynamodb_table.ledger', to: 'aws_dynamodb_table.runs' }] };
  const rekeyed: Document = { resource: { aws_dynamodb_table: { ledger: { name: 'runs', hash_key: 'id' } } } };
  const keeps = (now: Document) => {
    const expected = expectedIn(old, now);
    return Object.entries(expected).every(
      ([address, block]) => JSON.stringify(keeping(now)[address]) === JSON.stringify(block),
    );
  };

  expect([old, renamed, moved, rekeyed].map(keeps)).toEqual([true, false, true, false]);
});

test('every module of the release before is still there, under its name', () => {
  const names = MODULE_DEFINITIONS.map(({ name }) => name);

  expect(Object.keys(before).filter((name) => !names.includes(name))).toEqual([]);
});

/** Names of which one account and region may have only one. */
const NAMES = ['name', 'name_prefix', 'bucket_prefix', 'function_name', 'alarm_name', 'dashboard_name'];

/** Policies of a role and the like, which are named within what they belong to, or name another resource. */
const WITHIN = [
  'aws_ecs_service',
  'aws_iam_role_policy',
  'aws_lambda_event_source_mapping',
  'aws_lambda_function_url',
  'aws_lambda_permission',
  'aws_scheduler_schedule',
];

test.each(MODULE_DEFINITIONS.map(({ name }) => name))(
  'two copies of %s stand side by side: the name of each resource has theirs in it',
  (name) => {
    const { resource = {} } = readModule(generated, name).document as Document;
    const named = Object.entries(resource)
      .filter(([type]) => !WITHIN.includes(type))
      .flatMap(([type, ids]) =>
        Object.entries(ids).flatMap(([id, block]) =>
          NAMES.flatMap((attribute) => {
            const value = block[attribute];
            return typeof value === 'string' ? [[`${type}.${id}.${attribute}`, value] as const] : [];
          }),
        ),
      );

    expect(
      named.filter(([, value]) => !/^\$\{(?:var\.name|aws_\w+\.\w+\.\w*name)\}|\b(?:local|var)\.name\b/.test(value)),
    ).toEqual([]);
  },
);
