import { readRuntimeContainer } from '../../../../handlers/runner/sidecar/runtime-container';

test('there is none where nobody names one', () => {
  expect(readRuntimeContainer({ OVERTIME_RUNTIME_API_PORT: 'anything' })).toBeUndefined();
});

test('that of a zip function has a folder for control', () => {
  const environment = {
    OVERTIME_RUNTIME_CONTAINER: 'package',
    OVERTIME_CONTROL_ROOT: '/overtime',
  };

  expect(readRuntimeContainer(environment)).toEqual({
    kind: 'package',
    controlRoot: '/overtime',
  });
});

test('that of a container-image function has its image, and is watched through ECS', () => {
  const environment = {
    OVERTIME_RUNTIME_CONTAINER: 'image',
    OVERTIME_RUNTIME_API_PORT: '9001',
    OVERTIME_IMAGE_URI: 'registry.example/fn:1',
    OVERTIME_ENVIRONMENT_SHA256: 'abc',
    ECS_CONTAINER_METADATA_URI_V4: 'http://169.254.170.2/v4/id',
  };

  expect(readRuntimeContainer(environment)).toEqual({
    kind: 'image',
    runtimeApiPort: 9001,
    imageUri: 'registry.example/fn:1',
    environmentSha256: 'abc',
    metadataUrl: 'http://169.254.170.2/v4/id',
  });
});

test.each([
  [{ OVERTIME_RUNTIME_CONTAINER: 'zip' }, 'OVERTIME_RUNTIME_CONTAINER is "zip": '],
  [{ OVERTIME_RUNTIME_CONTAINER: 'image' }, 'OVERTIME_RUNTIME_API_PORT is not set.'],
  [{ OVERTIME_RUNTIME_CONTAINER: 'image', OVERTIME_RUNTIME_API_PORT: '80' }, 'a whole number from 1024 to 65535'],
  [{ OVERTIME_RUNTIME_CONTAINER: 'package' }, 'OVERTIME_CONTROL_ROOT is not set.'],
  [{ OVERTIME_RUNTIME_CONTAINER: 'image', OVERTIME_RUNTIME_API_PORT: '9001' }, 'OVERTIME_IMAGE_URI is not set.'],
  [
    {
      OVERTIME_RUNTIME_CONTAINER: 'image',
      OVERTIME_RUNTIME_API_PORT: '9001',
      OVERTIME_IMAGE_URI: 'registry.example/fn:1',
    },
    'OVERTIME_ENVIRONMENT_SHA256 is not set.',
  ],
])('%j is refused: %s', (environment, message) => {
  expect(() => readRuntimeContainer(environment)).toThrow(message);
});
