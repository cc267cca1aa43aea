import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cliConfig, findProviderSource } from '../../local/provider-mirror';

describe('where Terraform takes the AWS provider from', () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'overtime-mirror-'));
  });

  afterEach(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  test('with a mirror, the AWS provider comes from it and all others from their registry', () => {
    expect(cliConfig('/somewhere', '/cache')).toBe(`provider_installation {
  filesystem_mirror {
    path    = "/somewhere"
    include = ["registry.terraform.io/hashicorp/aws"]
  }
  direct {
    exclude = ["registry.terraform.io/hashicorp/aws"]
  }
}
`);
  });

  test('without one, what is downloaded is kept for the next time', () => {
    expect(cliConfig(undefined, '/cache')).toBe('plugin_cache_dir = "/cache"\n');
  });

  test("a configuration file of the user's own wins", async () => {
    const own = path.join(directory, 'own.rc');
    writeFileSync(own, '');

    expect(await findProviderSource(directory, { TF_CLI_CONFIG_FILE: own })).toEqual({
      cliConfigFile: own,
      mirror: undefined,
    });
  });

  test('a mirror that was found before is not searched for again', async () => {
    const mirror = path.join(directory, 'mirror');
    mkdirSync(path.join(mirror, 'registry.terraform.io/hashicorp/aws'), { recursive: true });
    writeFileSync(path.join(directory, 'provider-mirror'), `${mirror}\n`);

    // No PATH: a search would fail to start.
    const source = await findProviderSource(directory, { TF_CLI_CONFIG_FILE: path.join(directory, 'missing.rc') });

    expect(source.mirror).toBe(mirror);
    expect(readFileSync(source.cliConfigFile, 'utf8')).toBe(
      cliConfig(mirror, path.join(directory, 'terraform-plugins')),
    );
  });

  test("a mirror on the disk is found, and neither Terraform's cache nor its working folder is taken for one", async () => {
    const provider = 'registry.terraform.io/hashicorp/aws';
    const below = (name: string) => path.join(directory, 'disk', name);
    for (const name of ['a/plugin-cache', 'b/.terraform/providers', 'c/mirror']) {
      mkdirSync(path.join(below(name), provider), { recursive: true });
    }

    const { mirror } = await findProviderSource(path.join(directory, 'ours'), { PATH: process.env['PATH'] }, below(''));

    expect(mirror).toBe(below('c/mirror'));
  });

  test('where the disk has none, the registry is asked', async () => {
    mkdirSync(path.join(directory, 'disk'));

    const { mirror } = await findProviderSource(
      path.join(directory, 'ours'),
      process.env,
      path.join(directory, 'disk'),
    );

    expect(mirror).toBeUndefined();
  });
});
