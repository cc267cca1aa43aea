import type { Deployment, DeploymentSettings } from './deployment';
import { deploymentProblems } from './deployment-problems';
import { refuse } from './parts/checks';

export const DEFAULT_NAME = 'overtime';

/**
 * A deployment, checked.
 *
 * @throws {InvalidProps} naming every wrong field at once
 */
export function defineDeployment(settings: DeploymentSettings): Deployment {
  const deployment: Deployment = { ...settings, name: settings.name ?? DEFAULT_NAME };
  refuse('deployment.ts', deploymentProblems(deployment));
  return deployment;
}
