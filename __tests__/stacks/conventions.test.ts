// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the expressions are Terraform's

import { isDeepStrictEqual } from 'node:util';
import { deployment } from '../../deployment';
import { CATALOGUE } from '../../stacks/catalogue';
import { sourceFiles } from '../support/source-files';
import { type StackView, viewDeployment } from '../support/stack-view';
import { decodeJson } from '../support/terraform-expression';

// The state's folder is the one absolute path that a stack may have.
const local = { ...deployment, backend: { kind: 'local', directory: '/state' } } as const;
const stacks = Object.entries({
  ...viewDeployment({
    ...local,
    modules: {
      ...local.modules,
      // Those of the catalogue that cost something, or do nothing until somebody says what.
      scheduler: {},
      activities: { activities: { QueueGranules: { functionName: 'queue-granules', runtime: 'nodejs22.x' } } },
      'queue-worker': { scenes: { image: 'example.org/scenes:1', command: ['render'], bucket: 'new' } },
      'database-trigger': { engine: 'aurora-postgresql', databaseIdentifier: 'shop' },
    },
  }),
  eventbridge: viewDeployment({ ...local, modules: { ...local.modules, scheduler: { engine: 'eventbridge' } } })[
    'scheduler'
  ] as StackView,
});

/** Every text in a document. */
function texts(value: unknown): readonly string[] {
  if (typeof value === 'string') {
    return [value];
  }
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : [];
}

/** Ids of the buckets, as other resources name them. */
function bucketsOf(stack: StackView): readonly string[] {
  return Object.entries(stack.all('aws_s3_bucket')).map(
    ([id, bucket]) => `\${aws_s3_bucket.${id}${bucket['count'] === undefined ? '' : '[0]'}.id}`,
  );
}

function policiesOf(document: unknown): readonly { readonly Statement: readonly Record<string, unknown>[] }[] {
  return texts(document)
    .filter((text) => text.startsWith('${jsonencode({"Version" = "2012-10-17"'))
    .map((text) => decodeJson(text) as { Statement: Record<string, unknown>[] });
}

describe.each(stacks)('the stack %s', (_, stack) => {
  test('describes every output in a sentence', () => {
    for (const [name, output] of Object.entries(stack.outputs)) {
      expect([name, output['description']]).toEqual([name, expect.stringMatching(/^[A-Z].*\.$/)]);
    }
    expect(Object.keys(stack.outputs)).not.toEqual([]);
  });

  test('has names of outputs and addresses without a hash, in snake case', () => {
    const ids = stack.addresses.map((address) => address.split('.')[1]);

    expect(
      [...ids, ...Object.keys(stack.publicOutputs)].filter((name) => !/^[a-z0-9]+(_[a-z0-9]+)*$/.test(`${name}`)),
    ).toEqual([]);
  });

  test('has no absolute path but for the state’s', () => {
    const { data, resource, output, locals } = stack.document;
    const { terraform_remote_state: _, ...others } = data ?? {};
    const paths = texts({ others, resource, output, locals }).filter((text) =>
      /^\/(?!ecs\/|aws\/|dev\/)|\/work\/|\/home\/|\/tmp\//.test(text),
    );

    expect(paths).toEqual([]);
  });

  test('gives every log group a retention', () => {
    for (const group of Object.values(stack.all('aws_cloudwatch_log_group'))) {
      expect(group['retention_in_days']).toBe(30);
    }
  });

  test('encrypts every table, bucket, queue and image repository', () => {
    const encrypted = {
      tables: Object.values(stack.all('aws_dynamodb_table')).map((table) => table['server_side_encryption']),
      queues: Object.values(stack.all('aws_sqs_queue')).map((queue) => queue['sqs_managed_sse_enabled']),
      repositories: Object.values(stack.all('aws_ecr_repository')).map((each) => each['encryption_configuration']),
    };
    const encryptedBuckets = Object.values(stack.all('aws_s3_bucket_server_side_encryption_configuration'));

    expect(encrypted).toEqual({
      tables: encrypted.tables.map(() => ({ enabled: true })),
      // By SQS itself, or with the customer's key.
      queues: encrypted.queues.map((isManaged) =>
        isManaged === true ? true : '${local.settings.queue_kms_key_arn == null ? true : null}',
      ),
      repositories: encrypted.repositories.map(() => [{ encryption_type: 'AES256' }]),
    });
    expect(encryptedBuckets.map(({ bucket }) => bucket)).toEqual(bucketsOf(stack));
  });

  test('closes every bucket to the public and to plain HTTP', () => {
    for (const type of ['aws_s3_bucket_public_access_block', 'aws_s3_bucket_policy']) {
      expect(Object.values(stack.all(type)).map(({ bucket }) => bucket)).toEqual(bucketsOf(stack));
    }
  });

  test('closes every queue to plain HTTP', () => {
    const queues = Object.entries(stack.all('aws_sqs_queue')).map(
      ([id, queue]) => `\${aws_sqs_queue.${id}${queue['count'] === undefined ? '' : '[0]'}.url}`,
    );
    const closed = Object.entries(stack.all('aws_sqs_queue_policy'));

    expect(closed.map(([, { queue_url }]) => queue_url)).toEqual(queues);
    for (const [id] of closed) {
      expect(stack.json(`aws_sqs_queue_policy.${id}`, 'policy')).toEqual({
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'DenyPlainHttp',
            Effect: 'Deny',
            Principal: '*',
            Action: ['sqs:*'],
            // The one that exists, or the new one, is known by a local.
            Resource:
              id === 'queue_policy' ? '${local.queue_arn}' : `\${aws_sqs_queue.${id.replace(/_policy$/, '')}.arn}`,
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
        ],
      });
    }
  });

  test('gives every Lambda function a dead-letter queue', () => {
    for (const each of Object.values(stack.all('aws_lambda_function'))) {
      expect(each['dead_letter_config']).toEqual({ target_arn: expect.stringMatching(/^\$\{aws_sqs_queue\./) });
    }
  });

  test('allows no wildcard for an action, and for a resource only the one that AWS knows no resource for', () => {
    const statements = policiesOf(stack.document).flatMap((policy) => policy.Statement);
    const allowed = statements.filter((statement) => statement['Effect'] === 'Allow');

    expect(
      allowed.flatMap((statement) => statement['Action'] as string[]).filter((action) => action.includes('*')),
    ).toEqual([]);
    const withoutResource = [
      ['ecr:GetAuthorizationToken'],
      ['ecs:DiscoverPollEndpoint'],
      ['ecs:ListTasks'],
      ['states:SendTaskFailure', 'states:SendTaskSuccess'],
      ['states:SendTaskHeartbeat'],
    ];
    const onAll = allowed
      .filter((statement) => statement['Resource'] === '*')
      .map((statement) => statement['Action'] as string[]);
    expect(onAll.filter((actions) => !withoutResource.some((known) => isDeepStrictEqual(known, actions)))).toEqual([]);
  });

  test('gives each statement of a policy a name of its own', () => {
    for (const { Statement } of policiesOf(stack.document)) {
      expect(new Set(Statement.map(({ Sid }) => Sid)).size).toBe(Statement.length);
    }
  });
});

test('every module of the catalogue is looked at', () => {
  const names = CATALOGUE.map(({ name, keys }) => (keys === undefined ? name : `${name}-scenes`));

  expect(stacks.map(([name]) => name)).toEqual([...names, 'eventbridge']);
});

test('every catalogue row is a class with a sentence, named as its file', () => {
  for (const { name, construct, sentence } of CATALOGUE) {
    expect(construct.name.toLowerCase()).toBe(name.replaceAll('-', ''));
    expect(sentence).toMatch(/^[A-Z].*\.$/);
  }
});

test('resources of the provider are imported by their deep path', () => {
  const imports = sourceFiles(['stacks']).flatMap((file) => file.imports);
  const ofProvider = imports.filter((specifier) => specifier.startsWith('@cdktf/provider-aws'));

  expect(ofProvider.filter((specifier) => !/^@cdktf\/provider-aws\/lib\/[a-z0-9-]+$/.test(specifier))).toEqual([]);
  expect(ofProvider.length).toBeGreaterThan(10);
});

test('JSON is never written by JSON.stringify in stacks/, which does not escape the values of tokens', () => {
  const offenders = sourceFiles(['stacks']).filter((file) => file.text.includes('JSON.stringify('));

  // For messages about values that are known, for a cache's own files, for the text of programs, and for documents in which every token is resolved.
  expect(offenders.map((file) => file.path)).toEqual([
    'stacks/parts/checks.ts',
    'stacks/parts/kept-bytes.ts',
    'stacks/parts/one-file.ts',
    'stacks/parts/terraform-text.ts',
  ]);
});
