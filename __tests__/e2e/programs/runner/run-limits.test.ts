import { spawnSync } from 'node:child_process';
import { type FakeAws, startFakeAws } from '../../../support/fake-aws';
import { untilEnded } from '../../../support/processes';
import { runToEnd } from '../../../support/runner-process';

// Each test runs real processes, which a busy machine may make slow.
jest.setTimeout(600_000);

let aws: FakeAws;

beforeAll(async () => {
  aws = await startFakeAws();
});

afterAll(() => aws.close());

test.concurrent('children that a function leaves behind, and that write on and on, end with the run', async () => {
  const end = await runToEnd(aws, { functionName: 'leaves-children' });

  const children = (end.row as { output: { inline: number[] } }).output.inline;
  expect([end.code, children.length, await untilEnded(children)]).toEqual([0, 2, []]);
  expect(end.lastLine).toMatchObject({ status: 'SUCCEEDED', output: { inline: children } });
});

test.concurrent('a function that closes its stdout and stderr is heard until then, and its outcome is told all the same', async () => {
  const end = await runToEnd(aws, { functionName: 'closes-output' });

  expect([end.code, end.row?.['output']]).toEqual([0, { inline: 'done' }]);
  expect(end.stdout).toContain('the last words\n');
  expect(end.lastLine).toMatchObject({ status: 'SUCCEEDED', output: { inline: 'done' } });
});

// The disk that a task has, but of 16 MiB: the namespace takes it away again.
const NAMESPACE = ['unshare', '--map-root-user', '--mount'];
const SMALL_DISK = [
  ...NAMESPACE,
  'sh',
  '-c',
  'mount -t tmpfs -o size=16m tmpfs "$(dirname "$OVERTIME_WORK_ROOT")" && exec "$@"',
  'sh',
];
const [unshare = '', ...arguments_] = NAMESPACE;
const canMount = spawnSync(unshare, [...arguments_, 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;
const describeHere = canMount ? describe : describe.skip;

describeHere('a function that fills the disk (Linux with unshare and mount namespaces)', () => {
  test.concurrent('fails as it would in Lambda, and the outcome is told', async () => {
    const end = await runToEnd(aws, {
      functionName: 'fills-disk',
      envelope: { input: { inline: { failing: true } } },
      through: SMALL_DISK,
    });

    expect([end.code, end.row?.['status']]).toEqual([70, 'FAILED']);
    expect(end.row?.['error']).toMatchObject({ errorMessage: 'ENOSPC: no space left on device, write' });
  });

  test.concurrent('and goes on has its large output stored, for which the runner needs no disk', async () => {
    const end = await runToEnd(aws, {
      functionName: 'fills-disk',
      envelope: { input: { inline: { failing: false } } },
      through: SMALL_DISK,
    });

    expect([end.code, end.row?.['status']]).toEqual([0, 'SUCCEEDED']);
    expect(aws.objects.get(`payloads/outputs/${end.runId}/1.json`)).toBe(JSON.stringify('x'.repeat(20_000)));
  });
});
