import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readReports } from '../../bench/results';
import { median, pairedRatio } from '../../bench/statistics';
import { figure, valuesOf } from '../../bench/table';

const ROOT = path.resolve(__dirname, '../..');
const readme = readFileSync(path.join(ROOT, 'README.md'), 'utf8');

const OURS = 'overtime';

/** Figures of a suite as bench/results has them: medians, and the ratio of ours to a peer. */
function figuresOf(suite: string) {
  const [report] = readReports(path.join(ROOT, 'bench/results'), [suite]);
  const values = (title: string, name: string, subject: string) => {
    const one = report?.measured.find((measured) => measured.title.split(/, zip| starts/)[0] === title);
    const metric = one?.metrics.find((each) => each.name === name);
    const index = one?.subjects.findIndex((each) => each.name === subject);
    if (one === undefined || metric === undefined || index === undefined || index === -1) {
      throw new Error(`bench/results has no ${name} of ${subject} in ${suite}, ${title}.`);
    }
    return valuesOf(one, index, metric);
  };
  return {
    median: (title: string, name: string, subject = OURS) => median(values(title, name, subject)),
    ratio: (title: string, name: string, peer: string) =>
      pairedRatio(values(title, name, OURS), values(title, name, peer)).median.toFixed(2),
  };
}

const whole = (value: number) => Math.round(value).toLocaleString('en-US');

test('the README has the starts of runs as they were measured last', () => {
  const { median: of, ratio } = figuresOf('runner-start');
  const rows = readme.split('\n').map((line) => line.replaceAll(/\s*\|\s*/g, '|'));
  const peer = 'as cumulus-ecs-task';

  expect(rows.filter((row) => /^\|\d+ MB\|/.test(row))).toEqual(
    ['1 MB', '50 MB', '250 MB'].map((size) =>
      [
        ...['', size],
        `${whole(of(size, 'start to first line'))} ms`,
        `${whole(of(size, 'start to first line', peer))} ms`,
        ratio(size, 'start to first line', peer),
        `${figure(of(size, 'peak memory of the runner'))} MB`,
        '',
      ].join('|'),
    ),
  );
});

test('the README has the round trips as they were measured last', () => {
  const { ratio } = figuresOf('runner-roundtrip');
  const [small, middle, large] = ['100 bytes', '100000 bytes', '5000000 bytes'].map((title) =>
    ratio(title, 'round trip', 'Runtime Interface Emulator'),
  );

  expect(readme).toContain(
    `takes ${small} of the time that AWS's own Runtime Interface Emulator takes at 100 bytes, ${middle} at 100 kB and ${large} at 5 MB`,
  );
});

test('the README has the messages of a queue as they were measured last', () => {
  const { median: of, ratio } = figuresOf('queue');
  const [batch, wide, one, many] = [
    'ten messages a call, concurrency 1',
    'ten messages a call, concurrency 10',
    'one message a call, concurrency 1',
    'one message a call, concurrency 10',
  ].map((title) => ({
    messages: whole(of(title, 'messages')),
    ratio: ratio(title, 'messages', 'sqs-consumer'),
    calls: ratio(title, 'calls', 'sqs-consumer'),
  }));

  expect(readme).toContain(
    `${batch?.messages} messages a second at concurrency 1, ${batch?.ratio} times sqs-consumer 15.0.3; ` +
      `${wide?.messages} at concurrency 10, ${wide?.ratio} of it`,
  );
  expect(readme).toContain(
    `${one?.messages} and ${many?.messages} a second, ${one?.ratio} and ${many?.ratio} times sqs-consumer, ` +
      `with ${one?.calls} and ${many?.calls} of its calls of SQS`,
  );
});

test('the README has the starter as it was measured last', () => {
  const { median: of, ratio } = figuresOf('starter');
  const above = of('starter', 'one start') - of('starter', 'one start', 'bare RunTask');

  expect(readme).toContain(
    `loads in ${whole(of('starter', 'load'))} ms, ${ratio('starter', 'load', 'bare RunTask')} times a bare RunTask function (the goal was 1.2), ` +
      `and one start takes ${above.toFixed(1)} ms more`,
  );
});

test('the README has the pacing of a million starts as it was measured last', () => {
  const { median: of } = figuresOf('pacing-accounts');
  const started = of('1,000,000', 'started', 'loop, 50 at once') / of('1,000,000', 'started');

  expect(of('1,000,000', 'got an error')).toBe(0);
  expect(readme).toContain(
    `a million starts in ten accounts take ${whole(of('1,000,000', 'time to the last start'))} s in simulation`,
  );
  expect(readme).toContain(`a loop with the SDK's retries starts ${Math.round(started * 100)} % of them`);
});
