import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findPrerequisites } from '../../local/prerequisites';
import { parseStartOptions } from '../../local/start-options';

describe('what this machine lacks', () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'overtime-prerequisites-'));
  });

  afterEach(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  const provide = (command: string, prints: string) =>
    writeFileSync(path.join(directory, command), `#!/bin/sh\necho '${prints}'\n`, { mode: 0o755 });

  const look = () =>
    findPrerequisites({ PATH: directory, DOCKER_HOST: `unix://${path.join(directory, 'no-engine.sock')}` });

  test('is everything, each with its fix, where there is nothing', async () => {
    expect(await look()).toEqual({
      missing: [
        'Terraform is not on the PATH: install 1.9 or newer from https://developer.hashicorp.com/terraform/install.',
        expect.stringMatching(/^The local AWS needs Python 3\.10 or newer, and no Python is on the PATH: install one/),
      ],
      noEngine: expect.stringMatching(/^No container engine answers: start one/),
    });
  });

  test('is a newer Python where the one that is there is too old', async () => {
    provide('terraform', 'Terraform v1.11.4');
    provide('python3', '3.9.2');

    const { missing } = await look();

    expect(missing).toEqual([expect.stringContaining('only python3 3.9.2 is on the PATH')]);
  });

  test.each([
    ['1.8.5', 'Terraform v1.8.5 is too old: install 1.9 or newer'],
    ['0.15.0', 'Terraform v0.15.0 is too old: install 1.9 or newer'],
  ])('is a newer Terraform than %s', async (version, sentence) => {
    provide('terraform', `Terraform v${version}`);
    provide('python3', '3.12.1');

    expect((await look()).missing).toEqual([expect.stringContaining(sentence)]);
  });

  test('is nothing but an engine where Terraform and Python are there', async () => {
    provide('terraform', 'Terraform v1.11.4');
    provide('python3', '3.12.1');

    const { missing, noEngine } = await look();

    expect([missing, noEngine]).toEqual([[], expect.stringMatching(/^No container engine answers/)]);
  });
});

test.each([
  ['nothing', [], { keep: false, backend: 'auto' }],
  ['--keep', ['--keep'], { keep: true, backend: 'auto' }],
  ['a backend', ['--backend', 'containers'], { keep: false, backend: 'containers' }],
])('npm start understands %s', (_, args, expected) => {
  expect(parseStartOptions(args)).toEqual(expected);
});
