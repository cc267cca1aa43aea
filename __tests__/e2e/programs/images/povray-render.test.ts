import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runCommand } from '../../../../local/run-command';
import { pngSize, povrayMissing, RENDER, SMALL, sceneFile } from '../../../support/povray';

// A busy machine may make POV-Ray slow.
jest.setTimeout(600_000);

const SCENE = `#version 3.7;
global_settings { assumed_gamma 1 }
#include "colors.inc"
light_source { <5, 5, -5> color White }
sphere { 0, 1 pigment { color Red } }
camera { location -4 * z look_at 0 }
`;

const SETTINGS = 'Input_File_Name=ball.pov\nWidth=20\nHeight=10\n';

interface Rendered {
  readonly exitCode: number;
  readonly stderr: string;
  /** What is left in the output folder, by its name. */
  readonly outputs: Readonly<Record<string, Buffer>>;
  readonly folder: string;
}

let folders: string[] = [];

afterEach(async () => {
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
  folders = [];
});

/** Renders what an archive of these files would leave in the input folder. */
async function render(
  files: Readonly<Record<string, string>>,
  { key = 'scenes/ball.zip', variables = {} }: { key?: string; variables?: Readonly<Record<string, string>> } = {},
): Promise<Rendered> {
  const folder = await mkdtemp(path.join(tmpdir(), 'overtime-render-'));
  folders.push(folder);
  const [input, output] = [path.join(folder, 'input'), path.join(folder, 'output')];
  await Promise.all([input, output].map((each) => mkdir(each)));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(input, name)), { recursive: true });
    await writeFile(path.join(input, name), text);
  }
  const { exitCode, stderr } = await runCommand(RENDER, [], {
    cwd: input,
    env: {
      PATH: process.env['PATH'],
      OVERTIME_OBJECT_KEY: key,
      OVERTIME_INPUT_FOLDER: input,
      OVERTIME_OUTPUT_FOLDER: output,
      OVERTIME_TASK_ID: 'task-1',
      ...variables,
    },
  });
  const names = await readdir(output);
  const outputs = await Promise.all(
    names.map(async (name) => [name, await readFile(path.join(output, name))] as const),
  );
  return { exitCode, stderr, outputs: Object.fromEntries(outputs), folder };
}

test('an archive without an .ini file is rejected: no other try will help', async () => {
  const { exitCode, stderr, outputs } = await render({ 'ball.pov': SCENE, 'notes.txt': 'ini' });

  expect([exitCode, stderr, outputs]).toEqual([
    3,
    'The archive holds no .ini file: pack the scene with the one .ini that says how to render it.',
    {},
  ]);
});

test('an archive with several .ini files is rejected, and they are named', async () => {
  const { exitCode, stderr, outputs } = await render({
    'a.ini': SETTINGS,
    'deep/b c.INI': SETTINGS,
    'ball.pov': SCENE,
  });

  expect([exitCode, stderr.trimEnd(), outputs]).toEqual([
    3,
    'The archive holds more than one .ini file, pack one of these: ./a.ini ./deep/b c.INI',
    {},
  ]);
});

const title = `with POV-Ray${povrayMissing === undefined ? '' : `: ${povrayMissing}`}`;

(povrayMissing === undefined ? describe : describe.skip)(title, () => {
  test('the scene of the example, small, becomes a picture with the name of its archive', async () => {
    const files = { 'hourglass.pov': sceneFile('hourglass.pov'), 'small.ini': sceneFile('small.ini') };
    const { exitCode, outputs } = await render(files, { key: 'scenes/hourglass.zip' });

    expect([exitCode, Object.keys(outputs)]).toEqual([0, ['hourglass.png']]);
    expect(pngSize(outputs['hourglass.png'] ?? Buffer.of())).toEqual(SMALL);
  });

  test.each([
    { where: 'in a folder', folder: 'ball/' },
    { where: 'in folders with spaces', folder: 'my scenes/the ball/' },
  ])('the .ini lies $where, with what it names beside it', async ({ folder }) => {
    const { exitCode, outputs } = await render({ [`${folder}my ball.ini`]: SETTINGS, [`${folder}ball.pov`]: SCENE });

    expect([exitCode, Object.keys(outputs)]).toEqual([0, ['ball.png']]);
    expect(pngSize(outputs['ball.png'] ?? Buffer.of())).toEqual({ width: 20, height: 10 });
  });

  test.each([
    { key: 'ball.zip', picture: 'ball.png' },
    { key: 'a/b/The Ball, v1.2.ZIP', picture: 'The Ball, v1.2.png' },
    { key: '-grüße-$(touch x).zip', picture: '-grüße-$(touch x).png' },
  ])('the picture of $key is $picture', async ({ key, picture }) => {
    const { exitCode, outputs } = await render({ 'ball.ini': SETTINGS, 'ball.pov': SCENE }, { key });

    expect([exitCode, Object.keys(outputs)]).toEqual([0, [picture]]);
  });

  test('what macOS adds to an archive is no second .ini', async () => {
    const { exitCode } = await render({
      'ball.ini': SETTINGS,
      'ball.pov': SCENE,
      '__MACOSX/._ball.ini': 'x',
      '__MACOSX/ball.ini': 'x',
      '._ball.ini': 'x',
    });

    expect(exitCode).toBe(0);
  });

  test('a scene with an error fails, with POV-Ray’s words and without those about POV-Ray', async () => {
    const { exitCode, stderr } = await render({ 'ball.ini': SETTINGS, 'ball.pov': `${SCENE}sphere { oops }` });

    expect(exitCode).toBe(1);
    expect(stderr).toContain("File 'ball.pov' line 7: Parse Error: Expected 'numeric expression', undeclared");
    expect(stderr.split('\n')).toEqual([expect.stringMatching(/^====.*Parsing/), ...Array(4).fill(expect.any(String))]);
  });

  test('an .ini that POV-Ray does not understand fails, with its words', async () => {
    const { exitCode, stderr } = await render({ 'ball.ini': `${SETTINGS}Colour=Mauve\n`, 'ball.pov': SCENE });

    expect([exitCode, stderr.trimEnd().split('\n').at(-1)]).toEqual([1, 'Failed to parse INI file']);
  });

  test.each([
    'Output_File_Name=../elsewhere.png',
    'Output_File_Type=J',
    'Output_to_File=Off',
    'Continue_Trace=On',
    'Display=On',
    'Final_Frame=3',
    'All_Console=On',
    'Verbose=On',
  ])('%s in an .ini changes nothing: there is one PNG', async (line) => {
    const { exitCode, outputs, folder } = await render({ 'ball.ini': `${SETTINGS}${line}\n`, 'ball.pov': SCENE });

    expect([exitCode, Object.keys(outputs)]).toEqual([0, ['ball.png']]);
    expect(pngSize(outputs['ball.png'] ?? Buffer.of())).toEqual({ width: 20, height: 10 });
    expect(await readdir(folder)).toEqual(['input', 'output']);
  });

  test('what a scene writes into the output folder is no output', async () => {
    const written = ['other.zip', 'index.html', '[b]all.png'].map(
      (name) => `#fopen It "../output/${name}" write\n#write(It, "mine")\n#fclose It\n`,
    );
    const { exitCode, outputs, folder } = await render(
      { 'ball.ini': SETTINGS, 'ball.pov': `${SCENE}${written.join('')}#fopen It "../proof" write\n#fclose It\n` },
      { key: 'scenes/[b]*.zip' },
    );

    expect([exitCode, Object.keys(outputs)]).toEqual([0, ['[b]*.png']]);
    // That scenes write at all, so that the folder had more in it.
    expect(existsSync(path.join(folder, 'proof'))).toBe(true);
  });

  test('a command in an .ini is not run', async () => {
    const { exitCode, folder } = await render({
      'ball.ini': `${SETTINGS}Pre_Scene_Command=touch ran\nPost_Scene_Command=touch ran\n`,
      'ball.pov': SCENE,
    });

    expect([exitCode, existsSync(path.join(folder, 'input/ran'))]).toEqual([0, false]);
  });
});

test('POV-Ray has no variable but the path, the name of the task, its settings and a folder', async () => {
  const programs = await mkdtemp(path.join(tmpdir(), 'overtime-povray-'));
  folders.push(programs);
  const standIn = path.join(programs, 'povray');
  await writeFile(standIn, '#!/bin/sh\ntr "\\0" "\\n" < "/proc/$$/environ"\n');
  await chmod(standIn, 0o755);
  const searchPath = `${programs}:${process.env['PATH']}`;
  const { exitCode, outputs, folder } = await render(
    { 'dir/ball.ini': SETTINGS },
    { variables: { PATH: searchPath, AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/v2/credentials', SECRET: 'yes' } },
  );

  expect(exitCode).toBe(0);
  expect(outputs['ball.png']?.toString('utf8').trim().split('\n').sort()).toEqual([
    'OVERTIME_TASK_ID=task-1',
    `PATH=${searchPath}`,
    'POVINI=./ball.ini',
    `POV_TEMP_DIR=${path.join(folder, 'input/dir')}`,
  ]);
});
