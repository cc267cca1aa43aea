import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { environmentKey, providePython } from '../../local/python-environment';

/** Stands where Python stands: answers the version, makes an "environment" whose pip takes note of its call. */
const PYTHON = `#!/bin/sh
case "$1" in
  -c) echo 3.12.1 ;;
  -m) mkdir -p "$3/bin" && printf '#!/bin/sh\\necho Collecting everything\\n[ -z "$PIP_FAILS" ] || { echo no index >&2; exit 1; }\\n' > "$3/bin/python" && chmod +x "$3/bin/python" ;;
esac
`;

describe('the Python environment', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'overtime-python-'));
  const commands = path.join(directory, 'commands');

  beforeAll(() => {
    mkdirSync(commands);
    writeFileSync(path.join(commands, 'python3'), PYTHON);
    chmodSync(path.join(commands, 'python3'), 0o755);
  });

  afterAll(() => rmSync(directory, { recursive: true }));

  const provide = (cache: string, env: NodeJS.ProcessEnv = {}, lines: string[] = []) =>
    providePython({
      cacheDirectory: path.join(directory, cache),
      env: { PATH: `${commands}:/usr/bin:/bin`, ...env },
      onProgress: (line) => lines.push(line),
    });

  test.each([
    ['requirements', environmentKey('b', '3.12.1', 'linux-x64')],
    ['version of Python', environmentKey('a', '3.12.2', 'linux-x64')],
    ['kind of machine', environmentKey('a', '3.12.1', 'linux-arm64')],
  ])('another %s is another environment', (_, key) => {
    expect(key).not.toBe(environmentKey('a', '3.12.1', 'linux-x64'));
  });

  test('is made once, says what it does, and is used again', async () => {
    const lines: string[] = [];
    const made = await provide('once', {}, lines);
    const again: string[] = [];

    expect(await provide('once', {}, again)).toBe(made);
    expect([existsSync(made), lines.at(-1), again]).toEqual([true, 'Collecting everything', []]);
  });

  test('asked for several times at once it is made whole, and nothing half made stays', async () => {
    const made = await Promise.all([provide('many'), provide('many'), provide('many')]);

    expect(new Set(made).size).toBe(1);
    expect(readdirSync(path.join(directory, 'many/python'))).toEqual([
      path.basename(path.resolve(made[0] ?? '', '../..')),
    ]);
  });

  test('whose Python was uninstalled is made again', async () => {
    const made = await provide('broken');
    rmSync(made);

    expect(await provide('broken')).toBe(made);
    expect(existsSync(made)).toBe(true);
  });

  test('that pip cannot fill leaves nothing behind, and says why and what to do', async () => {
    await expect(provide('failed', { PIP_FAILS: '1' })).rejects.toMatchObject({
      code: 'PYTHON_ENVIRONMENT',
      message: expect.stringMatching(/ended with 1: pip must reach a package index .*\n(.*\n)*no index$/),
    });
    expect(readdirSync(path.join(directory, 'failed/python'))).toEqual([]);
  });

  test('without a Python it names the fix', async () => {
    await expect(provide('none', { PATH: path.join(directory, 'nothing') })).rejects.toThrow(
      'The local AWS needs Python 3.10 or newer, and no Python is on the PATH: install one',
    );
  });
});
