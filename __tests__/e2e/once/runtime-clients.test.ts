import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CACHE_DIRECTORY } from '../../../local/cache-directory';
import { providePython } from '../../../local/python-environment';
import { runCommand } from '../../../local/run-command';
import { type FakeAws, startFakeAws } from '../../support/fake-aws';
import { textPackage } from '../../support/function-package';
import { type Finished, runToEnd } from '../../support/runner-process';

// The clients that functions carry out there, run by the real runner: what AWS's own images hold, or users write.
jest.setTimeout(60_000);

interface Client {
  readonly name: string;
  readonly functionName: string;
  readonly layer: Uint8Array;
  /** Found when the tests begin: it may have to be installed. */
  readonly provide: (folder: string) => Promise<Provided>;
  readonly startError: { readonly errorType: string; readonly errorMessage: string };
}

interface Provided {
  readonly runtime: string;
  readonly environment: Readonly<Record<string, string>>;
}

const CLIENTS: readonly Client[] = [
  {
    name: 'awslambdaric, AWS’s client for Python',
    functionName: 'python-cases',
    layer: textPackage({ 'python/layered.py': "NAME = 'from a layer'\n" }),
    provide: providePythonClient,
    startError: { errorType: 'KeyError', errorMessage: "'at the start'" },
  },
  {
    name: 'a shell and curl',
    functionName: 'shell-cases',
    layer: textPackage({ 'bin/layered': "#!/bin/sh\necho 'from a layer'\n" }, 0o100755),
    provide: async () => ({ runtime: 'provided.al2023', environment: {} }),
    startError: { errorType: 'Start.Failed', errorMessage: 'at the start' },
  },
];

/** AWS's bootstrap for Python does no more than this, but for the paths of layers, which the runner gives here. */
async function providePythonClient(folder: string): Promise<Provided> {
  const python = await providePython({
    cacheDirectory: CACHE_DIRECTORY,
    env: process.env,
    onProgress: () => undefined,
    requirementsFile: path.resolve(__dirname, '../../support/python-client/requirements.txt'),
  });
  const version = await runCommand(python, ['-c', "import sys; print('%d.%d' % sys.version_info[:2])"], {
    env: process.env,
  });
  const bootstrap = path.join(folder, 'bootstrap');
  writeFileSync(bootstrap, `#!/bin/sh\nexec "${python}" -m awslambdaric "$_HANDLER"\n`, { mode: 0o755 });
  return { runtime: `python${version.stdout.trim()}`, environment: { OVERTIME_BOOTSTRAP: bootstrap } };
}

let aws: FakeAws;
let folder: string;

beforeAll(async () => {
  aws = await startFakeAws();
  folder = mkdtempSync(path.join(tmpdir(), 'overtime-client-'));
});

afterAll(async () => {
  await aws.close();
  await rm(folder, { recursive: true, force: true });
});

describe.each(CLIENTS)('$name', ({ functionName, layer, provide, startError }) => {
  let provided: Provided;

  // A client that cannot be had fails here: nothing is skipped.
  beforeAll(async () => {
    provided = await provide(folder);
  }, 300_000);

  interface Case {
    readonly handler: string;
    readonly input?: object;
    readonly timeoutSeconds?: number;
    readonly variables?: Readonly<Record<string, string>>;
  }

  function run({ handler, input = {}, timeoutSeconds = 7_200, variables = {} }: Case): Promise<Finished> {
    return runToEnd(aws, {
      functionName,
      layers: [{ package: layer }],
      fake: {
        configuration: { Runtime: provided.runtime, Handler: handler, Environment: { Variables: variables } },
      },
      envelope: { input: { inline: input }, timeoutSeconds },
      environment: provided.environment,
    });
  }

  test('success: the event, what it prints, and a layer', async () => {
    const end = await run({ handler: 'app.answers', input: { text: 'grüße, 世界' } });

    expect(end.row).toMatchObject({
      status: 'SUCCEEDED',
      exitCode: 0,
      output: { inline: { event: { text: 'grüße, 世界' }, layered: 'from a layer' } },
    });
    expect(end.stdout.split('\n')[0]).toMatch(/^a line of (print|echo)$/);
  });

  test('handled error', async () => {
    const end = await run({ handler: 'app.fails' });

    expect([end.code, end.row?.['status']]).toEqual([70, 'FAILED']);
    expect(end.row?.['error']).toMatchObject({ errorType: 'ValueError', errorMessage: 'grüße, 世界' });
  });

  test('crash in init', async () => {
    const end = await run({ handler: 'app.answers', variables: { FAIL_AT_START: 'yes' } });

    expect([end.code, end.row?.['status']]).toEqual([72, 'FAILED']);
    expect(end.row?.['error']).toMatchObject(startError);
    expect(end.row).not.toHaveProperty('invokedAt');
  });

  test('crash in handler', async () => {
    const end = await run({ handler: 'app.crashes' });

    expect([end.code, end.row?.['status']]).toEqual([71, 'FAILED']);
    expect(end.row?.['error']).toEqual({
      errorType: 'Runtime.ExitError',
      errorMessage: `RequestId: ${end.runId} Error: Runtime exited with error: exit status 3`,
    });
  });

  test('time-out', async () => {
    const end = await run({ handler: 'app.hangs', timeoutSeconds: 1 });

    expect([end.code, end.row?.['status']]).toEqual([124, 'TIMED_OUT']);
    expect(end.row?.['error']).toEqual({
      errorType: 'Sandbox.Timedout',
      errorMessage: `RequestId: ${end.runId} Error: Task timed out after 1.00 seconds`,
    });
  });

  test('output of 5 MB', async () => {
    const times = 2_500_000;
    const end = await run({ handler: 'app.prints_much', input: { times } });

    const text = aws.objects.get(`payloads/outputs/${end.runId}/1.json`);
    expect([end.code, end.row?.['status']]).toEqual([0, 'SUCCEEDED']);
    expect(JSON.parse(text ?? '') === 'ü'.repeat(times)).toBe(true);
  });
});
