import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type ContainerEngine, startContainerEngine } from '../../../../local/docker-api/server';
import { eventually } from '../../../support/eventually';

// Each container is a real process, which a busy machine may make slow.
jest.setTimeout(600_000);

interface Answer {
  readonly status: number;
  readonly bytes: Buffer;
  readonly json: () => Record<string, never>;
}

const NODE = { entrypoint: [process.execPath, '-e'] as const, environment: { FROM_IMAGE: '1' } };

const STUBBORN = "process.on('SIGTERM', () => {}); process.stdout.write('ready\\n'); setInterval(() => {}, 1000);";

describe('the container engine of processes', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'overtime-engine-'));
  const containers = path.join(directory, 'containers');
  const socketPath = path.join(directory, 'engine.sock');
  const groups: string[] = [];
  let engine: ContainerEngine;

  beforeAll(async () => {
    engine = await startContainerEngine({
      socketPath,
      directory: containers,
      searchPath: String(process.env['PATH']),
      now: () => new Date(),
      onGroup: (event, pid) => groups.push(`${event} ${pid}`),
    });
    engine.addImages({ node: NODE, missing: { entrypoint: ['/nowhere/program'], environment: {} } });
  });

  afterAll(async () => {
    await engine.stop();
    rmSync(directory, { recursive: true });
  });

  const call = (method: string, url: string, body?: unknown): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const sent = request({ socketPath, method, path: url }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const bytes = Buffer.concat(chunks);
          resolve({ status: response.statusCode ?? 0, bytes, json: () => JSON.parse(bytes.toString()) });
        });
      });
      sent.once('error', reject);
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });

  const create = async (script: string, more: object = {}, query = ''): Promise<string> => {
    const created = await call('POST', `/v1.41/containers/create${query}`, { Image: 'node', Cmd: [script], ...more });
    expect(created.status).toBe(201);
    return created.json()['Id'] as unknown as string;
  };

  const run = async (script: string, more: object = {}): Promise<string> => {
    const id = await create(script, more);
    expect((await call('POST', `/v1.41/containers/${id}/start`)).status).toBe(204);
    return id;
  };

  const waitFor = async (id: string) => (await call('POST', `/v1.41/containers/${id}/wait`)).json();

  const logs = async (id: string, query: string) =>
    frames((await call('GET', `/v1.41/containers/${id}/logs?${query}`)).bytes);

  /** The main process of a running container. */
  const pidOf = async (id: string) => {
    const { State } = (await call('GET', `/v1.41/containers/${id}/json`)).json() as unknown as {
      State: { Pid: number };
    };
    return State.Pid;
  };

  /** Returns when the program has said that it is there. */
  const ready = (id: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const sent = request({ socketPath, path: `/containers/${id}/logs?stdout=1&follow=1` }, (response) => {
        response.once('data', () => {
          response.destroy();
          resolve();
        });
      });
      sent.once('error', reject);
      sent.end();
    });

  test.each([0, 1, 42])('a program that ends with %d', async (exitCode) => {
    const id = await run(`process.exit(${exitCode})`);

    expect(await waitFor(id)).toEqual({ StatusCode: exitCode });
    const inspected = (await call('GET', `/containers/${id}/json`)).json();
    expect(inspected).toMatchObject({ Id: id, State: { Status: 'exited', ExitCode: exitCode, OOMKilled: false } });
  });

  test('a program that a signal ends has 128 and the number of the signal', async () => {
    const id = await run("process.kill(process.pid, 'SIGABRT'); setInterval(() => {}, 1000);");

    expect(await waitFor(id)).toEqual({ StatusCode: 134 });
  });

  test('the log keeps both streams apart, and follows to the end', async () => {
    const id = await run(
      "process.stdout.write('out\\n'); process.stderr.write('err\\n'); process.stdout.write('no end')",
    );

    const followed = await logs(id, 'stdout=1&stderr=1&follow=1');

    expect(followed.filter(({ stream }) => stream === 1).map(({ text }) => text)).toEqual(['out\n', 'no end']);
    expect(await logs(id, 'stderr=1')).toEqual([{ stream: 2, text: 'err\n' }]);
    expect(await logs(id, 'stdout=1&tail=1')).toEqual([{ stream: 1, text: 'no end' }]);
  });

  test('a program sees its variables and its folders, and nothing of ours', async () => {
    const script = 'console.log(JSON.stringify(process.env)); console.log(process.cwd())';
    const id = await run(script, { Env: ['FROM_DEFINITION=2'] });
    await waitFor(id);

    const [environment = '', cwd = ''] = (await logs(id, 'stdout=1')).map(({ text }) => text.trim());

    const own = path.join(containers, id.slice(0, 12));
    expect(JSON.parse(environment)).toEqual({
      PATH: process.env['PATH'],
      HOME: path.join(own, 'home'),
      TMPDIR: path.join(own, 'tmp'),
      OVERTIME_TASK_ROOT: path.join(own, 'task'),
      OVERTIME_LAYERS_ROOT: path.join(own, 'layers'),
      OVERTIME_WORK_ROOT: path.join(own, 'work'),
      FROM_IMAGE: '1',
      FROM_DEFINITION: '2',
    });
    expect(cwd).toBe(path.join(own, 'task'));
  });

  test('stop lets a program end in its own way', async () => {
    const id = await run(
      "process.on('SIGTERM', () => process.exit(7)); process.stdout.write('ready\\n'); setInterval(() => {}, 1000);",
    );
    await ready(id);

    expect((await call('POST', `/containers/${id}/stop?t=30`)).status).toBe(204);

    expect(await waitFor(id)).toEqual({ StatusCode: 7 });
  });

  test('stop kills a program that does not end in time', async () => {
    const id = await run(STUBBORN);
    await ready(id);

    const began = performance.now();
    await call('POST', `/containers/${id}/stop?t=1`);

    expect(performance.now() - began).toBeGreaterThanOrEqual(995);
    expect(await waitFor(id)).toEqual({ StatusCode: 137 });
  });

  test('stop of what has ended is answered with 304', async () => {
    const id = await run('');
    await waitFor(id);

    expect((await call('POST', `/containers/${id}/stop`)).status).toBe(304);
  });

  test.each([
    ['SIGKILL', 137],
    ['TERM', 143],
    ['2', 130],
  ])('kill with %s', async (signal, exitCode) => {
    const id = await run('setInterval(() => {}, 1000); process.stdout.write("ready\\n")');
    await ready(id);

    await call('POST', `/containers/${id}/kill?signal=${signal}`);

    expect(await waitFor(id)).toEqual({ StatusCode: exitCode });
  });

  test('what a program started ends with it', async () => {
    const script = `
      const child = require('node:child_process').spawn('sleep', ['600'], { stdio: 'inherit' });
      child.once('spawn', () => { console.log(child.pid); process.exit(0); });`;
    const id = await run(script);
    await waitFor(id);

    const [line] = await logs(id, 'stdout=1');

    // The kernel closes a killed process's files a moment before it is dead.
    await eventually('the end of the child', async () => (isAlive(Number(line?.text)) ? undefined : true));
  });

  test('somebody hears of each process group', async () => {
    const id = await run('process.stdout.write("ready\\n"); setInterval(() => {}, 1000)');
    await ready(id);
    const pid = await pidOf(id);
    const before = groups.filter((event) => event.endsWith(` ${pid}`));

    await call('POST', `/containers/${id}/kill`);
    await waitFor(id);

    expect([before, groups.filter((event) => event.endsWith(` ${pid}`))]).toEqual([
      [`group ${pid}`],
      [`group ${pid}`, `ended ${pid}`],
    ]);
  });

  test('a removed container leaves no folder, and is unknown', async () => {
    const id = await run(STUBBORN);
    await ready(id);
    const own = path.join(containers, id.slice(0, 12));
    const refused = await call('DELETE', `/containers/${id}`);
    const existed = existsSync(own);

    await call('DELETE', `/containers/${id}?force=True`);

    expect([refused.status, existed, existsSync(own)]).toEqual([409, true, false]);
    expect((await call('GET', `/containers/${id}/json`)).status).toBe(404);
  });

  test('the list answers the label filter of the Docker SDK', async () => {
    const id = await create('', { Labels: { only: 'this' } });
    const filters = encodeURIComponent(JSON.stringify({ label: ['only=this'] }));

    const listed = (await call('GET', `/containers/json?all=1&filters=${filters}`)).json();

    expect(listed).toEqual([expect.objectContaining({ Id: id, State: 'created', Labels: { only: 'this' } })]);
  });

  test.each([
    [
      'an unknown image',
      'POST',
      '/containers/create',
      { Image: 'nobody/nothing' },
      404,
      'No such image: nobody/nothing',
    ],
    [
      'a pull',
      'POST',
      '/images/create?fromImage=a&tag=1',
      undefined,
      404,
      expect.stringContaining('pull access denied for a'),
    ],
    ['an unknown container', 'POST', '/containers/abc/start', undefined, 404, 'No such container: abc'],
    ['a body that is no JSON object', 'POST', '/containers/create', [], 400, expect.stringContaining('Expected')],
    ['a call that containers do not need', 'GET', '/swarm', undefined, 404, 'This engine does not answer GET /swarm'],
  ])('%s is refused in the words of Docker', async (_, method, url, body, status, message) => {
    const answer = await call(method, url, body);

    expect([answer.status, answer.json()]).toEqual([status, { message }]);
  });

  test('a name in use is refused', async () => {
    await create('', {}, '?name=twice');

    expect((await call('POST', '/containers/create?name=twice', { Image: 'node' })).status).toBe(409);
  });

  test('a program that is not there fails the start', async () => {
    const created = await call('POST', '/containers/create', { Image: 'missing' });

    const started = await call('POST', `/containers/${created.json()['Id']}/start`);

    expect([started.status, started.json()]).toEqual([
      400,
      { message: expect.stringMatching(/^failed to create task for container: .*spawn \/nowhere\/program ENOENT$/) },
    ]);
  });

  test('the end of the engine ends what runs and leaves no folder', async () => {
    const other = await startContainerEngine({
      socketPath: path.join(directory, 'other.sock'),
      directory: path.join(directory, 'other'),
      searchPath: String(process.env['PATH']),
      now: () => new Date(),
      onGroup: (event, pid) => groups.push(`${event} ${pid} of the other`),
    });
    other.addImages({ node: NODE });
    const sendToOther = (method: string, url: string, body?: unknown) =>
      new Promise<string>((resolve, reject) => {
        const sent = request({ socketPath: path.join(directory, 'other.sock'), method, path: url }, (response) => {
          let text = '';
          response.on('data', (chunk) => {
            text += chunk;
          });
          response.on('end', () => resolve(text));
        });
        sent.once('error', reject);
        sent.end(body === undefined ? undefined : JSON.stringify(body));
      });
    const { Id } = JSON.parse(await sendToOther('POST', '/containers/create', { Image: 'node', Cmd: [STUBBORN] }));
    await sendToOther('POST', `/containers/${Id}/start`);

    await other.stop();

    const events = groups.filter((event) => event.endsWith('of the other')).map((event) => event.split(' ')[0]);
    expect([events, readdirSync(path.join(directory, 'other'))]).toEqual([['group', 'ended'], []]);
  });
});

function frames(bytes: Buffer): readonly { readonly stream: number; readonly text: string }[] {
  const found: { stream: number; text: string }[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + 8 + bytes.readUInt32BE(at + 4);
    found.push({ stream: bytes.readUInt8(at), text: bytes.toString('utf8', at + 8, end) });
    at = end;
  }
  return found;
}

/** A killed process whose parent has not asked for it yet is a zombie: dead all the same. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return !/^State:\s+[ZX]/m.test(readStatus(pid));
}

function readStatus(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return 'State: X';
  }
}
