import { defineDeployment } from './stacks/define-deployment';

/**
 * What `npx cdktf deploy '*'` deploys: the one file to edit. As it stands it needs AWS credentials and nothing else.
 * Every field is described in stacks/deployment.ts; those of a module in its own file, such as stacks/runner.ts.
 */
export const deployment = defineDeployment({
  name: 'overtime',
  region: 'us-east-1',
  // For a team: { kind: 's3', bucket: 'my-terraform-state', region: 'us-east-1' }
  backend: { kind: 'local' },
  // Or: { vpcId: 'vpc-…', subnetIds: ['subnet-…', 'subnet-…'], assignPublicIp: false }
  network: 'default-vpc',
  modules: {
    cluster: {},
    runner: {
      // AWS's public base images, for which there is nothing to build. 'repository': images of your own, which start faster.
      runnerImages: 'public',
      // A function runs on the entry of its own runtime and architecture.
      runtimes: {
        'nodejs22-arm64': { runtime: 'nodejs22.x', architecture: 'arm64' },
        'nodejs22-x86_64': { runtime: 'nodejs22.x', architecture: 'x86_64' },
      },
    },
    starter: {},
    // A queue and its workers, by a name of yours: 'queue-worker': { scenes: { image: '…', command: ['render'], bucket: 'new' } }.
    // For schedules: scheduler: {}, two small tasks that fire them, or scheduler: { engine: 'eventbridge' }, where nothing runs.
  },
  tags: { Project: 'overtime' },
});
