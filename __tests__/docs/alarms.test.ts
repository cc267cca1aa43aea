import { committedModules } from '../../stacks/committed-modules';
import { namesBelow } from '../support/docs-page';
import { readModule } from '../support/generated-module';

const generated = committedModules();

interface Named {
  readonly alarm_name: string;
}

/** The names of a module's alarms where `name` is this. */
function alarmNames(module: string, name: string): readonly string[] {
  const { resource = {} } = readModule(generated, module).document;
  const functions = resource['aws_lambda_function'] ?? {};
  const functionName = (id: string) => (functions[id] as { readonly function_name: string }).function_name;
  const alarms = Object.values(resource['aws_cloudwatch_metric_alarm'] ?? {}) as readonly Named[];
  return alarms.map(({ alarm_name }) =>
    alarm_name
      .replace(/\$\{aws_lambda_function\.(\w+)\.function_name\}/, (_, id) => functionName(id))
      .replace(/\$\{each\.key\}/, 'KEY')
      .replace(/\$\{var\.name\}/, name),
  );
}

test.each([
  { page: 'operations.md', heading: '### Runs', modules: ['runner', 'starter'], name: 'overtime' },
  {
    page: 'operations.md',
    heading: '### Schedules',
    modules: ['scheduler-service', 'scheduler-eventbridge'],
    name: 'overtime',
  },
  { page: 'operations.md', heading: '### Activities', modules: ['activities'], name: 'overtime' },
  { page: 'operations.md', heading: '### Database triggers', modules: ['database-trigger'], name: 'overtime' },
  { page: 'operations.md', heading: '### Queue workers', modules: ['queue-worker'], name: 'NAME' },
  { page: 'queue-worker.md', heading: '## Alarms', modules: ['queue-worker'], name: 'NAME' },
])('$page has below $heading every alarm of $modules, and no other', ({ page, heading, modules, name }) => {
  const alarms = modules.flatMap((module) => alarmNames(module, name));

  expect(alarms.length).toBeGreaterThan(0);
  expect([...namesBelow(page, heading)].sort()).toEqual([...alarms].sort());
});
