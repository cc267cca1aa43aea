import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseCommandLine } from '../../handlers/runner/command-line';
import { namesBelow } from '../support/docs-page';

const HANDLERS = path.resolve(__dirname, '../../handlers/runner');

/** The long flags in what the command line says of itself. */
function flagsOfHelp(words: readonly string[]): readonly string[] {
  const help = parseCommandLine([...words, '--help'], '/', {});
  return help.kind === 'help' ? (help.text.match(/--[a-z][A-Za-z-]*/g) ?? []) : [];
}

test('docs/activities.md has every flag of the command line, and no other', () => {
  const named = namesBelow('activities.md', '## Command line').filter((name) => name.startsWith('--'));

  expect([...new Set(named)].sort()).toEqual([...new Set([...flagsOfHelp([]), ...flagsOfHelp(['invoke'])])].sort());
});

test('docs/activities.md has every variable that a worker of any kind reads', () => {
  const text = readFileSync(path.join(HANDLERS, 'worker/settings.ts'), 'utf8');
  const read = new Set(text.match(/OVERTIME_[A-Z_]+/g));
  // What a message becomes stands on the page of queues.
  read.delete('OVERTIME_MESSAGE_EVENT');
  const named = namesBelow('activities.md', '## Variables of a worker');

  expect([...read].filter((name) => !named.includes(name))).toEqual([]);
});
