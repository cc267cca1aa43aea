import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
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

  const PROVIDER = 'registry.terraform.io/hashicorp/aws';

  /** A mirror as Terraform lays it out; `mode` is that of the folder of its version. */
  const putMirror = (name: string, version = '5.100.0', mode = 0o755): string => {
    const mirror = path.join(directory, 'disk', name);
    const folder = path.join(mirror, PROVIDER, version);
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, mode);
    return mirror;
  };

  /** Without HOME, so that no configuration of whoever runs the tests counts. */
  const look = () =>
    findProviderSource(path.join(directory, 'ours'), { PATH: process.env['PATH'] }, path.join(directory, 'disk'));

  test("the user's own ~/.terraformrc wins too", async () => {
    writeFileSync(path.join(directory, '.terraformrc'), '');

    expect(await findProviderSource(directory, { HOME: directory })).toEqual({
      cliConfigFile: path.join(directory, '.terraformrc'),
      mirror: undefined,
    });
  });

  test('a mirror on the disk is found, and remembered', async () => {
    const mirror = putMirror('opt/mirror');

    const first = await look();
    // No PATH: a second search would fail to start.
    const second = await findProviderSource(path.join(directory, 'ours'), {}, path.join(directory, 'disk'));

    expect([first.mirror, second.mirror]).toEqual([mirror, mirror]);
    expect(readFileSync(first.cliConfigFile, 'utf8')).toBe(
      cliConfig(mirror, path.join(directory, 'ours/terraform-plugins')),
    );
  });

  test('its settings are not written again, and other ones take their place as a whole, as Terraform may read meanwhile', async () => {
    putMirror('opt/mirror');
    const { cliConfigFile } = await look();
    const { ino } = statSync(cliConfigFile);
    await look();
    const again = statSync(cliConfigFile).ino;

    // A second name of the file: whoever has opened it before reads on in it.
    const opened = path.join(directory, 'opened');
    linkSync(cliConfigFile, opened);
    const before = readFileSync(cliConfigFile, 'utf8');
    rmSync(path.join(directory, 'disk'), { recursive: true });
    await look();

    expect(again).toBe(ino);
    expect(readFileSync(cliConfigFile, 'utf8')).toBe(
      cliConfig(undefined, path.join(directory, 'ours/terraform-plugins')),
    );
    expect(readFileSync(opened, 'utf8')).toBe(before);
    expect(readdirSync(path.dirname(cliConfigFile)).sort()).toEqual([
      'provider-mirror',
      'terraform-plugins',
      'terraform.rc',
    ]);
  });

  test.each([
    ["Terraform's plugin cache", 'a/plugin-cache', '5.100.0', 0o755],
    ["Terraform's working folder", 'b/.terraform/providers', '5.100.0', 0o755],
    ['a folder for temporary files', 'tmp/mirror', '5.100.0', 0o755],
    ['a mirror of an older version', 'c/mirror', '5.99.1', 0o755],
    ['a mirror of a version that is too new', 'd/mirror', '7.0.0', 0o755],
    ['a mirror that others may write to', 'e/mirror', '5.100.0', 0o777],
  ])('%s is left out: the registry is asked', async (_, name, version, mode) => {
    putMirror(name, version, mode);

    expect((await look()).mirror).toBeUndefined();
  });
});
