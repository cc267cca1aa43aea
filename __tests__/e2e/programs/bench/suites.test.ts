import { mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Suite } from '../../../../bench/suite';
import { ACTIVITIES } from '../../../../bench/suites/activities';
import { RUNNER_ROUNDTRIP } from '../../../../bench/suites/runner-roundtrip';
import { STARTER } from '../../../../bench/suites/starter';
import { samplePackage } from '../../../../bench/support/sample-package';

// Each runs real processes, which a busy machine may make slow.
jest.setTimeout(180_000);

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'overtime-bench-'));
});

afterAll(() => rm(folder, { recursive: true }));

async function runOnce(suite: Suite) {
  const { comparisons, close } = await suite.prepare({ packages: [], payloads: [100], folder });
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

test('the runner’s Runtime API and a plain one serve the same client', async () => {
  expect(await runOnce(RUNNER_ROUNDTRIP)).toEqual([
    { name: 'overtime', 'round trip': expect.any(Number) },
    { name: 'plain loop', 'round trip': expect.any(Number) },
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

test('a sample package has the same bytes whenever it is made', () => {
  const [one, other] = ['one', 'other'].map((name) => readFileSync(samplePackage(path.join(folder, name), 1)));

  expect(one?.equals(other ?? Buffer.alloc(0))).toBe(true);
});
