import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PICTURES } from '../../pictures/catalogue';
import type { Made, Picture } from '../../pictures/picture';
import { fileOf } from '../../pictures/pictures-command';
import { committedModules } from '../../stacks/committed-modules';
import { MODULE_DEFINITIONS } from '../../stacks/module-catalogue';
import { readModule } from '../support/generated-module';

const ROOT = path.resolve(__dirname, '../..');
const generated = committedModules();
const MODULES = MODULE_DEFINITIONS.map(({ name }) => name);

const README = readFileSync(path.join(ROOT, 'README.md'), 'utf8');

/** The pictures of a page, or those with this text in their place. */
function imagesOf(page: string, text?: string): readonly string[] {
  return [...page.matchAll(/!\[([^\]]+)\]\(([^)]+)\)/g)]
    .filter(([, alternative]) => text === undefined || alternative === text)
    .map(([, , file = '']) => file);
}

/** All that a picture says a module makes. */
function madeIn({ parts, frames = [] }: Picture): readonly Made[] {
  return [...Object.values(parts), ...frames].flatMap((one) =>
    'made' in one && one.made !== undefined ? [one.made] : [],
  );
}

test('npm run pictures -- --check finds in docs/pictures what pictures/ draws, byte by byte, and nothing else', () => {
  const { status, stdout, stderr } = spawnSync(
    path.join(ROOT, 'node_modules/.bin/tsx'),
    ['pictures/write-pictures.ts', '--check'],
    { cwd: ROOT, encoding: 'utf8', env: { ...process.env, TZ: 'Pacific/Apia', LANG: 'tr_TR.UTF-8' } },
  );

  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
});

describe.each(PICTURES)('the picture $name', (picture) => {
  const ids = Object.keys(picture.parts);

  test('says of nothing that a module makes it which is not in that module', () => {
    const wrong = madeIn(picture).filter(
      ({ module, address }) =>
        !MODULES.includes(module) ||
        (address !== undefined && !readModule(generated, module).addresses.includes(address)),
    );

    expect(wrong).toEqual([]);
  });

  test('has an arrow for each of its parts, and no arrow, frame or column of a part that it has not', () => {
    const { arrows, frames = [], columns = [] } = picture;
    const ends = arrows.flatMap(({ from, to }) => [from, to]);

    expect(ids.filter((id) => !ends.includes(id))).toEqual([]);
    expect(
      [...ends, ...frames.flatMap(({ parts }) => parts), ...columns.flat()].filter((id) => !ids.includes(id)),
    ).toEqual([]);
  });

  test('stands in the README, with its title for who cannot see it', () => {
    expect(imagesOf(README, picture.title)).toEqual([`docs/pictures/${fileOf(picture)}`]);
  });

  test('is at most 1,000 pixels wide, so that it can be read in the width that a README has', () => {
    const [, width] =
      /<svg [^>]*\bwidth="(\d+)"/.exec(readFileSync(path.join(ROOT, 'docs/pictures', fileOf(picture)), 'utf8')) ?? [];

    expect(Number(width)).toBeGreaterThan(0);
    expect(Number(width)).toBeLessThanOrEqual(1000);
  });
});

test.each(MODULE_DEFINITIONS)(
  'the README of $name has the picture that shows it, or what it calls',
  ({ name, picture }) => {
    const { document } = readModule(generated, name);
    const itself = [name, ...Object.keys(document.module ?? {})];
    const shown = madeIn(picture);

    expect(shown.filter(({ module }) => itself.includes(module))).not.toEqual([]);
    expect(imagesOf(new TextDecoder().decode(generated[`${name}/README.md`]))).toEqual([
      `../../docs/pictures/${fileOf(picture)}`,
    ]);
  },
);
