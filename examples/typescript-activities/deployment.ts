import { defineDeployment } from '../../stacks/define-deployment';

/** Two workers for the activity of examples/terraform-activities, said in TypeScript. */
export const deployment = defineDeployment({
  name: 'overtime',
  region: 'us-east-1',
  backend: { kind: 'local' },
  network: 'default-vpc',
  modules: {
    cluster: {},
    runner: {},
    activities: {
      activities: {
        QueueGranules: {
          functionName: 'queue-granules',
          runtime: 'nodejs22.x',
          architecture: 'x86_64',
          memoryMiB: 4096,
          count: 2,
          heartbeatSeconds: 10,
        },
      },
    },
  },
});
