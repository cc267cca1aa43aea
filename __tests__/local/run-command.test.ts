import { runCommand } from '../../local/run-command';

const node = (code: string, options: Partial<Parameters<typeof runCommand>[2]> = {}) =>
  runCommand(process.execPath, ['-e', code], { env: {}, ...options });

describe('a command', () => {
  test('answers with its exit code and both streams', async () => {
    const result = await node('console.log("out"); console.error("err"); process.exitCode = 3');

    expect(result).toEqual({ exitCode: 3, stdout: 'out', stderr: 'err' });
  });

  test('has only the environment that it was given', async () => {
    const result = await node('console.log(JSON.stringify(process.env))', { env: { ONLY: 'this' } });

    expect(JSON.parse(result.stdout)).toEqual({ ONLY: 'this' });
  });

  test('passes on each line as it comes', async () => {
    const lines: string[] = [];

    await node('console.log("one\\ntwo")', { onLine: (line) => lines.push(line) });

    expect(lines).toEqual(['one', 'two']);
  });

  test('ends with 128 and the number of the signal that killed it', async () => {
    expect((await node('process.kill(process.pid, "SIGKILL")')).exitCode).toBe(137);
  });

  test('is interrupted when its caller aborts', async () => {
    const abort = new AbortController();
    const running = node(
      'process.on("SIGINT", () => process.exit(7)); console.log("up"); setInterval(() => {}, 1000)',
      {
        signal: abort.signal,
        onLine: () => abort.abort(),
      },
    );

    expect((await running).exitCode).toBe(7);
  });

  test('that does not exist is an error which names it', async () => {
    await expect(runCommand('no-such-program', [], { env: {} })).rejects.toThrow(
      /^no-such-program could not be started/,
    );
  });
});
