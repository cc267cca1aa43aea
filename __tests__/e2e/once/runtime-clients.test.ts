import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Zippable, zipSync } from 'fflate';
import { CACHE_DIRECTORY } from '../../../local/cache-directory';
import { providePython } from '../../../local/python-environment';
import { runCommand } from '../../../local/run-command';
import { type FakeAws, startFakeAws } from '../../support/fake-aws';
import { functionFolder, textPackage } from '../../support/function-package';
import { type Finished, runToEnd } from '../../support/runner-process';

// The clients that functions carry out there, run by the real runner: what AWS's own images hold, or users write.
jest.setTimeout(60_000);

interface Client {
  readonly name: string;
  readonly functionName: string;
  readonly layer: Uint8Array;
  /** Found when the tests begin: it may have to be installed. */
  readonly provide: (folder: string) => Promise<Provided>;
  readonly startError: { readonly errorType: string; readonly errorMessage: unknown };
}

interface Provided {
  readonly runtime: string;
  /** @default - the files of the function */
  readonly package?: Uint8Array;
  readonly environment: Readonly<Record<string, string>>;
}

const PROGRAM_LAYER = textPackage({ 'bin/layered': "#!/bin/sh\necho 'from a layer'\n" }, 0o100755);

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
    layer: PROGRAM_LAYER,
    provide: async () => ({ runtime: 'provided.al2023', environment: {} }),
    startError: { errorType: 'Start.Failed', errorMessage: 'at the start' },
  },
  {
    name: 'aws-lambda-go, AWS’s client for Go',
    functionName: 'go-cases',
    layer: PROGRAM_LAYER,
    provide: buildGo,
    // A Go program that panics before it calls lambda.Start tells nobody.
    startError: {
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringMatching(/ Error: Runtime exited with error: exit status 2$/),
    },
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

async function buildGo(folder: string): Promise<Provided> {
  const program = path.join(folder, 'go-bootstrap');
  const { exitCode, stderr } = await runCommand(
    'go',
    ['build', '-tags', 'lambda.norpc', '-ldflags', '-s -w', '-o', program, '.'],
    { env: { ...process.env, CGO_ENABLED: '0' }, cwd: functionFolder('go-cases') },
  );
  if (exitCode !== 0) {
    throw new Error(`go build ended with exit code ${exitCode}: ${stderr}`);
  }
  const files = { bootstrap: [readFileSync(program), { os: 3, attrs: 0o100755 << 16, level: 1 }] } satisfies Zippable;
  return { runtime: 'provided.al2023', environment: {}, package: zipSync(files) };
}

/** Go is not needed for anything else here: without it its cases are skipped, and counted as such. */
const hasGo = spawnSync('go', ['version']).status === 0;

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
  const test = functionName === 'go-cases' && !hasGo ? globalThis.test.skip : globalThis.test;
  let provided: Provided;

  // A client that cannot be had fails here.
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
        ...(provided.package === undefined ? {} : { package: provided.package }),
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
    expect(end.stdout.split('\n')[0]).toMatch(/^a line of (print|echo|Println)$/);
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
