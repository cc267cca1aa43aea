import { startFakeAws } from '../../support/fake-aws';
import { runToEnd } from '../../support/runner-process';

// It takes as long as the runner waits for somebody to read: not one of the quick tests.
test('output that nobody reads holds the function, and neither its deadline nor the end of the task', async () => {
  const aws = await startFakeAws();
  try {
    const end = await runToEnd(aws, { functionName: 'floods', envelope: { timeoutSeconds: 2 }, isRead: false });

    expect([end.code, end.row?.['status'], end.row?.['exitCode']]).toEqual([124, 'TIMED_OUT', 124]);
  } finally {
    await aws.close();
  }
}, 300_000);
