import { readFileSync } from 'node:fs';
import path from 'node:path';
import { committedModules } from '../../stacks/committed-modules';
import { MODULE_DEFINITIONS } from '../../stacks/module-catalogue';
import { readModule } from '../support/generated-module';
import { INPUT_CHANGES, type InputChanges } from '../support/lifecycle/input-changes';

const PAGE = readFileSync(path.resolve(__dirname, '../../docs/operations.md'), 'utf8');
const TABLE = /^## Inputs that make something anew\n([\s\S]*?)^## /m.exec(PAGE)?.[1] ?? '';

/** The rows: a module and its inputs. */
const ROWS = [...TABLE.matchAll(/^\| (`[\w-]+`|all) +\| (`[^|]+?) +\|/gm)].map(([, module = '', inputs = '']) => ({
  module: module.replaceAll('`', ''),
  inputs: inputs.split(', ').map((input) => input.replaceAll('`', '')),
}));

const generated = committedModules();
const variablesOf = (module: string) => readModule(generated, module).document.variable;

const isSaid = (module: string, input: string) =>
  ROWS.some((row) => [module, 'all'].includes(row.module) && row.inputs.includes(input));

const inPlace = ({ settings, planned, apart }: InputChanges) => Object.entries({ ...settings, ...planned, ...apart });

/** overtime and scheduler make nothing themselves. */
const MAKING = MODULE_DEFINITIONS.map(({ name }) => name).filter((name) => !['overtime', 'scheduler'].includes(name));

test('the page names inputs that there are', () => {
  const unknown = ROWS.flatMap(({ module, inputs }) =>
    (module === 'all' ? MAKING : [module]).flatMap((each) =>
      inputs.filter((input) => !(input in variablesOf(each))).map((input) => `${each}.${input}`),
    ),
  );

  expect(ROWS.length).toBeGreaterThan(10);
  expect(unknown).toEqual([]);
});

test.each(MAKING)('every input of %s is changed in place by a test, or is on the page', (module) => {
  const changed = INPUT_CHANGES.filter((each) => each.module === module).flatMap(inPlace);
  const names = changed.map(([name]) => name);

  const untold = Object.keys(variablesOf(module)).filter((input) => !names.includes(input) && !isSaid(module, input));
  expect(untold).toEqual([]);
});

test('an input that replaces something in a test is on the page', () => {
  const untold = INPUT_CHANGES.flatMap(({ module, replacing = {} }) => {
    const elsewhere = INPUT_CHANGES.filter((each) => each.module === module).flatMap(inPlace);
    return Object.keys(replacing)
      .filter((input) => !isSaid(module, input) && !elsewhere.some(([name]) => name === input))
      .map((input) => `${module}.${input}`);
  });

  expect(untold).toEqual([]);
});

test('each change is one: no input gets the value that it has by default', () => {
  const same = INPUT_CHANGES.flatMap((change) =>
    [...inPlace(change), ...Object.entries(change.replacing ?? {})]
      // What another input that is changed with it takes for granted.
      .filter(([name]) => !(name in COMPANIONS))
      .filter(([name, value]) => {
        const variable = variablesOf(change.module)[name];
        return (
          variable !== undefined && 'default' in variable && JSON.stringify(variable.default) === JSON.stringify(value)
        );
      })
      .map(([name]) => `${change.call}.${name}`),
  );

  expect(same).toEqual([]);
});

/** Back to the default from what the examples have, so that this is the change. */
const COMPANIONS: Readonly<Record<string, string>> = {
  bucket_force_destroy: 'the examples have true',
  fifo: 'orders are first in, first out',
  idle_seconds: 'a service has no other, and theirs was five',
  image: 'a function that is an image has its own',
  min_workers: 'the service of orders has one',
  mode: 'examples/terraform-database has the outbox',
  no_match: 'the examples ignore such an event',
  queue: 'theirs is of others',
  queue_arn: 'a new queue has none',
  runner_images: 'the copies have their repository',
  scheduler_count: 'the copies have one',
  workers: 'orders are worked on by a service',
};
