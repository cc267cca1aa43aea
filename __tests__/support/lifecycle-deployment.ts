import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { BASE_IMAGES } from '../../local/base-images';
import { localClients } from '../../local/clients';
import { type LocalAws, startLocalAws } from '../../local/local-aws';
import { provideRunnerImages } from '../../local/runner-images';
import { putSampleFunction } from '../../local/sample-function';
import { type TerraformOptions, terraformApply, terraformInit } from '../../local/terraform';
import { copyExample, type ExampleCopy } from './example-copy';
import { INPUT_CHANGES, type InputChanges } from './lifecycle/input-changes';

const ROOT = path.resolve(__dirname, '../..');
const HOST_ARCHITECTURE = process.arch === 'arm64' ? 'arm64' : 'x86_64';

export const COPIES = ['day', 'night'] as const;

/** Folders whose calls of modules get other inputs, and the calls there: what Terraform calls an override file. */
type Overrides = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;

/** What cannot be had here: AWS's base images but for the scheduler's, and tasks of two containers. */
const ADAPTED: Overrides = {
  'examples/terraform-everything': {
    overtime: { runner_images: 'repository' },
    // A worker that is idle would keep Terraform from destroying its cluster.
    objects: { ...usingRepository(), idle_seconds: 5 },
    activities: usingRepository(),
    schedules: { scheduler_count: 1 },
  },
};

function usingRepository() {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the expression is Terraform's
  return { runner_images: 'repository', image_repository_url: '${module.overtime.image_repository_url}' };
}

/** It says what it is given, to its log and to its caller, after a while where it is told to wait. */
const REPORT = `export const handler = async (event) => {
  console.log(JSON.stringify({ reported: event }));
  await new Promise((resolve) => setTimeout(resolve, event.pauseMilliseconds ?? 0));
  return event;
};`;

export interface LifecycleDeployment {
  readonly aws: LocalAws;
  readonly terraform: TerraformOptions;
  /** The same with these copies, and no others. */
  readonly withCopies: (copies: readonly string[]) => TerraformOptions;
  /** Gives the calls of modules other inputs, from the next plan on; those of before are forgotten. */
  readonly change: (inputs: (change: InputChanges) => Readonly<Record<string, unknown>>) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Puts examples/terraform-everything twice, examples/terraform-database and what no example has into one local account. */
export async function startLifecycleDeployment(copies: readonly string[] = COPIES): Promise<LifecycleDeployment> {
  const aws = await startLocalAws({ images: BASE_IMAGES, backend: 'processes', onProgress: () => undefined });
  let example: ExampleCopy | undefined;
  const stop = async () => {
    await aws.stop();
    await example?.remove();
  };
  try {
    example = await copyExample('examples/terraform-everything', {
      ...aws.adminEnvironment,
      TF_VAR_architecture: HOST_ARCHITECTURE,
      TF_VAR_copies: JSON.stringify(copies),
      // The provider waits half a minute for each of many queues. With 100 at once the emulator lost a connection, and what
      // the provider then asked for again was there already.
      TF_CLI_ARGS_apply: '-parallelism=20',
      TF_CLI_ARGS_destroy: '-parallelism=20',
    });
    const { folder } = example;
    const terraform = { ...example.terraform, directory: path.join(folder, 'lifecycle') };
    await writeConfiguration(folder);
    await putSampleFunction(localClients(aws.adminEnvironment), {
      functionName: 'report',
      files: { 'index.mjs': REPORT },
    });
    await putSampleFunction(localClients(aws.adminEnvironment), {
      functionName: 'drawn',
      request: {
        PackageType: 'Image',
        Code: { ImageUri: `${aws.accountId}.dkr.ecr.${aws.region}.amazonaws.com/drawn:1` },
        Runtime: undefined,
        Handler: undefined,
      },
    });
    await provideRunnerImages(aws, images(aws), { onProgress: () => undefined });
    await terraformInit(terraform);
    await terraformApply(terraform);
    return {
      aws,
      terraform,
      withCopies: (some) => ({ ...terraform, env: { ...terraform.env, TF_VAR_copies: JSON.stringify(some) } }),
      change: (inputs) => writeOverrides(folder, 'changed', overridesOf(inputs)),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Of both copies and of the other workers. A service starts its workers as soon as it is there. */
function images(aws: LocalAws): readonly string[] {
  const registry = `${aws.accountId}.dkr.ecr.${aws.region}.amazonaws.com`;
  return [
    ...COPIES.map((copy) => `${registry}/overtime-${copy}-runner:nodejs22-${HOST_ARCHITECTURE}`),
    'overtime-test/runner:1',
  ];
}

async function writeConfiguration(folder: string): Promise<void> {
  const [everything, database] = ['examples/terraform-everything', 'examples/terraform-database'];
  await cp(path.join(ROOT, String(database)), path.join(folder, String(database)), { recursive: true });
  for (const example of [everything, database]) {
    // What is called with for_each has its provider from its caller.
    const versions = path.join(folder, String(example), 'versions.tf');
    const text = await readFile(versions, 'utf8');
    await writeFile(versions, text.replace(/^provider "aws" \{[\s\S]*?^\}\n/m, ''));
  }
  const support = path.join(__dirname, 'lifecycle');
  await mkdir(path.join(folder, 'lifecycle'));
  await cp(path.join(support, 'main.tf'), path.join(folder, 'lifecycle/main.tf'));
  await cp(path.join(support, 'modes.tf'), path.join(folder, String(database), 'modes.tf'));
  await writeOverrides(folder, 'adapted', ADAPTED);
}

function overridesOf(inputs: (change: InputChanges) => Readonly<Record<string, unknown>>): Overrides {
  const overrides: Record<string, Record<string, Readonly<Record<string, unknown>>>> = {};
  for (const change of INPUT_CHANGES) {
    overrides[change.folder] = { ...overrides[change.folder], [change.call]: inputs(change) };
  }
  return overrides;
}

/** https://developer.hashicorp.com/terraform/language/files/override: by the order of their names, the later one counts. */
async function writeOverrides(folder: string, name: string, overrides: Overrides): Promise<void> {
  for (const [directory, calls] of Object.entries(overrides)) {
    await writeFile(path.join(folder, directory, `${name}_override.tf.json`), JSON.stringify({ module: calls }));
  }
}
