import { environmentSha256 } from '../../../../handlers/runner/sidecar/environment-sha256';
import { describeImage } from '../../../../handlers/runner/sidecar/image-function';

const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:fn';
const CONTAINER = {
  kind: 'image',
  runtimeApiPort: 9001,
  imageUri: 'registry.example/fn:1',
  environmentSha256: environmentSha256({}),
  metadataUrl: 'http://metadata',
} as const;

test('a function with the image of the task is run', () => {
  const output = { $metadata: {}, Configuration: { CodeSha256: 'abc' }, Code: { ImageUri: CONTAINER.imageUri } };

  expect(describeImage(ARN, output, CONTAINER)).toEqual({
    kind: 'runnable',
    description: { container: CONTAINER, codeSha256: 'abc' },
  });
});

test('a function that was deployed since is refused with both images and the remedy', () => {
  expect(describeImage(ARN, { $metadata: {}, Code: { ImageUri: 'registry.example/fn:2' } }, CONTAINER)).toEqual({
    kind: 'refused',
    code: 'IMAGE_OUTDATED',
    message: `${ARN} has the image registry.example/fn:2 now, and this task runs registry.example/fn:1: run "terraform apply", which reads the function anew.`,
  });
});

describe('a task that names its image by digest', () => {
  const container = { ...CONTAINER, imageUri: 'registry.example/fn@sha256:aa' };
  const kindWith = (Code: object) => describeImage(ARN, { $metadata: {}, Code }, container).kind;

  test('runs a function whose tag had that digest when it was deployed, whatever its name', () => {
    expect([
      kindWith({ ImageUri: 'registry.example/fn:1', ResolvedImageUri: 'registry.example/fn@sha256:aa' }),
      kindWith({ ImageUri: 'registry.example/fn@sha256:aa' }),
    ]).toEqual(['runnable', 'runnable']);
  });

  test('refuses one that was deployed again with the same tag, which names another image by now', () => {
    const Code = { ImageUri: 'registry.example/fn:1', ResolvedImageUri: 'registry.example/fn@sha256:bb' };

    expect(describeImage(ARN, { $metadata: {}, Code }, container)).toEqual({
      kind: 'refused',
      code: 'IMAGE_OUTDATED',
      message: `${ARN} has the image registry.example/fn@sha256:bb now, and this task runs registry.example/fn@sha256:aa: run "terraform apply", which reads the function anew.`,
    });
  });

  test('refuses one whose digest Lambda does not say', () => {
    expect(kindWith({ ImageUri: 'registry.example/fn:1' })).toBe('refused');
  });
});

test('a function with the variables of the task is run, and one with others is refused without a word of what they are', () => {
  const container = { ...CONTAINER, environmentSha256: environmentSha256({ KEY: 'secret', TABLE: 'orders' }) };
  const described = (Variables: Record<string, string>) =>
    describeImage(
      ARN,
      { $metadata: {}, Configuration: { Environment: { Variables } }, Code: { ImageUri: CONTAINER.imageUri } },
      container,
    );

  expect(described({ TABLE: 'orders', KEY: 'secret' }).kind).toBe('runnable');
  expect(described({ TABLE: 'orders', KEY: 'hidden' })).toEqual({
    kind: 'refused',
    code: 'CONFIGURATION_OUTDATED',
    message: `The environment variables of ${ARN} were changed since this task's definition was made, and the task has the old ones: run "terraform apply", which reads the function anew.`,
  });
});

test('a function that is a zip is refused', () => {
  expect(describeImage(ARN, { $metadata: {}, Code: { Location: 'https://zip' } }, CONTAINER)).toMatchObject({
    kind: 'refused',
    code: 'RUNTIME_MISMATCH',
  });
});

test('a function whose variables Lambda could not decrypt is refused with the key', () => {
  const Configuration = {
    KMSKeyArn: 'arn:aws:kms:eu-west-1:123456789012:key/1',
    Environment: { Error: { ErrorCode: 'AccessDeniedException', Message: 'no' } },
  };
  const described = describeImage(
    ARN,
    { $metadata: {}, Configuration, Code: { ImageUri: CONTAINER.imageUri } },
    CONTAINER,
  );

  expect(described).toMatchObject({ kind: 'refused', code: 'FUNCTION_ENVIRONMENT_UNREADABLE' });
  expect('message' in described && described.message).toContain('key/1');
});

test('a function with a file system is refused with its path', () => {
  const Configuration = { FileSystemConfigs: [{ Arn: 'arn', LocalMountPath: '/mnt/models' }] };

  expect(
    describeImage(ARN, { $metadata: {}, Configuration, Code: { ImageUri: CONTAINER.imageUri } }, CONTAINER),
  ).toEqual({
    kind: 'refused',
    code: 'FILE_SYSTEM_NOT_MOUNTED',
    message: `${ARN} has a file system at /mnt/models, which its task definition does not mount: give a taskDefinition of yours that does, with an image that has the runner.`,
  });
});
