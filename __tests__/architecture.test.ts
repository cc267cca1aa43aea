import { resolveImport, type SourceFile, sourceFiles, withoutComments } from './support/source-files';

const files = sourceFiles();

function under(folder: string): readonly SourceFile[] {
  return files.filter((file) => file.path.startsWith(`${folder}/`));
}

function offences(candidates: readonly SourceFile[], isOffence: (file: SourceFile, specifier: string) => boolean) {
  return candidates.flatMap((file) =>
    file.imports.filter((specifier) => isOffence(file, specifier)).map((specifier) => `${file.path} -> ${specifier}`),
  );
}

/** A file that decides: it imports nothing that acts. Which ones do is a decision, so the list is kept by hand. */
const PURE_FILES = [
  ...[
    'bounded-error',
    'errors',
    'function-name',
    'grouped-digits',
    'lambda-runtime',
    'launch-message',
    'ledger/attempt',
    'ledger/delivery-due',
    'ledger/ending',
    'ledger/marks',
    'ledger/update',
    'network-settings',
    'object-event/job-id',
    'object-event/object-event',
    'object-event/output-mark',
    'object-event/parse',
    'object-event/read-object',
    'object-event/schemas',
    'parse-json',
    'payload',
    'reason',
    'run',
    'run-record',
    'settings',
    'show',
    'task-definition-name',
    'what-ran',
  ].map((name) => `handlers/shared/${name}.ts`),
  ...[
    'aws-cron',
    'bits',
    'cron-expression',
    'cron-fields',
    'cron-slots',
    'local-time',
    'rate',
    'row',
    'row-fields',
    'row-parts',
    'schedule',
    'slot-key',
    'slots',
    'zone',
  ].map((name) => `handlers/shared/schedule/${name}.ts`),
  ...[
    'callback-outcome',
    'destination',
    'final-run',
    'held-payload',
    'invocation-record',
    'limits',
    'plan',
    'record-send',
    'send',
    'send-error',
    'task-outcome',
  ].map((name) => `handlers/shared/delivery/${name}.ts`),
  ...[
    'delivery',
    'aws-error',
    'backoff',
    'capacity',
    'container-overrides',
    'container-plan',
    'container-task',
    'entrances/aws-events',
    'entrances/entrance',
    'entrances/event-requests',
    'entrances/orders',
    'entrances/overflow',
    'entrances/shapes',
    'entrances/url',
    'identity',
    'launch',
    'launch-event',
    'ledger-writes',
    'limits',
    'list-query',
    'list-request',
    'list-token',
    'overrides',
    'pacer',
    'patterns',
    'placing',
    'plan',
    'request',
    'request-errors',
    'request-fields',
    'server-time',
    'settings',
    'size',
    'start-request',
    'status',
    'task-outcome',
    'task-place',
    'turns',
  ].map((name) => `handlers/starter/${name}.ts`),
  ...[
    'command-line',
    'early-look-up',
    'exit-codes',
    'exit-text',
    'extension-environment',
    'extension-failure',
    'function-description',
    'host/package-roots',
    'host/same-function',
    'layer-paths',
    'outcome',
    'output',
    'runtime-api/extension-state',
    'runtime-api/http-integration',
    'runtime-api/protocol',
    'runtime-api/refusal',
    'runtime-api/state',
    'runtime-command',
    'runtime-environment',
    'settings',
    'package/batch',
    'package/zip-entry',
    'sidecar/environment-sha256',
    'sidecar/image-function',
    'sidecar/runtime-container',
    'sidecar/start-text',
    'sidecar/supervisor-report',
    'sidecar/task-metadata',
    'worker/activity/outcome-call',
    'worker/command/command-environment',
    'worker/command/command-result',
    'worker/command/tail',
    'worker/objects/claim-object',
    'worker/objects/content-type',
    'worker/objects/cut-off',
    'worker/objects/object-fault',
    'worker/objects/object-paths',
    'worker/objects/object-result',
    'worker/objects/object-settings',
    'worker/objects/object-variables',
    'worker/objects/output-plan',
    'worker/poll-fault',
    'worker/queue/batch-answer',
    'worker/queue/chains',
    'worker/queue/claims/claim-write',
    'worker/queue/claims/claims',
    'worker/queue/message',
    'worker/queue/message-copy',
    'worker/queue/queue-settings',
    'worker/queue/quick-answers',
    'worker/queue/settlement',
    'worker/queue/sqs-event',
    'worker/queue/visibility',
    'worker/region',
    'worker/settings',
  ].map((name) => `handlers/runner/${name}.ts`),
  ...[
    'causes',
    'classify',
    'classify-container',
    'clusters',
    'decide-check',
    'decide-container',
    'decide-stop',
    'decision',
    'event',
    'launch-input',
    'settings',
    'stop-reasons',
    'stopped-task',
    'task-view',
    'times',
  ].map((name) => `handlers/watcher/${name}.ts`),
  ...[
    'actions',
    'backfill',
    'check-row',
    'custom-resource/answer',
    'custom-resource/apply',
    'custom-resource/handle',
    'custom-resource/properties',
    'entrance',
    'errors',
    'list-token',
    'registrar',
    'request',
    'settings',
    'start-answer',
    'stream',
    'terraform',
    'write-row',
  ].map((name) => `handlers/registrar/${name}.ts`),
  ...[
    'batches',
    'blocked-groups',
    'dispatch',
    'dispatcher',
    'entrance',
    'errors',
    'filter',
    'handed-over',
    'hold-lock',
    'launch-call',
    'launch-memory',
    'launch-workers',
    'look-after-workers',
    'ports',
    'redrive',
    'run-task',
    'scale-service',
    'see-workers',
    'send-messages',
    'settings',
    'shortfall',
    'side-by-side',
    'take-names',
    'take-objects',
    'wanted-workers',
    'workers-report',
  ].map((name) => `handlers/dispatcher/${name}.ts`),
  ...['errors', 'coalesce', 'ports', 'route', 'router', 'rows-event', 'rules', 'settings', 'template'].map(
    (name) => `handlers/router/${name}.ts`,
  ),
  ...[
    'after-step',
    'catalogue',
    'decide-slots',
    'due-heap',
    'fleet',
    'fleet-view',
    'health',
    'minutes',
    'next-step',
    'overlap',
    'pace',
    'ports',
    'rendezvous',
    'settings',
    'short-reason',
    'slot-cache',
    'start-answer',
    'state',
    'tally',
    'transitions',
    'unsettled',
  ].map((name) => `handlers/scheduler/${name}.ts`),
  'bench/chart.ts',
  'bench/report.ts',
  'bench/results-page.ts',
  'bench/statistics.ts',
  'bench/suite.ts',
  'bench/support/barrel-imports.ts',
  'bench/support/pacing/ecs.ts',
  'bench/table.ts',
  'images/build-plan.ts',
  'images/container-tool.ts',
  'local/environment.ts',
  'local/jest-report.ts',
  'local/report.ts',
  'local/role-calls.ts',
  'local/terraform-messages.ts',
  'pictures/dot.ts',
  'pictures/picture.ts',
  'pictures/pictures-command.ts',
  'pictures/resources.ts',
  'stacks/module-example.ts',
  'stacks/module-readme.ts',
  'stacks/parts/database-engines.ts',
  'stacks/parts/database-permissions.ts',
  'stacks/parts/database-rules.ts',
  'stacks/parts/event-pattern.ts',
  'stacks/parts/fargate-sizes.ts',
  'stacks/parts/formats.ts',
  'stacks/parts/hcl-text.ts',
  'stacks/parts/mysql-trigger-sql.ts',
  'stacks/parts/permissions.ts',
  'stacks/parts/postgresql-trigger-sql.ts',
  'stacks/parts/rules.ts',
  'stacks/parts/terraform-text.ts',
  'stacks/parts/trigger-sql.ts',
];

/** What a module checks before it is deployed and a program does by, in one place. */
const SHARED_WITH_STACKS = ['stacks/parts/event-pattern', 'stacks/parts/fargate-sizes'];

const ACTING_MODULES = /^(@aws-sdk\/|node:(fs|child_process|http|https|net|os|process)\b)/;

describe('the layout', () => {
  test('stacks/ imports nothing of handlers/, images/ or local/', () => {
    const found = offences(under('stacks'), (file, specifier) =>
      /^(handlers|images|local)\//.test(specifier.startsWith('.') ? resolveImport(file, specifier) : ''),
    );

    expect(found).toEqual([]);
  });

  test('handlers/ imports no CDKTF, and of stacks/ only the table of Fargate sizes and the patterns of events', () => {
    const found = offences(under('handlers'), (file, specifier) => {
      const target = specifier.startsWith('.') ? resolveImport(file, specifier) : specifier;
      const isCdktf = /^(cdktf|constructs|@cdktf\/)/.test(target);
      const isOtherStackFile = target.startsWith('stacks/') && !SHARED_WITH_STACKS.includes(target);
      return isCdktf || isOtherStackFile || /^(images|local)\//.test(target);
    });

    expect(found).toEqual([]);
  });

  test('no file imports the barrel of the AWS provider', () => {
    expect(offences(files, (_, specifier) => specifier === '@cdktf/provider-aws')).toEqual([]);
  });

  test.each(PURE_FILES)('%s imports no AWS client, no file system and no process, and reads no process.env', (name) => {
    const file = files.find((candidate) => candidate.path === name);

    expect(file).toBeDefined();
    expect(file?.imports.filter((specifier) => ACTING_MODULES.test(specifier))).toEqual([]);
    expect(withoutComments(file?.text ?? '')).not.toMatch(/\bprocess\.(env|exit|argv)/);
  });

  test('in handlers/, process.env is read in entries alone', () => {
    const readers = under('handlers').filter((file) => /\bprocess\.env\b/.test(withoutComments(file.text)));

    expect(readers.map((file) => file.path).sort()).toEqual([
      'handlers/dispatcher/handler.ts',
      'handlers/registrar/handler.ts',
      'handlers/router/handler.ts',
      'handlers/runner/main.ts',
      'handlers/runner/node-client/main.ts',
      'handlers/scheduler/main.ts',
      'handlers/starter/handler.ts',
      'handlers/watcher/handler.ts',
    ]);
  });

  test('no source file is longer than 400 lines, and half of them have at most 100', () => {
    const lengths = files.map((file) => file.text.split('\n').length).sort((one, other) => one - other);

    expect(lengths.at(-1)).toBeLessThanOrEqual(400);
    expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThanOrEqual(100);
  });

  test('the imports between the source files form no circle, those of types included', () => {
    expect(circles(files)).toEqual([]);
  });
});

function circles(all: readonly SourceFile[]): readonly string[] {
  const targets = new Map(
    all.map((file) => [
      file.path.replace(/\.ts$/, ''),
      file.allImports
        .filter((specifier) => specifier.startsWith('.'))
        .map((specifier) => resolveImport(file, specifier)),
    ]),
  );
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (name: string, trail: readonly string[]) => {
    if (trail.includes(name)) {
      found.push([...trail.slice(trail.indexOf(name)), name].join(' -> '));
      return;
    }
    if (!done.has(name)) {
      for (const target of targets.get(name) ?? targets.get(`${name}/index`) ?? []) {
        visit(target, [...trail, name]);
      }
      done.add(name);
    }
  };
  for (const name of targets.keys()) {
    visit(name, []);
  }
  return found;
}
