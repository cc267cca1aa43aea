import { readFileSync } from 'node:fs';
import path from 'node:path';
import { committedModules } from '../../stacks/committed-modules';
import { readModule } from '../support/generated-module';

const DOCS = path.resolve(__dirname, '../../docs');
const { document } = readModule(committedModules(), 'queue-worker');

/** Of a queue worker that is called NAME. */
function alarmNames(): readonly string[] {
  const alarms = Object.values(document.resource?.['aws_cloudwatch_metric_alarm'] ?? {});
  return alarms.map((alarm) =>
    (alarm as { readonly alarm_name: string }).alarm_name
      .replace(/^\$\{aws_lambda_function\.dispatcher_function\.function_name\}/, 'NAME-dispatcher')
      .replace(/^\$\{var\.name\}/, 'NAME'),
  );
}

/** What stands first in the rows of a heading's table. */
function firstCells(page: string, heading: string): readonly string[] {
  const text = readFileSync(path.join(DOCS, page), 'utf8');
  const [, section = ''] = text.split(`\n${heading}\n`);
  const [rows = ''] = section.split(/\n#+ /);
  return [...rows.matchAll(/^\| `([^`]+)` +\|/gm)].map(([, cell = '']) => cell);
}

test.each([
  ['queue-worker.md', '## Alarms'],
  ['operations.md', '### Queue workers'],
])('%s has every alarm of the module queue-worker, and no other', (page, heading) => {
  expect([...firstCells(page, heading)].sort()).toEqual([...alarmNames()].sort());
});
