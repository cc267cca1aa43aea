import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { EXIT_CODES } from '../../handlers/runner/exit-codes';
import { CONTAINER_FIELDS, START_FIELDS } from '../../handlers/starter/request-fields';
import { namesBelow, rowsBelow } from '../support/docs-page';

const HANDLERS = path.resolve(__dirname, '../../handlers');

const textOf = (file: string) => readFileSync(path.join(HANDLERS, file), 'utf8');

/** What stands in capitals and quotes in some texts, after this. */
function codesAfter(before: RegExp, texts: readonly string[]): readonly string[] {
  const found = texts.flatMap((text) =>
    [...text.matchAll(new RegExp(`${before.source}'([A-Z]+(?:_[A-Z]+)+)'`, 'g'))].map(([, code = '']) => code),
  );
  return [...new Set(found)].sort();
}

describe('docs/requests.md', () => {
  test('has every field of a request for a function, and no other', () => {
    expect([...namesBelow('requests.md', '## Start a run')].sort()).toEqual(Object.keys(START_FIELDS).sort());
  });

  test('has of a request for a container no field that it may not have', () => {
    const fields = namesBelow('requests.md', '## Start a container');

    expect(fields).toContain('containerName');
    expect(fields.filter((field) => !(field in CONTAINER_FIELDS))).toEqual([]);
  });

  test('has every exit code of the runner, and no other', () => {
    const codes = rowsBelow('requests.md', '## Exit codes').map(([code]) => Number(code));

    expect(codes).toEqual(Object.values(EXIT_CODES).map(({ code }) => code));
  });

  test('has every code with which the starter refuses a request, and no other', () => {
    const codes = codesAfter(/(?:code = |\| )/, [textOf('starter/errors.ts')]);

    // A run has it too, and the sentence below the table says so.
    expect([...namesBelow('requests.md', '## Errors of a request')].sort()).toEqual(
      codes.filter((code) => code !== 'TASK_NOT_STARTED'),
    );
  });
});

test('docs/operations.md has every error that the watcher writes, and besides those that an outdated image has', () => {
  const watcher = readdirSync(path.join(HANDLERS, 'watcher')).filter((file) => file.endsWith('.ts'));
  const codes = codesAfter(
    /errorType: /,
    watcher.map((file) => textOf(`watcher/${file}`)),
  );

  expect([...namesBelow('operations.md', '## Errors of a task that stopped without a word')].sort()).toEqual(
    [...codes, 'CONFIGURATION_OUTDATED', 'IMAGE_OUTDATED'].sort(),
  );
});
