import { readFileSync } from 'node:fs';
import path from 'node:path';
import { runnerBundle } from '../support/runner-bundle';

test('the bundled client keeps import() as it is, so that it can load ES modules', async () => {
  const { nodeClientFile } = await runnerBundle();

  expect(readFileSync(nodeClientFile, 'utf8')).toMatch(/[^.\w]import\(/);
});

test('the runner and its client lie side by side', async () => {
  const { runnerFile, nodeClientFile } = await runnerBundle();

  expect([path.basename(runnerFile), path.basename(nodeClientFile)]).toEqual(['runner.js', 'node-client.js']);
  expect(path.dirname(runnerFile)).toBe(path.dirname(nodeClientFile));
});
