import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { processTable } from '../../../../handlers/runner/process-table';
import type { RuntimeProcess } from '../../../../handlers/runner/runtime-process';
import { RuntimeSupervisor } from '../../../../handlers/runner/sidecar/runtime-supervisor';
import { eventually } from '../../../support/eventually';

// The script of the second container, run by this machine's shells as the container's engine would.
const SCRIPT = path.resolve(__dirname, '../../../../handlers/runner/sidecar/supervise-runtimes.sh');

const FIRST = '127.0.0.1:9001';
const SECOND = '127.0.0.1:90010';

const KILLED = { kind: 'exited', code: null, signal: 'SIGKILL' };

jest.setTimeout(600_000);

// AWS's images have Bash as their sh.
describe.each(['/bin/sh', '/bin/bash'])('supervise-runtimes.sh, run by %s, and the runner', (program) => {
  let control: string;
  let shell: ChildProcess;
  let ended: Promise<{ readonly code: number | null; readonly output: string; readonly errors: string }>;
  let seen: (text: string | RegExp) => Promise<RegExpMatchArray>;
  let supervisor: RuntimeSupervisor;

  beforeEach(async () => {
    control = mkdtempSync(path.join(tmpdir(), 'overtime-control-'));
    shell = spawn(program, [SCRIPT, control], {
      argv0: 'sh',
      stdio: ['ignore', 'pipe', 'pipe'],
      // What a container's end ends with it, the end of this group does here.
      detached: true,
      env: { PATH: process.env['PATH'] },
    });
    const texts = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      shell[name]?.on('data', (chunk: Buffer) => {
        texts[name] += chunk.toString('utf8');
      });
    }
    seen = (text) => eventually(`the text ${text}`, async () => texts.stdout.match(text) ?? undefined);
    ended = new Promise((resolve) =>
      shell.once('close', (code) => resolve({ code, output: texts.stdout, errors: texts.stderr })),
    );
  });

  afterEach(async () => {
    try {
      process.kill(-(shell.pid ?? 0), 'SIGKILL');
    } catch {
      // All of the group has ended.
    }
    await rm(control, { recursive: true, force: true });
  });

  const start = (text: string, variables = {}, address = FIRST): RuntimeProcess =>
    supervisor.start(address, {
      command: { file: '/bin/sh', args: ['-c', text] },
      environment: { PATH: process.env['PATH'] ?? '', AWS_LAMBDA_RUNTIME_API: address, ...variables },
      folder: control,
    });

  describe('once the runner is there', () => {
    beforeEach(async () => {
      supervisor = await RuntimeSupervisor.open(control);
    });

    test('a runtime has its environment and folder, and says how it ended; its container lives on and runs the next', async () => {
      const runtime = start('echo "$TITLE in $(pwd)"; echo trouble >&2; exit 3', { TITLE: "it's $HERE", UID: '7' });

      expect(await runtime.exited).toEqual({ kind: 'exited', code: 3, signal: null });
      expect(await start('echo next; exit 4').exited).toEqual({ kind: 'exited', code: 4, signal: null });
      expect(shell.exitCode).toBeNull();
      shell.kill('SIGKILL');
      expect(await ended).toMatchObject({ output: `it's $HERE in ${control}\nnext\n`, errors: 'trouble\n' });
    });

    test('a runtime that is killed says by which signal', async () => {
      expect(await start('kill -KILL $$').exited).toEqual(KILLED);
    });

    test('a program that is not there, or cannot be executed, is not started', async () => {
      const file = path.join(control, 'text');
      writeFileSync(file, 'echo started', { mode: 0o644 });
      const launch = (name: string) =>
        supervisor.start(FIRST, { command: { file: name, args: [] }, environment: {}, folder: '/' }).exited;

      expect(await Promise.all([launch('/no/such'), launch(file)])).toMatchObject([
        { kind: 'not-started', code: 'ENOENT' },
        { kind: 'not-started', code: 'EACCES' },
      ]);
    });

    test('runtimes side by side end each for itself, and one that is gone has left none of its processes', async () => {
      const other = start('echo other $$; exec sleep 100', {}, SECOND);
      const runtime = start(
        'setsid sleep 101 & echo child $!; (setsid env -i /bin/sleep 102 & echo bare $!); ' +
          '(sleep 103 & echo orphan $!); exec sleep 104',
      );
      // The second has lost its parent and all that shows whose it was; the first still has its parent.
      const pids = await Promise.all(['child', 'orphan', 'other'].map((name) => pidOf(name)));
      runtime.kill();
      await runtime.closed;

      expect(pids.map(isAlive)).toEqual([false, false, true]);
      expect(await runtime.exited).toEqual(KILLED);
      other.kill();
      await other.closed;
      expect(pids.map(isAlive)).toEqual([false, false, false]);
      process.kill(await pidOf('bare'), 'SIGKILL');
      shell.kill('SIGKILL');
      expect((await ended).errors).toBe('');
    });

    test('of two that share a Runtime API, one is told to end, or killed, without the other', async () => {
      const [runtime, extension] = [1, 2].map((name) =>
        start(`trap 'echo ${name} was told; exit 5' TERM; echo ${name} up; while :; do sleep 0.1; done`),
      ) as [RuntimeProcess, RuntimeProcess];
      await Promise.all([seen('1 up'), seen('2 up')]);
      extension.signal('SIGTERM');

      expect(await extension.exited).toEqual({ kind: 'exited', code: 5, signal: null });
      await start('exit 0').exited;
      runtime.signal('SIGKILL');
      expect(await runtime.exited).toEqual(KILLED);
      shell.kill('SIGKILL');
      expect((await ended).output).not.toContain('1 was told');
    });

    test('SIGTERM leaves a runtime running, and orders are taken as before', async () => {
      const runtime = start('trap "echo a signal" TERM; echo up; while :; do sleep 0.1; done');
      await seen('up');
      shell.kill('SIGTERM');

      expect(await start('exit 6').exited).toEqual({ kind: 'exited', code: 6, signal: null });
      runtime.kill();
      await runtime.closed;
      shell.kill('SIGKILL');
      expect((await ended).output).toBe('up\n');
    });
  });

  test('before the runner is there, SIGTERM ends the container', async () => {
    // The shell sets its trap before it looks for the pipe; a signal that comes earlier ends it too, with 143.
    shell.kill('SIGTERM');

    expect([0, null]).toContain((await ended).code);
  });

  test('what the runner has given up before the container is up is not started', async () => {
    shell.kill('SIGSTOP');
    supervisor = await RuntimeSupervisor.open(control);
    const runtime = start('echo started');
    runtime.kill();
    await runtime.closed;
    shell.kill('SIGCONT');

    expect(await start('echo the next').exited).toEqual({ kind: 'exited', code: 0, signal: null });
    shell.kill('SIGKILL');
    expect((await ended).output).toBe('the next\n');
  });

  const pidOf = async (name: string) => Number((await seen(new RegExp(`^${name} (\\d+)$`, 'm')))[1]);
});

/** Whether the process runs; one that only waits to be collected does not. */
function isAlive(pid: number): boolean {
  return processTable().some((row) => row.pid === pid);
}
