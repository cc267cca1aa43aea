import type { Picture } from '../../pictures/picture';
import { picturesCommand } from '../../pictures/pictures-command';

const picture = (name: string): Picture => ({ name, title: name, description: name, parts: {}, arrows: [] });

/** A folder with these files, and what the command says and writes there. */
async function run(args: readonly string[], files: Readonly<Record<string, string>>) {
  const said: string[] = [];
  const kept = new Map(Object.entries(files));
  const exitCode = await picturesCommand(args, {
    pictures: [picture('one'), picture('two')],
    folder: {
      list: () => [...kept.keys()],
      read: (file) => kept.get(file) ?? '',
      write: (file, text) => kept.set(file, text),
    },
    draw: ({ name }) => Promise.resolve(`<svg>${name}</svg>`),
    say: (line) => said.push(line),
  });
  return { exitCode, said, files: Object.fromEntries(kept) };
}

const DRAWN = { 'one.svg': '<svg>one</svg>', 'two.svg': '<svg>two</svg>' };

test('draws what is missing or stale, and leaves the others alone', async () => {
  expect(await run([], { 'one.svg': '<svg>old</svg>' })).toEqual({
    exitCode: 0,
    said: ['docs/pictures/one.svg drawn', 'docs/pictures/two.svg drawn'],
    files: DRAWN,
  });
  expect(await run([], DRAWN)).toEqual({ exitCode: 0, said: [], files: DRAWN });
});

test('--check names what is missing or stale, and writes nothing', async () => {
  const files = { 'one.svg': '<svg>old</svg>' };

  expect(await run(['--check'], files)).toEqual({
    exitCode: 1,
    said: [
      'docs/pictures/one.svg is not what pictures/ draws',
      'docs/pictures/two.svg is not what pictures/ draws',
      'Run npm run pictures and commit what it writes.',
    ],
    files,
  });
  expect(await run(['--check'], DRAWN)).toEqual({ exitCode: 0, said: [], files: DRAWN });
});

test('a file that belongs to no picture fails either way', async () => {
  const files = { ...DRAWN, 'three.svg': '' };
  const expected = { exitCode: 1, said: ['docs/pictures/three.svg belongs to no picture: remove it'], files };

  expect(await run([], files)).toEqual(expected);
  expect(await run(['--check'], files)).toEqual(expected);
});

test('refuses an option that it does not know', async () => {
  expect(await run(['--chek'], DRAWN)).toEqual({
    exitCode: 2,
    said: ['npm run pictures knows no --chek, only --check.'],
    files: DRAWN,
  });
});
