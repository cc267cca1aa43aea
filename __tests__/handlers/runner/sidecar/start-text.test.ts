// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the text is a shell's

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { exitOfStatus, handedVariables, startWords } from '../../../../handlers/runner/sidecar/start-text';

/** What a program has in its environment and as its words that a shell starts as supervise-runtimes.sh does. */
function startedByShell(shell: string, words: string) {
  const program = `overtime_newline='\n'; read -r words; eval "set -- $words"; shift 2; exec /usr/bin/env -- "$@"`;
  const { stdout } = spawnSync(shell, ['-c', program], { env: {}, argv0: 'sh', encoding: 'utf8', input: `${words}\n` });
  return JSON.parse(stdout) as { readonly words: readonly string[]; readonly variables: Record<string, string> };
}

const SEEN = 'JSON.stringify({ words: process.argv.slice(1), variables: process.env })';

const command = (...args: readonly string[]) => ({ file: process.execPath, args: ['-p', SEEN, '--', ...args] });

describe.each(['/bin/sh', '/bin/bash'])('%s', (shell) => {
  test('takes every value as it is, and the command with its words', () => {
    const environment = {
      _HANDLER: 'app.handler',
      EMPTY: '',
      LINES: 'one\ntwo\n\n',
      BLANKS: ' \t x \t ',
      QUOTES: `'one' "two" \`three\` 'four`,
      DOLLARS: '$HOME $(id) ${PATH} \\ \\n',
      UNICODE: 'grüße, 世界 \u{1f680}',
    };

    const seen = startedByShell(shell, startWords({ folder: '/x y', command: command("it's", 'x y '), environment }));

    expect(seen.words).toEqual(["it's", 'x y ']);
    expect(seen.variables).toMatchObject(environment);
  });

  test('passes on a variable whose name it keeps to itself, or that no shell takes', () => {
    const environment = { UID: '7', PPID: '8', SHELLOPTS: '9', 'with.dot': 'a', '-x': 'b', 'A;id': 'c' };

    const seen = startedByShell(shell, startWords({ folder: '/', command: command(), environment }));

    expect(seen.variables).toMatchObject(environment);
  });

  test('starts a program whose name looks like a variable', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'overtime-start-'));
    const file = path.join(folder, 'a=b');
    symlinkSync(process.execPath, file);

    const seen = startedByShell(
      shell,
      startWords({ folder, command: { ...command('c'), file }, environment: { A: '1' } }),
    );

    rmSync(folder, { recursive: true });
    expect([seen.words, seen.variables['A']]).toEqual([['c'], '1']);
  });
});

test('what belongs to the container stays its own: the paths of its image and its part of the task', () => {
  const variables = {
    TITLE: 'x',
    PATH: '/bin',
    LD_LIBRARY_PATH: '/lib',
    AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/other',
    ECS_CONTAINER_METADATA_URI_V4: 'http://other',
  };

  expect(handedVariables(variables, {})).toEqual({ TITLE: 'x' });
});

test('a function that sets a path itself gets it', () => {
  expect(handedVariables({ PATH: '/mine', LD_LIBRARY_PATH: '/lib' }, { PATH: '/mine' })).toEqual({ PATH: '/mine' });
});

test.each([
  [0, { code: 0, signal: null }],
  [3, { code: 3, signal: null }],
  [128, { code: 128, signal: null }],
  [129, { code: 129, signal: null }],
  [137, { code: null, signal: 'SIGKILL' }],
  [139, { code: null, signal: 'SIGSEGV' }],
  [143, { code: null, signal: 'SIGTERM' }],
])('the status %d is the end %j', (status, end) => {
  expect(exitOfStatus(status)).toEqual({ kind: 'exited', ...end });
});
