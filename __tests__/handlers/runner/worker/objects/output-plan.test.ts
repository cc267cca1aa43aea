import { planOutputs } from '../../../../../handlers/runner/worker/objects/output-plan';

const OBJECT = { bucket: 'scenes', key: 'a/b/scene.zip' };
const BESIDE = { outputBucket: undefined, outputPrefix: '' };

const SOURCE = {
  jobId: 's3://scenes/a/b/scene.zip?etag=1',
  queueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/scenes',
};

const file = (name: string) => ({ file: `/jobs/1/output/${name}`, name, bytes: 3 });

test('an output lies beside the object, with its type, and names the job that it comes from', () => {
  expect(planOutputs(OBJECT, SOURCE, [file('scene.png')], BESIDE)).toEqual({
    kind: 'planned',
    outputs: [
      {
        file: '/jobs/1/output/scene.png',
        bytes: 3,
        bucket: 'scenes',
        key: 'a/b/scene.png',
        contentType: 'image/png',
        metadata: { 'overtime-source': SOURCE.jobId, 'overtime-queue': SOURCE.queueUrl },
      },
    ],
  });
});

test.each([
  ['in the folders that the command has made', OBJECT, 'frames/1.png', BESIDE, 'scenes', 'a/b/frames/1.png'],
  ['at the top, where the object is', { ...OBJECT, key: 'scene.zip' }, 's.png', BESIDE, 'scenes', 's.png'],
  [
    "in the object's folder under the prefix",
    OBJECT,
    's.png',
    { ...BESIDE, outputPrefix: 'rendered/' },
    'scenes',
    'rendered/a/b/s.png',
  ],
  ['in the bucket for outputs', OBJECT, 's.png', { ...BESIDE, outputBucket: 'out' }, 'out', 'a/b/s.png'],
  [
    "under the object's own key in another bucket",
    OBJECT,
    'scene.zip',
    { ...BESIDE, outputBucket: 'out' },
    'out',
    'a/b/scene.zip',
  ],
])('an output lies %s', (_, object, name, settings, bucket, key) => {
  expect(planOutputs(object, SOURCE, [file(name)], settings)).toMatchObject({ outputs: [{ bucket, key }] });
});

test('an output that would replace its own object is refused, and none of the others is uploaded', () => {
  expect(planOutputs(OBJECT, SOURCE, [file('scene.png'), file('scene.zip')], BESIDE)).toEqual({
    kind: 'refused',
    reason:
      'The output "a/b/scene.zip" would replace the object that it was made of: leave it under another name, or set ' +
      'OVERTIME_OUTPUT_PREFIX or OVERTIME_OUTPUT_BUCKET.',
  });
});

test.each([
  ['1,024 bytes are', `${'x'.repeat(1_016)}.png`, 'planned'],
  ['1,025 bytes are not', `${'x'.repeat(1_017)}.png`, 'refused'],
  ['1,025 bytes of fewer characters are not', `${'ü'.repeat(508)}x.png`, 'refused'],
])('of a key %s too many for S3', (_, name, kind) => {
  expect(planOutputs(OBJECT, SOURCE, [file(name)], BESIDE).kind).toBe(kind);
});
