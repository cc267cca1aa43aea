import { packageRoots } from '../../../../handlers/runner/host/package-roots';

test('the first package lies where Lambda has it, and each later one in folders of its own', () => {
  const first = { taskRoot: '/var/task', layersRoot: '/opt' };

  expect([1, 2, 3].map((generation) => packageRoots(first, '/tmp/overtime', generation))).toEqual([
    first,
    { taskRoot: '/tmp/overtime/packages/2/task', layersRoot: '/tmp/overtime/packages/2/opt' },
    { taskRoot: '/tmp/overtime/packages/3/task', layersRoot: '/tmp/overtime/packages/3/opt' },
  ]);
});
