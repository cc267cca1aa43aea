import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { MODULE_DEFINITIONS } from '../../stacks/module-catalogue';
import { moduleDifferences } from '../../stacks/module-files';
import { generateModules } from '../../stacks/module-writer';
import { readModule } from '../support/generated-module';

const ROOT = path.resolve(__dirname, '../..');
const NAMES = MODULE_DEFINITIONS.map(({ name }) => name);

/** Numbers without a unit of time: their descriptions say what is counted. */
const COUNTS: readonly (readonly [string, boolean])[] = [
  ['batch_size', true],
  ['coalesce_rows', true],
  ['concurrency', true],
  ['cpu', true],
  ['ephemeral_storage_gib', true],
  ['failed_runs_threshold', true],
  ['failed_tasks_threshold', true],
  ['launch_burst', true],
  ['launches_per_second', true],
  ['max_receive_count', true],
  ['max_workers', true],
  ['reserved_concurrency', true],
  ['memory_mib', true],
  ['messages_per_worker', true],
  ['min_workers', true],
  ['scheduler_count', true],
];

/** Outputs of other modules, names of images and what a function is given: what they may be is for AWS to say. */
const WITHOUT_RULE = [
  'base_image_prefix',
  'cluster',
  'container_name',
  'ec2_capacity_provider',
  'environment',
  'image',
  'image_repository_url',
  'launch_queue_url',
  'ledger_table_name',
  'log_group_name',
  'payload_bucket_name',
  'program_key',
  'program_sha256',
  'qualifier',
  'starter_function_name',
  'watcher_function_name',
];

const generated = generateModules();

test('modules/ holds what stacks/ generates, byte by byte, and nothing else', () => {
  expect(moduleDifferences(path.join(ROOT, 'modules'), generated)).toEqual([]);
  expect(Object.keys(generated).sort()).toEqual([
    'activities/README.md',
    'activities/main.tf.json',
    'cluster/README.md',
    'cluster/main.tf.json',
    'database-trigger/README.md',
    'database-trigger/main.tf.json',
    'database-trigger/router.zip',
    'overtime/README.md',
    'overtime/main.tf.json',
    'queue-worker/README.md',
    'queue-worker/dispatcher.zip',
    'queue-worker/main.tf.json',
    'runner/README.md',
    'runner/main.tf.json',
    'runner/runner-program.js.gz',
    'runner/watcher.zip',
    'scheduler-eventbridge/README.md',
    'scheduler-eventbridge/main.tf.json',
    'scheduler-service/README.md',
    'scheduler-service/main.tf.json',
    'scheduler-service/registrar.zip',
    'scheduler-service/scheduler-program.js.gz',
    'scheduler/README.md',
    'scheduler/main.tf.json',
    'starter/README.md',
    'starter/main.tf.json',
    'starter/starter.zip',
  ]);
});

test('another process, in another folder and time zone and with nothing kept, generates the same bytes', () => {
  const cwd = mkdtempSync(path.join(tmpdir(), 'overtime-elsewhere-'));
  try {
    const source = `
      import { createHash } from 'node:crypto';
      import { generateModules } from ${JSON.stringify(path.join(ROOT, 'stacks/module-writer.ts'))};
      import { keepNothing } from ${JSON.stringify(path.join(ROOT, 'stacks/parts/kept-bytes.ts'))};
      console.log(JSON.stringify(Object.entries(generateModules(keepNothing)).map(([file, bytes]) =>
        [file, createHash('sha256').update(bytes).digest('hex')])));`;
    const { stdout, stderr } = spawnSync(path.join(ROOT, 'node_modules/.bin/tsx'), ['--eval', source], {
      cwd,
      env: { ...process.env, TZ: 'Pacific/Apia', LANG: 'tr_TR.UTF-8' },
      encoding: 'utf8',
    });
    const here = Object.entries(generated).map(([file, bytes]) => [
      file,
      createHash('sha256').update(bytes).digest('hex'),
    ]);

    expect({ stderr, hashes: JSON.parse(stdout) }).toEqual({ stderr: '', hashes: here });
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
});

describe.each(NAMES)('the module %s', (name) => {
  const { document, text } = readModule(generated, name);

  test('says of itself only which Terraform and which provider it takes', () => {
    expect(document.terraform).toEqual({
      required_version: '>= 1.9',
      required_providers: { aws: { source: 'hashicorp/aws', version: '>= 5.100.0, < 7.0.0' } },
    });
    expect(
      Object.keys(document).filter(
        (key) => !['data', 'locals', 'module', 'output', 'resource', 'terraform', 'variable'].includes(key),
      ),
    ).toEqual([]);
    expect(text).not.toContain('"//"');
  });

  test('has no path of this machine and no account', () => {
    expect(text).not.toMatch(/\/(?:work|home|tmp|root|Users)\/|\b(?!123456789012)\d{12}\b/);
    expect(text).not.toContain(ROOT);
  });

  test('has a type without any, a sentence and a nullable for every variable', () => {
    for (const [variable, { type, description, nullable }] of Object.entries(document.variable)) {
      expect([variable, type]).toEqual([variable, expect.not.stringMatching(/\bany\b/)]);
      expect([variable, description]).toEqual([variable, expect.stringMatching(/^[A-Z*].*\.$/)]);
      expect([variable, typeof nullable]).toEqual([variable, 'boolean']);
    }
  });

  test('has a rule for every variable that is not a switch, but for names that others give', () => {
    const free = Object.entries(document.variable).filter(
      ([, { type, validation = [] }]) => type !== 'bool' && validation.length === 0,
    );

    expect(free.map(([variable]) => variable).filter((variable) => !WITHOUT_RULE.includes(variable))).toEqual([]);
  });

  test('tells the unit of every number, or what it counts', () => {
    for (const [variable, { description }] of Object.entries(document.variable)) {
      const unit = /_(seconds|milliseconds|days)$/.exec(variable)?.[1];
      expect([variable, description]).toEqual([
        variable,
        expect.stringContaining(unit === undefined ? '' : `in ${unit}`),
      ]);
    }
    expect(
      Object.entries(document.variable)
        .filter(([variable, { type }]) => type === 'number' && !/_(seconds|milliseconds|days)$/.test(variable))
        .map(([variable, { description }]) => [
          variable,
          /\b([Hh]ow many (tasks|runs|rows|events|copies|messages|tries|workers)|CPU units|in [GM]iB)\b/.test(
            description,
          ),
        ]),
    ).toEqual(COUNTS.filter(([variable]) => variable in document.variable));
  });

  test('has a sentence for every output', () => {
    for (const [output, { description }] of Object.entries(document.output)) {
      expect([output, description]).toEqual([output, expect.stringMatching(/^[A-Z].*\.$/)]);
    }
  });

  test('uses every variable that it has', () => {
    const { variable, ...content } = document;
    const used = JSON.stringify(content);

    expect(Object.keys(variable).filter((each) => !new RegExp(`\\bvar\\.${each}\\b`).test(used))).toEqual([]);
  });

  test('uses every local value and every data source that it has', () => {
    const addresses = [
      ...Object.keys(document.locals ?? {}).map((each) => `local.${each}`),
      ...Object.entries(document.data ?? {}).flatMap(([type, ids]) =>
        Object.keys(ids).map((each) => `data.${type}.${each}`),
      ),
    ];

    expect(addresses.filter((each) => !new RegExp(`\\b${each.replaceAll('.', '\\.')}\\b`).test(text))).toEqual([]);
  });

  test('has a row of its README for every variable and output', () => {
    const readme = readFileSync(path.join(ROOT, 'modules', name, 'README.md'), 'utf8');
    const rows = [...readme.matchAll(/^\| `(\w+)` \|/gm)].map((match) => match[1]);

    expect([...rows].sort()).toEqual([...Object.keys(document.variable), ...Object.keys(document.output)].sort());
  });
});

test('every validation of a module that makes resources is refused at least once in its refusals.tftest.hcl', () => {
  for (const name of [
    'cluster',
    'runner',
    'starter',
    'scheduler-service',
    'scheduler-eventbridge',
    'activities',
    'database-trigger',
    'queue-worker',
  ]) {
    const { variable } = readModule(generated, name).document;
    const refusals = readFileSync(path.join(__dirname, 'examples', name, 'refusals.tftest.hcl'), 'utf8');
    const expected = [...refusals.matchAll(/expect_failures = \[([^\]]*)\]/g)].map(([, list = '']) => list).join();
    const counts = Object.entries(variable).map(([each, { validation = [] }]) => {
      const refused = expected.match(new RegExp(`\\bvar\\.${each}\\b`, 'g'))?.length ?? 0;
      return [`${name}.${each}`, refused >= validation.length];
    });

    expect(counts).toEqual(Object.keys(variable).map((each) => [`${name}.${each}`, true]));
  }
});

test('the messages of validations name the variable and what to give', () => {
  const messages = NAMES.flatMap((name) =>
    Object.entries(readModule(generated, name).document.variable).flatMap(([variable, { validation = [] }]) =>
      validation.map(({ error_message }) => [variable, error_message]),
    ),
  );

  expect(messages.length).toBeGreaterThan(40);
  for (const [variable, message] of messages) {
    expect(message).toMatch(new RegExp(`^${variable} is wrong: give .+\\.$`));
  }
});
