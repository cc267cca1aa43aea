import { buildModules } from '../../stacks/app';
import { DeploymentStack } from '../../stacks/deployment-stack';
import { alarmTopic } from './alarm-topic';
import { deployment } from './deployment';
import { workflow } from './workflow';

const { app, built } = buildModules(deployment);
alarmTopic(new DeploymentStack(app, 'alarms', deployment));
if (built.activities !== undefined) {
  workflow(new DeploymentStack(app, 'workflow', deployment), {
    name: deployment.name,
    activities: built.activities,
  });
}
app.synth();
