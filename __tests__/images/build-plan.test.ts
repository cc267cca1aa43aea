import { parseRuntime } from '../../handlers/shared/lambda-runtime';
import {
  type ImageRequest,
  lambdaBaseImage,
  planImage,
  planPovrayImage,
  planSchedulerImage,
} from '../../images/build-plan';
import { findContainerTool } from '../../images/container-tool';
import { LAMBDA_RUNTIMES } from '../../stacks/parts/lambda-runtimes';

const REQUEST: ImageRequest = { runtime: 'nodejs22.x', architecture: 'arm64', push: false };

const OPTIONS = [
  ...['--platform', 'linux/arm64', '--target', 'with-node-of-base'],
  ...['--build-arg', 'BASE_IMAGE=public.ecr.aws/lambda/nodejs:22', '--build-arg', 'RUNTIME=nodejs22.x'],
  ...['--tag', 'overtime-runner:nodejs22.x-arm64', '/context'],
];

test.each([
  { tool: 'docker buildx' as const, start: ['docker', 'buildx', 'build', '--load', '--provenance=false'] },
  { tool: 'docker' as const, start: ['docker', 'build'] },
  { tool: 'podman' as const, start: ['podman', 'build', '--format', 'docker'] },
  { tool: 'buildah' as const, start: ['buildah', 'build', '--format', 'docker'] },
])('$tool builds for the architecture, on AWS’s image for the runtime', ({ tool, start }) => {
  expect(planImage(REQUEST, tool, '/context').commands).toEqual([[...start, ...OPTIONS]]);
});

test('an image is pushed under the tag given, after it is built on the base given', () => {
  const request: ImageRequest = {
    ...REQUEST,
    architecture: 'x86_64',
    baseImage: 'own:1',
    tag: 'ecr/runner:2',
    push: true,
  };

  expect(planImage(request, 'docker buildx', '/context').commands).toEqual([
    [
      ...['docker', 'buildx', 'build', '--load', '--provenance=false', '--platform', 'linux/amd64'],
      ...['--target', 'with-node-of-base', '--build-arg', 'BASE_IMAGE=own:1', '--build-arg', 'RUNTIME=nodejs22.x'],
      ...['--tag', 'ecr/runner:2', '/context'],
    ],
    ['docker', 'push', 'ecr/runner:2'],
  ]);
});

test.each([
  { nodeImage: undefined, from: 'public.ecr.aws/lambda/nodejs:22' },
  { nodeImage: 'own-node:20', from: 'own-node:20' },
])('an image for another language than Node.js gets its Node.js from $from', ({ nodeImage, from }) => {
  const request = { ...REQUEST, runtime: 'python3.13', ...(nodeImage === undefined ? {} : { nodeImage }) };

  expect(planImage(request, 'docker', '/context').commands).toEqual([
    [
      ...['docker', 'build', '--platform', 'linux/arm64', '--target', 'with-own-node'],
      ...['--build-arg', 'BASE_IMAGE=public.ecr.aws/lambda/python:3.13', '--build-arg', `NODE_IMAGE=${from}`],
      ...['--build-arg', 'RUNTIME=python3.13', '--tag', 'overtime-runner:python3.13-arm64', '/context'],
    ],
  ]);
});

test.each([
  { runtime: 'nodejs24.x', image: 'public.ecr.aws/lambda/nodejs:24' },
  { runtime: 'python3.13', image: 'public.ecr.aws/lambda/python:3.13' },
  { runtime: 'ruby3.4', image: 'public.ecr.aws/lambda/ruby:3.4' },
  { runtime: 'java21', image: 'public.ecr.aws/lambda/java:21' },
  { runtime: 'dotnet8', image: 'public.ecr.aws/lambda/dotnet:8' },
  { runtime: 'provided.al2023', image: 'public.ecr.aws/lambda/provided:al2023' },
])('the base image of $runtime is $image', ({ runtime, image }) => {
  expect(lambdaBaseImage(runtime)).toBe(image);
});

test.each(LAMBDA_RUNTIMES)('%s, which a deployment may name, is a runtime that the programs know', (runtime) => {
  expect(parseRuntime(runtime)).toBeDefined();
});

test.each([
  { runtime: 'go1.x', message: 'The runtime go1.x is not supported: give a version of nodejs, python,' },
  {
    runtime: 'java17',
    message: 'The runtime java17 has the base image public.ecr.aws/lambda/java:17, on Amazon Linux 2, where the runner',
  },
])('there is no base image for $runtime', ({ runtime, message }) => {
  expect(() => lambdaBaseImage(runtime)).toThrow(message);
});

test.each([
  { there: ['docker buildx inspect', 'docker info', 'podman info'], tool: 'docker buildx' },
  { there: ['docker info', 'buildah version'], tool: 'docker' },
  { there: ['podman info'], tool: 'podman' },
  { there: ['buildah version'], tool: 'buildah' },
  { there: [], tool: undefined },
])('where $there answer, $tool builds', async ({ there, tool }) => {
  const found = await findContainerTool(async (command) => there.some((text) => text === command.join(' ')));

  expect(found).toBe(tool);
});

test('the scheduler’s image is built for its platform on the base image, and pushed if asked', () => {
  const request = { architecture: 'arm64', tag: 'jobs:scheduler-arm64', push: true } as const;

  expect(planSchedulerImage(request, 'docker', '/context')).toEqual({
    tag: 'jobs:scheduler-arm64',
    baseImage: 'public.ecr.aws/lambda/nodejs:22',
    commands: [
      [
        ...['docker', 'build', '--platform', 'linux/arm64', '--build-arg'],
        ...['BASE_IMAGE=public.ecr.aws/lambda/nodejs:22', '--tag', 'jobs:scheduler-arm64', '/context'],
      ],
      ['docker', 'push', 'jobs:scheduler-arm64'],
    ],
  });
});

test('the image of the POV-Ray demo is built on Debian, with the Node.js of AWS’s image', () => {
  const request = { architecture: 'x86_64', tag: 'demo:povray-x86_64', push: true } as const;

  expect(planPovrayImage(request, 'podman', '/context')).toEqual({
    tag: 'demo:povray-x86_64',
    baseImage: 'public.ecr.aws/docker/library/debian:bookworm-slim',
    commands: [
      [
        ...['podman', 'build', '--format', 'docker', '--platform', 'linux/amd64'],
        ...['--build-arg', 'BASE_IMAGE=public.ecr.aws/docker/library/debian:bookworm-slim'],
        ...['--build-arg', 'NODE_IMAGE=public.ecr.aws/lambda/nodejs:22', '--tag', 'demo:povray-x86_64', '/context'],
      ],
      ['podman', 'push', 'demo:povray-x86_64'],
    ],
  });
});

test('the image of the POV-Ray demo is built on the images given', () => {
  const request = { architecture: 'arm64', baseImage: 'own:1', nodeImage: 'node:2', tag: 'x:y', push: false } as const;

  expect(planPovrayImage(request, 'docker', '/context').commands).toEqual([
    [
      ...['docker', 'build', '--platform', 'linux/arm64', '--build-arg', 'BASE_IMAGE=own:1'],
      ...['--build-arg', 'NODE_IMAGE=node:2', '--tag', 'x:y', '/context'],
    ],
  ]);
});
