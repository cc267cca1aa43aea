import { mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Sample, Suite } from '../../../../bench/suite';
import { ACTIVITIES } from '../../../../bench/suites/activities';
import { PACING } from '../../../../bench/suites/pacing';
import { RUNNER_ROUNDTRIP } from '../../../../bench/suites/runner-roundtrip';
import { RUNNER_START } from '../../../../bench/suites/runner-start';
import { STARTER } from '../../../../bench/suites/starter';
import { samplePackage } from '../../../../bench/support/sample-package';

// Each runs real processes, which a busy machine may make slow.
jest.setTimeout(600_000);

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'overtime-bench-'));
});

afterAll(() => rm(folder, { recursive: true }));

async function runOnce(suite: Suite) {
  const { comparisons, close } = await suite.prepare({
    packages: [1],
    payloads: [100],
    tasks: 20,
    starts: [30],
    offline: true,
    folder,
  });
  try {
    const samples = [];
    for (const { subjects } of comparisons) {
      for (const { name, run } of subjects) {
        samples.push({ name, ...(await run()) });
      }
    }
    return samples;
  } finally {
    await close();
  }
}

test('the starter and a bare RunTask are loaded and start a task', async () => {
  const figures = { load: expect.any(Number), 'one start': expect.any(Number), bundle: expect.any(Number) };

  expect(await runOnce(STARTER)).toEqual([
    { name: 'overtime', ...figures, calls: 6 },
    { name: 'bare RunTask', ...figures, calls: 1 },
  ]);
});

test('the runner’s Runtime API and a plain one serve the same client, and a direct call needs none', async () => {
  expect(await runOnce(RUNNER_ROUNDTRIP)).toEqual([
    { name: 'overtime', 'round trip': expect.any(Number) },
    { name: 'plain loop', 'round trip': expect.any(Number) },
    { name: 'direct call', 'round trip': expect.any(Number) },
  ]);
});

test('a worker and a bare loop do the tasks of an activity', async () => {
  const figures = {
    'a task': expect.any(Number),
    tasks: expect.any(Number),
    'processor time a task': expect.any(Number),
  };
  const both = [
    { name: 'overtime', ...figures },
    { name: 'bare loop', ...figures },
  ];

  expect(await runOnce(ACTIVITIES)).toEqual([...both, ...both]);
});

test('a runner brings a package to its first line', async () => {
  expect(await runOnce(RUNNER_START)).toEqual([
    { name: 'overtime', 'start to first line': expect.any(Number), 'peak memory of the runner': expect.any(Number) },
  ]);
});

describe('of thirty starts against AWS’s buckets', () => {
  let samples: readonly { readonly name: string; readonly sample: Sample }[];

  beforeAll(async () => {
    samples = (await runOnce(PACING)).map(({ name, ...sample }) => ({ name, sample }));
  });

  test('ours all become tasks, simulated and in real time, and no caller sees an error', () => {
    const ours = samples.filter(({ name }) => name.startsWith('overtime'));

    expect(ours.map(({ name }) => name)).toEqual([
      'overtime',
      'overtime, burst of 20',
      'overtime',
      'overtime, simulated',
    ]);
    expect(ours.map(({ sample: { started, 'got an error': errors } }) => ({ started, errors }))).toEqual(
      ours.map(() => ({ started: 30, errors: 0 })),
    );
  });

  test('none comes before its buckets have a token for it', () => {
    // Twenty calls are there at once, ten more come in half a second.
    const times = samples
      .filter(({ sample: { started } }) => started === 30)
      .map(({ sample: { 'time to the last start': time } }) => time);

    expect(Math.min(...times.map(Number))).toBeGreaterThanOrEqual(0.5);
  });

  test('of a loop all are started or have told their caller', () => {
    const loops = samples.filter(({ name }) => name.startsWith('loop'));

    expect(loops.map(({ sample: { started, 'got an error': errors } }) => Number(started) + Number(errors))).toEqual([
      30, 30, 30, 30,
    ]);
  });
});

test('a sample package has the same bytes whenever it is made', () => {
  const [one, other] = ['one', 'other'].map((name) => readFileSync(samplePackage(path.join(folder, name), 1)));

  expect(one?.equals(other ?? Buffer.alloc(0))).toBe(true);
});
