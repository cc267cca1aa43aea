import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CACHE_DIRECTORY } from '../../../local/cache-directory';
import { toolEnvironment } from '../../../local/environment';
import { type LocalAws, startLocalAws } from '../../../local/local-aws';
import { findProviderSource } from '../../../local/provider-mirror';
import { runCommand } from '../../../local/run-command';
import { inventory } from '../../support/inventory';

const ROOT = path.resolve(__dirname, '../../..');

/** What `npx cdktf` reads of the project. */
const PROJECT_FILES = ['cdktf.json', 'package.json', 'tsconfig.json', 'main.ts', 'deployment.ts', 'stacks', 'handlers'];

const DEPLOY_MILLISECONDS = 600_000;

jest.setTimeout(DEPLOY_MILLISECONDS);

describe("cdktf's own commands, in a copy of the project", () => {
  let aws: LocalAws;
  let project: string;
  let env: Readonly<Record<string, string>>;

  beforeAll(async () => {
    aws = await startLocalAws({ images: {}, backend: 'processes', onProgress: () => undefined });
    project = await mkdtemp(path.join(tmpdir(), 'overtime-project-'));
    for (const file of PROJECT_FILES) {
      await cp(path.join(ROOT, file), path.join(project, file), { recursive: true });
    }
    await symlink(path.join(ROOT, 'node_modules'), path.join(project, 'node_modules'));
    const { cliConfigFile } = await findProviderSource(CACHE_DIRECTORY, process.env);
    env = toolEnvironment(process.env, {
      ...aws.adminEnvironment,
      TF_CLI_CONFIG_FILE: cliConfigFile,
      // cdktf would keep providers in a cache in the user's home.
      CDKTF_DISABLE_PLUGIN_CACHE_ENV: '1',
    });
  }, DEPLOY_MILLISECONDS);

  afterAll(async () => {
    await aws?.stop();
    await rm(project, { recursive: true, force: true });
  });

  const cdktf = async (...args: readonly string[]) => {
    const result = await runCommand('node_modules/.bin/cdktf', args, { cwd: project, env });
    return { ...result, said: `${result.stdout}\n${result.stderr}` };
  };

  test('cdktf synth writes a stack for each module, with the zip of the starter beside its JSON', async () => {
    const { exitCode, said } = await cdktf('synth');

    expect({ exitCode, said: exitCode === 0 ? '' : said }).toEqual({ exitCode: 0, said: '' });
    const manifest = JSON.parse(await readFile(path.join(project, 'cdktf.out/manifest.json'), 'utf8'));
    expect(Object.keys(manifest.stacks)).toEqual(['cluster', 'runner', 'starter']);
    const zip = await readFile(path.join(project, 'cdktf.out/stacks/starter/starter.zip'));
    expect(zip.subarray(0, 2).toString()).toBe('PK');
  });

  test('cdktf deploy, as the README has it, brings up what deployment.ts says, and cdktf destroy takes it down', async () => {
    // The cluster alone: the other stacks are deployed with Terraform in overtime.test.ts, and take two minutes.
    const deployment = path.join(project, 'deployment.ts');
    const shipped = await readFile(deployment, 'utf8');
    const edited = shipped.replace(/modules: \{[\s\S]*\n {2}\},/, 'modules: { cluster: {} },');
    expect(edited).not.toBe(shipped);
    await writeFile(deployment, edited);

    const deployed = await cdktf('deploy', '*', '--auto-approve', '--skip-provider-lock');
    const up = await inventory(aws.adminEnvironment, 'overtime');
    const output = await cdktf('output', 'cluster', '--skip-provider-lock');
    const destroyed = await cdktf('destroy', '*', '--auto-approve', '--skip-provider-lock');
    const down = await inventory(aws.adminEnvironment, 'overtime');

    expect([deployed, output, destroyed].filter(({ exitCode }) => exitCode !== 0).map(({ said }) => said)).toEqual([]);
    expect(output.said).toMatch(/cluster_name = .*overtime/);
    expect([up['clusters'], up['logGroups'], up['securityGroups']]).toEqual([
      [`arn:aws:ecs:${aws.region}:${aws.accountId}:cluster/overtime`],
      ['/ecs/overtime'],
      [expect.stringContaining('overtime')],
    ]);
    expect(Object.values(down).flat()).toEqual([]);
  });

  test('a wrong deployment.ts is refused with every wrong field, and nothing is written', async () => {
    await rm(path.join(project, 'cdktf.out'), { recursive: true, force: true });
    const deployment = path.join(project, 'deployment.ts');
    await writeFile(
      deployment,
      (await readFile(deployment, 'utf8'))
        .replace("name: 'overtime'", "name: 'Over Time'")
        .replace("region: 'us-east-1'", "region: 'nowhere'"),
    );

    const { exitCode, said } = await cdktf('synth');

    expect(exitCode).not.toBe(0);
    expect(existsSync(path.join(project, 'cdktf.out/manifest.json'))).toBe(false);
    expect(said).toMatch(/name[^\n]*Over Time/);
    expect(said).toMatch(/region[^\n]*nowhere/);
  });
});
