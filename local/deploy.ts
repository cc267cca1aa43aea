import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { buildApp } from '../stacks/app';
import type { Deployment } from '../stacks/deployment';
import {
  type TerraformOptions,
  terraformApply,
  terraformDestroy,
  terraformInit,
  terraformOutputs,
  terraformPlan,
} from './terraform';

/** A stack of the app as CDKTF's manifest describes it. */
export interface SynthesisedStack {
  readonly name: string;
  /** The folder of its cdk.tf.json. */
  readonly directory: string;
}

export interface DeployOptions {
  readonly deployment: Deployment;
  /** Where the app is synthesised to. */
  readonly directory: string;
  readonly env: NodeJS.ProcessEnv;
  readonly onProgress?: (line: string) => void;
  readonly signal?: AbortSignal;
}

export interface DeployedStack extends SynthesisedStack {
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** Synthesises the app, in this process, and answers its stacks so that each follows those that it depends on. */
async function synthesise(
  deployment: Deployment,
  directory: string,
): Promise<readonly [SynthesisedStack, ...SynthesisedStack[]]> {
  buildApp(deployment, { outdir: directory }).synth();
  const manifest = JSON.parse(await readFile(path.join(directory, 'manifest.json'), 'utf8')) as {
    stacks: Record<string, { name: string; workingDirectory: string; dependencies: string[] }>;
  };
  const ordered: SynthesisedStack[] = [];
  const visit = (name: string) => {
    const stack = manifest.stacks[name];
    if (stack !== undefined && !ordered.some((earlier) => earlier.name === name)) {
      stack.dependencies.forEach(visit);
      ordered.push({ name, directory: path.join(directory, stack.workingDirectory) });
    }
  };
  Object.keys(manifest.stacks).forEach(visit);
  const [first, ...others] = ordered;
  if (first === undefined) {
    throw new Error('The deployment asks for no module: there is nothing to deploy. Name some in deployment.ts.');
  }
  return [first, ...others];
}

/** Applies every stack with Terraform, one after the other. @throws {TerraformError} */
export async function deploy(options: DeployOptions): Promise<readonly DeployedStack[]> {
  const deployed: DeployedStack[] = [];
  for (const stack of await synthesise(options.deployment, options.directory)) {
    const terraform = terraformOptions(stack, options);
    await terraformInit(terraform);
    await terraformApply(terraform);
    deployed.push({ ...stack, outputs: await terraformOutputs(terraform) });
  }
  return deployed;
}

/** Plans every stack against what is deployed; answers the names of those that would change, with Terraform's words. */
export async function planChanges(
  stacks: readonly SynthesisedStack[],
  options: Omit<DeployOptions, 'deployment' | 'directory'>,
): Promise<Readonly<Record<string, string>>> {
  const changes: Record<string, string> = {};
  for (const stack of stacks) {
    const plan = await terraformPlan(terraformOptions(stack, options));
    if (plan.changes) {
      changes[stack.name] = plan.text;
    }
  }
  return changes;
}

/** Destroys every stack, the last deployed first. @throws {TerraformError} */
export async function destroy(
  stacks: readonly SynthesisedStack[],
  options: Omit<DeployOptions, 'deployment' | 'directory'>,
): Promise<void> {
  for (const stack of [...stacks].reverse()) {
    await terraformDestroy(terraformOptions(stack, options));
  }
}

function terraformOptions(
  stack: SynthesisedStack,
  { env, onProgress, signal }: Omit<DeployOptions, 'deployment' | 'directory'>,
): TerraformOptions {
  return {
    directory: stack.directory,
    env,
    ...(onProgress === undefined ? {} : { onLine: (line: string) => onProgress(`${stack.name}: ${line}`) }),
    ...(signal === undefined ? {} : { signal }),
  };
}
