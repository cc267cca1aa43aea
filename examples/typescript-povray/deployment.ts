import { defineDeployment } from '../../stacks/define-deployment';

/** The workers of examples/povray, said in TypeScript. */
export const deployment = defineDeployment({
  name: 'overtime',
  region: 'us-east-1',
  backend: { kind: 'local' },
  network: 'default-vpc',
  modules: {
    cluster: {},
    runner: {},
    'queue-worker': {
      povray: {
        bucket: 'new',
        bucketForceDestroy: true,
        suffixes: ['.zip', '.ZIP'],
        // What npm run images -- --povray-worker --push has pushed, with your account in it.
        image: '123456789012.dkr.ecr.us-east-1.amazonaws.com/overtime-povray:povray-x86_64',
        command: ['/overtime/render'],
        architecture: 'x86_64',
        cpu: 2048,
        memoryMiB: 4096,
        timeoutSeconds: 4 * 60 * 60,
        maxReceiveCount: 2,
        messagesPerWorker: 1,
        maxWorkers: 4,
        idleSeconds: 60,
        readOnlyRoot: true,
      },
    },
  },
});
