import { readFileSync } from 'node:fs';
import path from 'node:path';
import { heartbeatMilliseconds } from '../../handlers/runner/heartbeats';
import { LONGEST_OF_ONE_RECEIPT_SECONDS, readQueueSettings } from '../../handlers/runner/worker/queue/queue-settings';
import { awaySeconds, visibilitySeconds } from '../../handlers/runner/worker/queue/visibility';

const ROOT = path.resolve(__dirname, '../..');
const page = readFileSync(path.join(ROOT, 'docs/queue-worker.md'), 'utf8');
const [, variables = ''] = page.split('\n## Variables of a worker\n');

const QUEUE_URL = 'https://sqs.eu-west-1.amazonaws.com/123456789012/scenes';

/** The names of variables in a text. */
function namesIn(text: string): readonly string[] {
  return [...new Set(text.match(/OVERTIME_[A-Z_]+/g))].sort();
}

const row = (name: string) =>
  variables.split('\n').find((line) => line.startsWith('|') && line.includes(`\`${name}\``));

test('the page has every variable of a queue and of objects that a worker reads, and no other but the folder of jobs', () => {
  const sources = ['queue/queue-settings.ts', 'objects/object-settings.ts'].map((file) =>
    readFileSync(path.join(ROOT, 'handlers/runner/worker', file), 'utf8'),
  );
  // That of every worker stands on another page.
  const read = namesIn(sources.join('\n')).filter((name) => name !== 'OVERTIME_TIMEOUT_SECONDS');
  const rows = variables.split('\n').filter((line) => line.startsWith('| `OVERTIME_'));

  expect(namesIn(rows.join('\n'))).toEqual([...read, 'OVERTIME_WORK_ROOT'].sort());
});

test('a worker whose queue alone is known has the defaults of the page', () => {
  const settings = readQueueSettings({}, QUEUE_URL, 'eu-west-1');
  const seconds = settings.handOverSeconds.toLocaleString('en-US');

  expect(settings).toMatchObject({ messageEvent: 'sqs', batchSize: 10, batchWindowSeconds: 0 });
  expect(row('OVERTIME_HAND_OVER_SECONDS')).toMatch(new RegExp(`\\| ${seconds} +\\|$`));
  expect(row('OVERTIME_BATCH_SIZE')).toMatch(/\| 10 +\|$/);
  expect(row('OVERTIME_BATCH_WINDOW_SECONDS')).toMatch(/\| 0 +\|$/);
  expect(row('OVERTIME_JOBS_TABLE')).toContain(LONGEST_OF_ONE_RECEIPT_SECONDS.toLocaleString('en-US'));
});

test('a message whose worker dies is hidden as long as the page says', () => {
  expect(visibilitySeconds(heartbeatMilliseconds(undefined))).toBe(90);
  expect(page).toContain('A message whose worker dies is seen again within a minute and a half.');
});

test('a message that was put off is away as long as the page says', () => {
  expect(awaySeconds(90_000, 43_200_000)).toBe(15 * 60);
  expect(page).toContain('is seen again within a quarter of an hour.');
});

test('work of one receipt has the seconds that the page says', () => {
  expect(page).toContain(`${LONGEST_OF_ONE_RECEIPT_SECONDS.toLocaleString('en-US')} s are the most`);
});
