import { readFileSync } from 'node:fs';
import path from 'node:path';
import { RUNNER_NODE_OPTIONS, SCHEDULER_NODE_OPTIONS } from '../../stacks/parts/node-options';
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

test('the runner has the program of its threads in its own file', async () => {
  const { runnerFile } = await runnerBundle();

  expect(readFileSync(runnerFile, 'utf8')).not.toContain('UNPACK_THREAD_SOURCE');
});

const RUNNER = [...RUNNER_NODE_OPTIONS, '/overtime/runner.js'];

test.each([
  { image: 'runner', programs: ['/var/lang/bin/node', '/overtime/node'], words: RUNNER },
  { image: 'povray-worker', programs: ['/overtime/node'], words: RUNNER },
  {
    image: 'scheduler',
    programs: ['/var/lang/bin/node'],
    words: [...SCHEDULER_NODE_OPTIONS, '/overtime/scheduler.js'],
  },
])(
  'the image $image starts its program with its options for Node.js, whichever Node.js it has',
  ({ image, programs, words }) => {
    const dockerfile = readFileSync(path.join(__dirname, '../../images', image, 'Dockerfile'), 'utf8');
    const entryPoints = [...dockerfile.matchAll(/^ENTRYPOINT (.*)$/gm)].map(([, command]) => JSON.parse(command ?? ''));

    expect(entryPoints).toEqual(programs.map((program) => [program, ...words]));
  },
);
