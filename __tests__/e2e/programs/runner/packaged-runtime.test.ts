import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { RuntimeProcess } from '../../../../handlers/runner/runtime-process';
import { startPackagedRuntime } from '../../../../handlers/runner/sidecar/packaged-runtime';
import { startText } from '../../../../handlers/runner/sidecar/start-text';

// The script of the second container, run by this machine's shell as the container's engine would.
const SCRIPT = path.resolve(__dirname, '../../../../handlers/runner/sidecar/start-runtime.sh');

jest.setTimeout(20_000);

describe('start-runtime.sh and the runner', () => {
  let control: string;
  let shell: ChildProcess;
  let ended: Promise<{ readonly code: number | null; readonly output: string }>;
  let seen: (text: string) => Promise<void>;

  beforeEach(() => {
    control = mkdtempSync(path.join(tmpdir(), 'overtime-control-'));
    shell = spawn('/bin/sh', [SCRIPT, control], {
      stdio: ['ignore', 'pipe', 'inherit'],
      // What a container's end ends with it, the end of this group does here.
      detached: true,
      env: { PATH: process.env['PATH'] },
    });
    let output = '';
    const waiting = new Set<() => void>();
    shell.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
      for (const check of waiting) {
        check();
      }
    });
    seen = (text) =>
      new Promise((resolve) => {
        const check = () => (output.includes(text) ? resolve() : undefined);
        waiting.add(check);
        check();
      });
    ended = new Promise((resolve) => shell.once('exit', (code) => resolve({ code, output })));
  });

  afterEach(async () => {
    try {
      process.kill(-(shell.pid ?? 0), 'SIGKILL');
    } catch {
      // All of the group has ended.
    }
    await rm(control, { recursive: true, force: true });
  });

  const start = (program: string, variables: Readonly<Record<string, string>> = {}): Promise<RuntimeProcess> =>
    startPackagedRuntime(control, startText({ file: '/bin/sh', args: ['-c', program] }, variables));

  test('a runtime gets its environment and says how it ended, and its container outlives it until the runner lets go', async () => {
    const runtime = await start('echo "$TITLE"; exit 3', { TITLE: "it's $HERE" });

    expect(await runtime.exited).toEqual({ kind: 'exited', code: 3, signal: null });
    expect(shell.exitCode).toBeNull();
    runtime.kill();
    expect(await ended).toEqual({ code: 0, output: "it's $HERE\n" });
  });

  test('a runtime that is killed says by which signal', async () => {
    const runtime = await start('kill -KILL $$');

    expect(await runtime.exited).toEqual({ kind: 'exited', code: null, signal: 'SIGKILL' });
    runtime.kill();
  });

  test('a program that is not there is an exit', async () => {
    const runtime = await startPackagedRuntime(control, startText({ file: '/no/such/bootstrap', args: [] }, {}));

    expect(await runtime.exited).toEqual({ kind: 'exited', code: 127, signal: null });
    runtime.kill();
  });

  test('SIGTERM leaves a runtime running, for as long as the runner gives it', async () => {
    const runtime = await start('trap "echo a signal" TERM; echo up; while :; do sleep 1; done');
    await seen('up');
    shell.kill('SIGTERM');
    runtime.kill();

    expect(await ended).toEqual({ code: 0, output: 'up\n' });
  });

  test('before there is anything to run, SIGTERM ends the container', async () => {
    // The shell sets its trap before it looks for the pipe; a signal that comes earlier ends it too, with 143.
    shell.kill('SIGTERM');

    expect([0, null]).toContain((await ended).code);
  });

  test('a runner that lets go before the container is up leaves it nothing to start', async () => {
    shell.kill('SIGSTOP');
    const runtime = await start('echo started');
    runtime.kill();
    shell.kill('SIGCONT');
    shell.kill('SIGTERM');

    expect((await ended).output).toBe('');
  });
});
