import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eventually } from '../../../support/eventually';
import { type FakeAws, type FakeFunction, startFakeAws } from '../../../support/fake-aws';
import { functionFolder, functionPackage, textPackage } from '../../../support/function-package';
import { type HostProcess, type Ran, withHost } from '../../../support/host';

// The tests run side by side, each with real processes, which a busy machine may make very slow.
jest.setTimeout(600_000);

const LAYER_ARN = 'arn:aws:lambda:eu-west-1:123456789012:layer:of-many:1';
const EXTENSION_ARN = 'arn:aws:lambda:eu-west-1:123456789012:layer:recorder:1';
const MANY: FakeFunction = { package: functionPackage('serves-many') };

let aws: FakeAws;
let libraries: string;

beforeAll(async () => {
  aws = await startFakeAws();
  libraries = mkdtempSync(path.join(tmpdir(), 'overtime-libraries-'));
  const recorder = readFileSync(path.join(__dirname, '../../../support/extensions/recorder'), 'utf8');
  aws.layers.set(EXTENSION_ARN, { package: textPackage({ 'extensions/recorder': recorder }, 0o100755) });
  const layered = { 'nodejs/node_modules/layered/index.js': "module.exports = 'a layer';" };
  aws.layers.set(LAYER_ARN, { package: textPackage(layered) });
});

afterAll(async () => {
  await aws.close();
  await rm(libraries, { recursive: true, force: true });
});

/** The function as it is after somebody has deployed `code`. */
function changedTo(code: string, configuration: FakeFunction['configuration'] = {}): FakeFunction {
  const text = readFileSync(path.join(functionFolder('serves-many'), 'index.js'), 'utf8');
  return { package: textPackage({ 'index.js': text.replace("'old'", `'${code}'`) }), configuration };
}

function extended(mode: string, folder = ''): FakeFunction {
  const Variables = { EXTENSION_MODE: mode, EXTENSION_FOLDER: folder };
  const configuration = { Layers: [{ Arn: EXTENSION_ARN }], Environment: { Variables } };
  return { ...MANY, configuration };
}

const handlerRuns = (host: HostProcess) =>
  eventually('the handler runs', async () => (existsSync(path.join(host.folder, 'begun')) ? true : undefined));

const pids = (runs: readonly Ran[]) => runs.map((ran) => ran.output?.pid);

describe.each([
  { place: 'the runner’s own container', hasContainer: false },
  { place: 'a container of their own', hasContainer: true },
])('with runtimes in $place', ({ hasContainer }) => {
  const hosting = (concurrency: number, use: (host: HostProcess) => Promise<void>, known = MANY) =>
    withHost(aws, { concurrency, known, hasContainer }, use);

  test.concurrent('fifty runs, one after another, are served by one process, which was started for the first', () =>
    hosting(1, async (host) => {
      const runs: Ran[] = [];
      for (let id = 1; id <= 50; id += 1) {
        runs.push(await host.run({ id }));
      }

      expect(new Set(pids(runs)).size).toBe(1);
      expect(runs.map((ran) => ran.output?.count)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
      expect(runs.map((ran) => ran.isCold)).toEqual([true, ...Array.from({ length: 49 }, () => false)]);
    }));

  test.concurrent.each([
    {
      end: 'crashes',
      behaviour: 'crashes',
      seconds: undefined,
      errorType: 'Runtime.ExitError',
      text: 'Runtime exited with error: exit status 9',
    },
    {
      end: 'times out',
      behaviour: 'hangs',
      // In which its handler begins on any machine.
      seconds: 5,
      errorType: 'Sandbox.Timedout',
      text: 'Task timed out after 5.00 seconds',
    },
  ])(
    'a runtime that $end is replaced for the next run, and no run is lost or done twice',
    ({ behaviour, seconds, errorType, text }) =>
      hosting(1, async (host) => {
        const first = await host.run({ id: 1 });
        const second = await host.run({ id: 2 });
        const third = await host.run({ id: 3, behaviour }, seconds);
        const fourth = await host.run({ id: 4 });

        const error = { errorType, errorMessage: `RequestId: request-3 Error: ${text}` };
        expect(third).toEqual({ requestId: 'request-3', error, isCold: false });
        expect([first, second, fourth].map((ran) => ran.output?.count)).toEqual([1, 2, 1]);
        expect(fourth.output?.pid).not.toBe(first.output?.pid);
        expect(host.begun()).toEqual([1, 2, 3, 4]);
      }),
  );

  test.concurrent('three runtimes that each unpack a library to the same path as they start do not disturb each other', () => {
    const LIBRARY = path.join(libraries, `library-${hasContainer}`);
    const known = {
      package: functionPackage('unpacks-at-start'),
      configuration: { Environment: { Variables: { LIBRARY } } },
    };
    return hosting(
      3,
      async (host) => {
        const runs = await Promise.all([1, 2, 3].map((id) => host.run({ id, parties: 3 })));

        expect(runs.map(({ error }) => error)).toEqual([undefined, undefined, undefined]);
        expect(new Set(pids(runs)).size).toBe(3);
      },
      known,
    );
  });

  test.concurrent('a runtime that hangs as it starts does not keep the next one from starting', () => {
    const MARK = path.join(libraries, `mark-${hasContainer}`);
    const known = {
      package: functionPackage('hangs-at-first-start'),
      configuration: { Environment: { Variables: { MARK } } },
    };
    return hosting(
      2,
      async (host) => {
        const hanging = host.run({ id: 1 }).then(() => 'the start that hangs was given up');
        await eventually('the first start', async () => (existsSync(MARK) ? true : undefined));
        const next = host.run({ id: 2 }).then(({ output }) => typeof output?.pid);

        expect(await Promise.race([hanging, next])).toBe('number');
        host.interrupt(1);
        await hanging;
      },
      known,
    );
  });

  test.concurrent('a runtime that ends between two runs costs neither of them anything', () =>
    hosting(1, async (host) => {
      const first = await host.run({ id: 1 });
      const pid = first.output?.pid ?? 0;
      process.kill(pid, 'SIGKILL');
      await eventually('the end of the process', async () => (isGone(pid) ? true : undefined));
      const second = await host.run({ id: 2 });

      expect([first.output?.count, second.output?.count]).toEqual([1, 1]);
      expect(host.begun()).toEqual([1, 2]);
      expect(host.text()).toContain('"event":"runtime.lost"');
    }));

  test.concurrent('four runs side by side each wait for the others, and their runtimes serve the next four', () =>
    hosting(4, async (host) => {
      const meet = (ids: readonly number[], parties: number) =>
        Promise.all(ids.map((id) => host.run({ id, behaviour: 'meets', parties })));
      const runs = await meet([1, 2, 3, 4], 4);
      const next = await meet([5, 6, 7, 8], 8);

      expect(new Set(pids(runs)).size).toBe(4);
      expect(new Set(pids(next))).toEqual(new Set(pids(runs)));
    }));

  test.concurrent('more runs than there are slots wait for their turn', () =>
    hosting(2, async (host) => {
      const runs = await Promise.all(Array.from({ length: 10 }, (_, index) => host.run({ id: index })));

      expect(runs.every((ran) => ran.output !== undefined)).toBe(true);
      expect(new Set(pids(runs)).size).toBeLessThanOrEqual(2);
    }));

  test.concurrent('when the code changes, runs that begin get the new code and its layers, and one in flight ends on the old', () =>
    hosting(2, async (host) => {
      const inFlight = host.run({ id: 1, behaviour: 'waits' });
      await handlerRuns(host);
      host.deploy(changedTo('new', { Layers: [{ Arn: LAYER_ARN }] }));
      const beforeCheck = await host.run({ id: 2 });
      host.passSeconds(61);
      const afterCheck = await host.run({ id: 3 });
      writeFileSync(path.join(host.folder, 'go'), '');
      const ended = await inFlight;
      const last = await host.run({ id: 4 });

      expect([beforeCheck, afterCheck, ended, last].map((ran) => [ran.output?.code, ran.output?.layered])).toEqual([
        ['old', 'none'],
        ['new', 'a layer'],
        ['old', 'none'],
        ['new', 'a layer'],
      ]);
      expect(last.output?.pid).toBe(afterCheck.output?.pid);
    }));

  test.concurrent('a package that nothing runs from any more is removed', () =>
    hosting(1, async (host) => {
      const codes = [];
      for (const [id, code] of ['first', 'second', 'third'].entries()) {
        host.deploy(changedTo(code));
        codes.push((await host.run({ id })).output?.code);
        host.passSeconds(61);
      }
      const isThere = (generation: number) =>
        existsSync(path.join(host.laterRoot, 'packages', String(generation), 'task'));
      await eventually('the second package goes', async () => (isThere(2) ? undefined : true));

      expect(codes).toEqual(['first', 'second', 'third']);
      expect(isThere(3)).toBe(true);
    }));

  test.concurrent('a function that is the same is not fetched again, however often it is looked up', () =>
    hosting(1, async (host) => {
      const runs: Ran[] = [];
      for (let id = 1; id <= 3; id += 1) {
        runs.push(await host.run({ id }));
        host.passSeconds(61);
      }

      expect(new Set(pids(runs)).size).toBe(1);
      expect(aws.requests.filter((request) => request.endsWith(host.functionArn))).toEqual([
        `GetFunction ${host.functionArn}`,
        `Download ${host.functionArn}`,
        `GetFunction ${host.functionArn}`,
        `GetFunction ${host.functionArn}`,
      ]);
    }));

  test.concurrent('a function that cannot be looked up again runs on as it was', () =>
    hosting(1, async (host) => {
      const first = await host.run({ id: 1 });
      host.deploy({ ...changedTo('new'), lookupFaults: ['AccessDeniedException'] });
      host.passSeconds(61);
      const second = await host.run({ id: 2 });
      host.passSeconds(61);
      const third = await host.run({ id: 3 });

      expect([first, second, third].map((ran) => ran.output?.code)).toEqual(['old', 'old', 'new']);
      expect(host.text()).toContain('"event":"function.check-failed"');
    }));

  test.concurrent('a run whose function cannot be fetched fails, and the next tries again', () =>
    hosting(1, async (host) => {
      host.deploy(undefined);
      const first = await host.run({ id: 1 });
      host.deploy(MANY);
      const second = await host.run({ id: 2 });

      expect(first).toEqual({
        requestId: 'request-1',
        error: { errorType: 'FUNCTION_NOT_FOUND', errorMessage: expect.stringContaining(host.functionArn) },
        isCold: false,
      });
      expect(second.output?.count).toBe(1);
    }));

  test.concurrent('a run that is interrupted may finish in the time that it has left, and the others go on', () =>
    hosting(2, async (host) => {
      const interrupted = host.run({ id: 1, behaviour: 'waits' });
      await handlerRuns(host);
      host.interrupt(1);
      const other = await host.run({ id: 2 });
      writeFileSync(path.join(host.folder, 'go'), '');

      expect([(await interrupted).output?.count, other.output?.count]).toEqual([1, 1]);
    }));

  test.concurrent('when the host is closed, no process of it is left', () =>
    hosting(2, async (host) => {
      const runs = await Promise.all([1, 2].map((id) => host.run({ id, behaviour: 'meets', parties: 2 })));
      const code = await host.close();

      expect(code).toBe(0);
      // Without their parent they are init's to collect, in its own time.
      const gone = await eventually('the end of both runtimes', async () => {
        const states = pids(runs).map((pid) => pid !== undefined && isGone(pid));
        return states.includes(false) ? undefined : states;
      });
      expect(gone).toEqual([true, true]);
    }));

  describe('an extension of a runtime that serves many runs', () => {
    const eventsOf = (host: HostProcess) =>
      host
        .text()
        .split('\n')
        .filter((line) => line.startsWith('recorder {"event"'))
        .map((line) => JSON.parse(line.slice('recorder '.length)).event)
        .map(({ eventType, requestId, shutdownReason }) => [eventType, requestId ?? shutdownReason]);

    test.concurrent('hears of each, and once of the end', () =>
      hosting(
        1,
        async (host) => {
          const first = await host.run({ id: 1 });
          const second = await host.run({ id: 2 });
          await host.close();

          expect(first.output?.pid).toBe(second.output?.pid);
          expect(eventsOf(host)).toEqual([
            ['INVOKE', 'request-1'],
            ['INVOKE', 'request-2'],
            ['SHUTDOWN', 'spindown'],
          ]);
        },
        extended('behaves'),
      ));

    test.concurrent('and dies after the answer does not change that answer, and its runtime is replaced', () =>
      hosting(1, async (host) => {
        host.deploy(extended('dies-once-when-told', host.folder));
        const first = await host.run({ id: 1 });
        writeFileSync(path.join(host.folder, 'die'), '');
        const second = await host.run({ id: 2 });

        expect([first.output?.count, second.output?.count]).toEqual([1, 1]);
        expect(second.output?.pid).not.toBe(first.output?.pid);
        expect(host.text()).toContain(
          '"event":"extension.failed","name":"recorder","errorType":"Extension.Crash","reason":"exit status 5"',
        );
      }));
  });
});

test('when the runner is killed, the container of its runtimes ends, and nothing that they started is left', () =>
  withHost(aws, { concurrency: 2, known: MANY, hasContainer: true }, async (host) => {
    const runs = await Promise.all([1, 2].map((id) => host.run({ id, behaviour: 'meets', parties: 2 })));
    host.destroy();

    expect(await host.container).toBe(0);
    await eventually('the end of both runtimes', async () =>
      pids(runs).every((pid) => pid !== undefined && isGone(pid)) ? true : undefined,
    );
  }));

/** Whether nothing is left of the process, which its parent has then heard of. */
function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}
