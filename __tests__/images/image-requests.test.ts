import { imageRequests, povrayImageRequest, schedulerImageRequest } from '../../images/image-requests';

const RUNTIMES = {
  'nodejs22-arm64': { runtime: 'nodejs22.x', architecture: 'arm64' },
  'nodejs22-x86_64': { runtime: 'nodejs22.x', architecture: 'x86_64' },
  'nodejs20-pinned': { runtime: 'nodejs20.x', architecture: 'x86_64', image: 'registry.example/runner:1' },
} as const;

const REPOSITORY = '123456789012.dkr.ecr.us-east-1.amazonaws.com/overtime-runner';

describe('npm run images', () => {
  test('builds one image for each runtime without one, tagged with its key', () => {
    expect(imageRequests(RUNTIMES, { push: false })).toEqual([
      { runtime: 'nodejs22.x', architecture: 'arm64', tag: 'overtime-runner:nodejs22-arm64', push: false },
      { runtime: 'nodejs22.x', architecture: 'x86_64', tag: 'overtime-runner:nodejs22-x86_64', push: false },
    ]);
  });

  test('pushes to the repository that it is given', () => {
    const options = { repository: REPOSITORY, only: 'nodejs22-x86_64', baseImage: 'base:1', push: true };

    expect(imageRequests(RUNTIMES, options)).toEqual([
      {
        runtime: 'nodejs22.x',
        architecture: 'x86_64',
        tag: `${REPOSITORY}:nodejs22-x86_64`,
        push: true,
        baseImage: 'base:1',
      },
    ]);
  });

  test.each([
    ['to push without a repository', RUNTIMES, { push: true }, /^--push needs --repository/],
    [
      'a runtime that is not there',
      RUNTIMES,
      { push: false, only: 'python3.14' },
      /^--only python3\.14 is no runtime.* nodejs22-arm64, nodejs22-x86_64\.$/,
    ],
    ['a deployment without any to build', {}, { push: false }, /there is none to build/],
  ])('refuses %s', (_, runtimes, options, message) => {
    expect(() => imageRequests(runtimes, options)).toThrow(message);
  });
});

describe('the image of the scheduler', () => {
  test('has a tag of its own for each architecture, in the repository given', () => {
    expect(schedulerImageRequest('arm64', { push: false })).toEqual({
      architecture: 'arm64',
      tag: 'overtime-scheduler:scheduler-arm64',
      push: false,
    });
    expect(
      schedulerImageRequest('x86_64', {
        push: true,
        repository: 'registry.example.org/jobs',
        baseImage: 'mirror/node',
      }),
    ).toEqual({
      architecture: 'x86_64',
      tag: 'registry.example.org/jobs:scheduler-x86_64',
      push: true,
      baseImage: 'mirror/node',
    });
  });

  test('is not pushed nowhere', () => {
    expect(() => schedulerImageRequest('arm64', { push: true })).toThrow('--push needs --repository');
  });
});

describe('the image of the POV-Ray demo', () => {
  test('has a tag of its own for each architecture, in the repository given', () => {
    expect(povrayImageRequest('x86_64', { push: false })).toEqual({
      architecture: 'x86_64',
      tag: 'overtime-povray-worker:povray-x86_64',
      push: false,
    });
    expect(
      povrayImageRequest('arm64', {
        push: true,
        repository: 'registry.example.org/demo',
        baseImage: 'mirror/debian',
        nodeImage: 'mirror/node',
      }),
    ).toEqual({
      architecture: 'arm64',
      tag: 'registry.example.org/demo:povray-arm64',
      push: true,
      baseImage: 'mirror/debian',
      nodeImage: 'mirror/node',
    });
  });

  test('is not pushed nowhere', () => {
    expect(() => povrayImageRequest('arm64', { push: true })).toThrow('--push needs --repository');
  });
});
