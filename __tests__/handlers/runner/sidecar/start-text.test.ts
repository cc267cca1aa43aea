// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the text is a shell's

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { exitOfStatus, handedVariables, startText } from '../../../../handlers/runner/sidecar/start-text';

/** What a shell that has read the text has in its environment, and as positional parameters. */
function readByShell(text: string) {
  const folder = mkdtempSync(path.join(tmpdir(), 'overtime-start-'));
  try {
    const file = path.join(folder, 'start');
    writeFileSync(file, text);
    const { stdout } = spawnSync('/bin/sh', ['-c', PROGRAM, 'start', file, process.execPath], {
      env: {},
      encoding: 'utf8',
    });
    return JSON.parse(stdout) as { readonly words: readonly string[]; readonly variables: Record<string, string> };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const PROGRAM =
  'node=$2; . "$1"; exec "$node" -p "JSON.stringify({ words: process.argv.slice(1), variables: process.env })" "$@"';

test('a shell takes every value as it is, and the command as its parameters', () => {
  const variables = {
    _HANDLER: 'app.handler',
    EMPTY: '',
    LINES: 'one\ntwo\n\n',
    QUOTES: `'one' "two" \`three\` 'four`,
    DOLLARS: '$HOME $(id) ${PATH} \\ \\n',
    UNICODE: 'grüße, 世界 \u{1f680}',
  };

  const read = readByShell(startText({ file: '/var/run time/bootstrap', args: ["it's", 'x y'] }, variables));

  expect(read.words).toEqual(['/var/run time/bootstrap', "it's", 'x y']);
  expect(read.variables).toMatchObject(variables);
});

test('a name that would be a command to the shell is left out', () => {
  expect(startText({ file: '/b', args: [] }, { 'A;id': '1', '1A': '2', A1: '3' })).toBe("export A1='3'\nset -- '/b'\n");
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
