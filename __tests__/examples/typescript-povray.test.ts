// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the expressions are Terraform's

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { deployment } from '../../examples/typescript-povray/deployment';
import { buildModules } from '../../stacks/app';
import { viewBuilt } from '../support/stack-view';

const HCL = readFileSync(path.join(__dirname, '../../examples/povray/main.tf'), 'utf8');

/** What both examples say of the workers, in Terraform's spelling. */
const SAID = {
  bucket: 'new',
  suffixes: ['.zip', '.ZIP'],
  command: ['/overtime/render'],
  cpu: 2048,
  memory_mib: 4096,
  max_receive_count: 2,
  idle_seconds: 60,
  read_only_root: true,
};

const stacks = viewBuilt((options) => buildModules(deployment, options).app);
const worker = stacks['queue-worker-povray'];

/** `name = value` of the module's block, whatever space there is. */
const inHcl = (name: string) => new RegExp(`^ {2}${name} += (.+)$`, 'm').exec(HCL)?.[1];

test('the example has the modules that its worker needs', () => {
  expect(Object.keys(stacks)).toEqual(['cluster', 'runner', 'queue-worker-povray']);
});

test('its worker is that of examples/povray', () => {
  expect(worker?.document.locals?.['settings']).toMatchObject({ ...SAID, timeout_seconds: 14_400 });
  expect(Object.fromEntries(Object.keys(SAID).map((name) => [name, JSON.parse(inHcl(name) ?? 'null')]))).toEqual(SAID);
  expect(inHcl('timeout_seconds')).toBe('4 * 60 * 60');
});

test('there are four workers at most, one for each scene that waits', () => {
  const environment = worker?.only('aws_lambda_function')['environment'];

  expect(environment).toMatchObject({
    variables: {
      OVERTIME_MAX_WORKERS: '4',
      OVERTIME_MESSAGES_PER_WORKER: '1',
      OVERTIME_SUFFIXES: '${jsonencode([".zip", ".ZIP"])}',
    },
  });
  expect([inHcl('max_workers'), inHcl('messages_per_worker')]).toEqual(['4', '1']);
});
