import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { keepIn, keepNothing, type Recipe } from '../../../stacks/parts/kept-bytes';

let root: string;
let times: number;

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'overtime-kept-'));
  times = 0;
  write('package.json', '{}');
  write('tsconfig.json', '{}');
  write('src/handler.ts', 'of the handler');
  write('src/part.ts', 'of its part');
  write('node_modules/greet/index.js', 'of a package');
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

/** As it was before the test began. */
function write(file: string, text: string): void {
  const full = path.join(root, file);
  mkdirSync(path.dirname(full), { recursive: true });
  writeFileSync(full, text);
  utimesSync(full, 1_700_000_000, 1_700_000_000);
}

const INPUTS = ['src/handler.ts', 'src/part.ts', 'node_modules/greet/index.js'];

/** Makes other bytes each time: whoever gets the first was given what is kept. */
function recipe(change: Partial<Recipe> = {}): Recipe {
  const make = () => {
    times += 1;
    return { bytes: new Uint8Array([0x0a, times]), inputs: INPUTS.map((file) => path.join(root, file)) };
  };
  return { name: 'zip of the handler', how: 'level 9', make, ...change };
}

function madeBy(keep: ReturnType<typeof keepIn>, change: Partial<Recipe> = {}): number | undefined {
  return keep(recipe(change))[1];
}

function keepThere() {
  return keepIn(path.join(root, '.kept'));
}

test('what is kept is taken while nothing has changed, by another process too', () => {
  expect([madeBy(keepThere()), madeBy(keepThere()), madeBy(keepThere())]).toEqual([1, 1, 1]);
  expect([...keepThere()(recipe())]).toEqual([0x0a, 1]);
});

test.each<readonly [string, () => void]>([
  ['the entry has another text', () => write('src/handler.ts', 'of the Handler')],
  ['a file that it imports has another text', () => write('src/part.ts', 'of its Part')],
  ['a package has another text', () => write('node_modules/greet/index.js', 'of a Package')],
  ['a file that it imports is gone', () => rmSync(path.join(root, 'src/part.ts'))],
  ['a file comes that an import may mean too', () => write('src/part.tsx', '')],
  ['a file comes in the place of a folder above', () => write('src.ts', '')],
  ['a package comes that is nearer', () => write('src/node_modules/greet/index.js', '')],
  ['a package comes', () => write('node_modules/other/index.js', '')],
  ['a package of a scope comes', () => write('node_modules/@of/other/index.js', '')],
  ['the package.json of the project says something else', () => write('package.json', '{"sideEffects":false}')],
  ['the tsconfig.json of the project says something else', () => write('tsconfig.json', '{"compilerOptions":{}}')],
  ['a package gets a package.json', () => write('node_modules/greet/package.json', '{"main":"other.js"}')],
])('it is made anew when %s', (_, change) => {
  const before = madeBy(keepThere());
  change();

  expect([before, madeBy(keepThere()), madeBy(keepThere())]).toEqual([1, 2, times]);
});

test('what no input can mean changes nothing', () => {
  madeBy(keepThere());
  write('README.md', '');
  write('src/notes.txt', '');

  expect(madeBy(keepThere())).toBe(1);
});

test('another way to make it, or another name, is made for itself; a name keeps what was made last', () => {
  const keep = keepThere();

  expect([madeBy(keep), madeBy(keep, { how: 'level 1' }), madeBy(keep, { name: 'another' })]).toEqual([1, 2, 3]);
  expect([madeBy(keep, { how: 'level 1' }), madeBy(keep, { name: 'another' }), madeBy(keep)]).toEqual([2, 3, 4]);
  expect(readdirSync(path.join(root, '.kept'))).toHaveLength(2);
});

test('nothing is kept of a file that is written while it is made, or was just before', () => {
  const keep = keepThere();
  const { make } = recipe();
  const whileWritten = () => {
    const made = make();
    writeFileSync(path.join(root, 'src/part.ts'), 'of its part, later');
    return made;
  };

  expect([madeBy(keep, { make: whileWritten }), madeBy(keep)]).toEqual([1, 2]);
  expect(readdirSync(root)).not.toContain('.kept');
});

test('a damaged file is as good as none', () => {
  const keep = keepThere();
  madeBy(keep);
  const [kept = ''] = readdirSync(path.join(root, '.kept'));
  write(path.join('.kept', kept), '{"how":');

  expect([madeBy(keep), madeBy(keep)]).toEqual([2, 2]);
});

test('where nothing can be written, everything is made each time', () => {
  const keep = keepIn(path.join(root, 'src/handler.ts/no-folder'));

  expect([madeBy(keep), madeBy(keep)]).toEqual([1, 2]);
  expect([madeBy(keepNothing), madeBy(keepNothing)]).toEqual([3, 4]);
});
