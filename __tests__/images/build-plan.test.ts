import { type ImageRequest, lambdaBaseImage, planImage } from '../../images/build-plan';
import { findContainerTool } from '../../images/container-tool';

const REQUEST: ImageRequest = { runtime: 'nodejs22.x', architecture: 'arm64', push: false };

const OPTIONS = [
  '--platform',
  'linux/arm64',
  '--build-arg',
  'BASE_IMAGE=public.ecr.aws/lambda/nodejs:22',
  '--tag',
  'overtime-runner:nodejs22.x-arm64',
  '/context',
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
      ...['--build-arg', 'BASE_IMAGE=own:1', '--tag', 'ecr/runner:2', '/context'],
    ],
    ['docker', 'push', 'ecr/runner:2'],
  ]);
});

test('fails for a runtime that the runner does not run', () => {
  expect(() => lambdaBaseImage('python3.13')).toThrow('--runtime python3.13 is not supported: give nodejs20.x');
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
