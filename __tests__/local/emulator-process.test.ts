import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EmulatorProcess } from '../../local/emulator-process';

describe('the process of the emulator', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'overtime-emulator-'));
  const health = createServer((_, response) => response.end('{}'));
  let endpoint: string;

  beforeAll(async () => {
    await new Promise<void>((resolve) => health.listen(0, '127.0.0.1', resolve));
    endpoint = `http://127.0.0.1:${(health.address() as AddressInfo).port}`;
  });

  afterAll(() => {
    health.close();
    health.closeAllConnections();
    rmSync(directory, { recursive: true });
  });

  /** Starts a shell script in the place of Python. */
  const start = (name: string, script: string, more: object = {}) => {
    const python = path.join(directory, name);
    writeFileSync(python, `#!/bin/sh\n${script}\n`);
    chmodSync(python, 0o755);
    return EmulatorProcess.start({
      python,
      environment: { PATH: String(process.env['PATH']), NAME: name },
      endpoint,
      logFile: path.join(directory, `${name}.log`),
      directory,
      ...more,
    });
  };

  test('that ends at once is an error with its last words', async () => {
    const noneThere = { endpoint: 'http://127.0.0.1:1' };

    await expect(start('dies', 'echo first; echo port already in use >&2; exit 1', noneThere)).rejects.toMatchObject({
      code: 'EMULATOR_ENDED',
      message: 'The emulator ended before it was ready. Its last words:\nfirst\nport already in use',
    });
  });

  test('whose Python is gone is an error that says so', async () => {
    await expect(
      start('gone', '', { python: '/nowhere/python', endpoint: 'http://127.0.0.1:1' }),
    ).rejects.toMatchObject({
      code: 'EMULATOR_ENDED',
      message: 'The emulator cannot be started: spawn /nowhere/python ENOENT',
    });
  });

  test('hears of process groups, and of the end, on its input', async () => {
    const heard = path.join(directory, 'heard');
    const emulator = await start('hears', `cat > ${heard}`);

    emulator.tell('group', 42);
    emulator.tell('ended', 42);
    await emulator.stop();

    expect(readFileSync(heard, 'utf8')).toBe('group 42\nended 42\n');
  });

  test('can be given up while it starts', async () => {
    const aborted = { endpoint: 'http://127.0.0.1:1', signal: AbortSignal.abort(new Error('given up')) };

    await expect(start('slow', 'cat', aborted)).rejects.toThrow('given up');
  });
});
