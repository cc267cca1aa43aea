import { App } from 'cdktf';
import { type Built, CATALOGUE } from './catalogue';
import type { Deployment } from './deployment';
import { deploymentProblems } from './deployment-problems';
import { DeploymentStack } from './deployment-stack';
import { refuse } from './parts/checks';

export interface AppOptions {
  /**
   * Where `synth` writes: a folder in one that exists.
   *
   * @default - CDKTF_OUTDIR, else cdktf.out in the folder in which the command runs
   */
  readonly outdir?: string;
}

/**
 * The CDKTF app of a deployment: one stack for each module that it asks for, by the module's name, and of queue workers
 * one for each. `synth()` writes it.
 *
 * @throws {InvalidProps} naming every wrong field of the deployment
 */
export function buildApp(deployment: Deployment, options: AppOptions = {}): App {
  return buildModules(deployment, options).app;
}

/**
 * The app, and the modules in it, for stacks of one's own that build on them.
 *
 * @throws {InvalidProps} naming every wrong field of the deployment
 */
export function buildModules(
  deployment: Deployment,
  options: AppOptions = {},
): { readonly app: App; readonly built: Built } {
  refuse('The deployment', deploymentProblems(deployment));
  const app = new App({ ...options, stackTraces: false });
  let built: Built = {};
  for (const row of CATALOGUE) {
    if (deployment.modules[row.name] !== undefined) {
      for (const key of row.keys?.(deployment.modules) ?? ['']) {
        const id = key === '' ? row.name : `${row.name}-${key}`;
        const stack = new DeploymentStack(app, id, deployment);
        built = { ...built, ...row.build(stack, deployment, built, key) };
      }
    }
  }
  return { app, built };
}
