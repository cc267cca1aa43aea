import { Command } from 'commander';
import { deployment } from '../deployment';
import { DEFAULT_RUNTIMES } from '../stacks/parts/runtimes';
import { buildImage, buildPovrayImage, buildSchedulerImage } from './build-image';
import { type ImageOptions, imageRequests, povrayImageRequest, schedulerImageRequest } from './image-requests';

const program = new Command('npm run images --')
  .description(
    "Builds the runner's images for deployment.ts with docker, buildx, podman or buildah, whichever is there.",
  )
  .option('--repository <url>', "the images' repository: the runner module's output image_repository_url")
  .option('--only <key>', 'the one runtime of deployment.ts to build for')
  .option('--base-image <image>', "build on this image rather than AWS's Lambda base image for the runtime")
  .option('--node-image <image>', "take the runner's Node.js out of this image rather than AWS's for Node.js 22")
  .option('--push', 'push the images; log in to the registry before', false)
  .option('--scheduler', "build the scheduler's image, and none of the runner's", false)
  .option('--povray-worker', 'build the image of examples/povray for this machine’s architecture, and no other', false)
  .action(async (options: ImageOptions) => {
    const done = options.push ? 'Built and pushed' : 'Built';
    if (options.scheduler === true) {
      const { scheduler } = deployment.modules;
      const architecture = scheduler?.engine === 'eventbridge' ? undefined : scheduler?.architecture;
      const request = schedulerImageRequest(architecture ?? 'arm64', options);
      process.stdout.write(`${done} ${await buildSchedulerImage(request, process.env)}\n`);
      return;
    }
    if (options.povrayWorker === true) {
      const request = povrayImageRequest(process.arch === 'arm64' ? 'arm64' : 'x86_64', options);
      process.stdout.write(`${done} ${await buildPovrayImage(request, process.env)}\n`);
      return;
    }
    const runtimes = deployment.modules.runner?.runtimes ?? DEFAULT_RUNTIMES;
    for (const request of imageRequests(runtimes, options)) {
      const tag = await buildImage(request, process.env);
      process.stdout.write(`${done} ${tag}\n`);
    }
  });

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
