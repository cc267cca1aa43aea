import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '../..');
const RUN_APP = path.join(ROOT, 'stacks/run-app.cjs');

/** An app of two files in two folders, each of which asks for its own place. */
const APP = {
  'main.ts': `import { count } from '../package.json';
import { fail, place, tokenTrace } from './parts/part';

interface Said { readonly places: readonly string[] }

const said: Said = { places: [__dirname, __filename, place] };
process.stdout.write(JSON.stringify({ ...said, count, tokenTrace: tokenTrace(), argv: process.argv.slice(1) }));
if (process.argv[2] === 'fail') {
  fail();
}
`,
  'parts/part.ts': `import { greeting } from 'greet';

export const place: string = __filename;

/** As CDKTF does for a token. */
export function tokenTrace(): string {
  const object = { stack: '' };
  Error.captureStackTrace(object);
  return object.stack;
}

export function fail(): never {
  throw new RangeError(greeting, { cause: 'an unknown name' });
}
`,
};

describe('an app, in a folder with packages of its own', () => {
  let project: string;
  let app: string;

  beforeAll(() => {
    project = realpathSync(mkdtempSync(path.join(tmpdir(), 'overtime-run-app-')));
    app = path.join(project, 'app');
    const files = {
      'package.json': JSON.stringify({ name: 'shop', count: 3 }),
      'node_modules/greet/index.js': "exports.greeting = 'hello from ' + require('node:path').basename(__dirname);",
      ...Object.fromEntries(Object.entries(APP).map(([name, text]) => [`app/${name}`, text])),
    };
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(project, name)), { recursive: true });
      writeFileSync(path.join(project, name), text);
    }
  });

  afterAll(() => rmSync(project, { recursive: true, force: true }));

  const run = (...words: readonly string[]) =>
    spawnSync(process.execPath, [RUN_APP, ...words], { cwd: project, encoding: 'utf8' });

  test('each file knows its own place, and the app its words, its JSON and its packages', () => {
    const { status, stdout, stderr } = run('app/main.ts', 'one', 'two');
    const main = path.join(app, 'main.ts');

    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({
      places: [app, main, path.join(app, 'parts/part.ts')],
      count: 3,
      argv: [main, 'one', 'two'],
    });
  });

  test('the trace of a token has no lines, as nobody reads it', () => {
    expect(JSON.parse(run('app/main.ts').stdout).tokenTrace).toBe('');
  });

  test('an error ends it with 1, and names the lines of the sources and its cause', () => {
    const { status, stderr } = run('app/main.ts', 'fail');
    const lineOf = (file: keyof typeof APP, text: string) =>
      `${path.join(app, file)}:${APP[file].split('\n').findIndex((line) => line.includes(text)) + 1}:`;

    expect(status).toBe(1);
    expect(stderr.split('\n')[0]).toBe('RangeError: hello from greet');
    expect(stderr).toContain(`at fail (${lineOf('parts/part.ts', 'new RangeError')}`);
    expect(stderr).toContain(lineOf('main.ts', '  fail();'));
    expect(stderr).toContain("[cause]: 'an unknown name'");
  });

  test('an app that is not there ends it with 1, and is named', () => {
    const { status, stderr } = run('none.ts');

    expect(status).toBe(1);
    expect(stderr).toContain(`Could not resolve "${path.join(project, 'none.ts')}"`);
  });
});

test('it is what cdktf starts', () => {
  const { app } = JSON.parse(readFileSync(path.join(ROOT, 'cdktf.json'), 'utf8'));

  expect(app).toBe('node stacks/run-app.cjs main.ts');
});
