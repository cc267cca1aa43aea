import { buildModules } from '../../stacks/app';
import { DeploymentStack } from '../../stacks/deployment-stack';
import { deployment } from './deployment';
import { workflow } from './workflow';

const { app, built } = buildModules(deployment);
if (built.activities !== undefined) {
  workflow(new DeploymentStack(app, 'workflow', deployment), {
    name: deployment.name,
    functionName: 'queue-granules',
    activities: built.activities,
  });
}
app.synth();
