import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { payloadText } from '../../../handlers/shared/payload';
import type { Payload } from '../../../handlers/shared/run';
import {
  overridesBytes,
  type PackedInput,
  type PackRequest,
  packInput,
  taskOverrides,
} from '../../../handlers/starter/overrides';
import { FUNCTION_ARN } from '../../support/starter/examples';

const LOCATION = { bucket: 'overtime-payloads', key: 'inputs/run-1.json' };

const request = (input: unknown, changes: Partial<PackRequest> = {}): PackRequest => ({
  containerName: 'runner',
  size: { cpu: 512, memoryMiB: 1024 },
  storageGiB: undefined,
  taskRoleArn: undefined,
  envelope: { version: 1, runId: 'run-1', attempt: 1, functionArn: FUNCTION_ARN, timeoutSeconds: 60 },
  input,
  location: LOCATION,
  ...changes,
});

/** Text that does not compress, as base64 of hashes. */
function noise(length: number): string {
  const blocks = Array.from({ length: Math.ceil(length / 43) }, (_, index) =>
    createHash('sha256').update(String(index)).digest('base64url'),
  );
  return blocks.join('').slice(0, length);
}

function packed(result: PackedInput): Extract<PackedInput, { kind: 'packed' }> {
  if (result.kind !== 'packed') {
    throw new Error(`The input is ${result.kind}.`);
  }
  return result;
}

const payloadOf = (result: PackedInput): Payload => packed(result).input;

/** The overrides that a task gets. */
const overrides = (input: Payload, changes: Partial<PackRequest> = {}) => {
  const { envelope, ...rest } = request(undefined, changes);
  return taskOverrides({ ...rest, envelope: { ...envelope, input } });
};

const EMPTY_BYTES = overridesBytes(overrides({ inline: '' }));

describe('the overrides of a run', () => {
  test('carry the run in one variable of the container that the settings name, and nothing else', () => {
    expect(overrides({ inline: { a: 'é' } }, { containerName: 'my-runner' })).toEqual({
      cpu: '512',
      memory: '1024',
      containerOverrides: [
        {
          name: 'my-runner',
          environment: [
            {
              name: 'OVERTIME_RUN',
              value:
                `{"version":1,"runId":"run-1","attempt":1,"functionArn":"${FUNCTION_ARN}",` +
                '"timeoutSeconds":60,"input":{"inline":{"a":"é"}}}',
            },
          ],
        },
      ],
    });
  });

  test('carry disk and task role where there are any', () => {
    const roleArn = 'arn:aws:iam::123456789012:role/resize';

    expect(overrides({ inline: {} }, { storageGiB: 100, taskRoleArn: roleArn })).toMatchObject({
      ephemeralStorage: { sizeInGiB: 100 },
      taskRoleArn: roleArn,
    });
  });
});

describe('an input', () => {
  // Each ASCII letter of it adds one byte, so that the whole value has exactly the length of the title.
  test.each([
    [8191, 'inline'],
    [8192, 'inline'],
    [8193, 'gzip'],
  ])('with which the overrides take %i bytes goes %s', (bytes, form) => {
    const input = 'a'.repeat(bytes - EMPTY_BYTES);
    const result = packInput(request(input));

    expect(EMPTY_BYTES + input.length).toBe(bytes);
    expect(Object.keys(payloadOf(result))).toEqual([form]);
  });

  test.each([
    ['é', 2],
    ['€', 3],
    ['😀', 4],
  ])('of %s is measured in its %i UTF-8 bytes, the most that ECS could count', (letter, letterBytes) => {
    const fitting = Math.floor((8192 - EMPTY_BYTES) / letterBytes);

    expect(Object.keys(payloadOf(packInput(request(letter.repeat(fitting)))))).toEqual(['inline']);
    expect(Object.keys(payloadOf(packInput(request(letter.repeat(fitting + 1)))))).toEqual(['gzip']);
  });

  test('of quotes is measured with the escapes that JSON in JSON in JSON needs', () => {
    // A quote takes 4 characters in a text of the envelope in the overrides, and the text has 7,800 / 4 of them.
    const result = packInput(request('"'.repeat(8000 / 4)));

    expect(Object.keys(payloadOf(result))).toEqual(['gzip']);
  });

  test('that does not fit when gzipped either goes to the bucket, as its own JSON text', () => {
    const input = { text: `${noise(20_000)}é` };
    const result = packInput(request(input));

    expect(payloadOf(result)).toEqual({ s3: LOCATION });
    expect(packed(result).upload).toEqual({ ...LOCATION, body: JSON.stringify(input) });
  });

  test('that fits nowhere is refused with its length, where there is no bucket', () => {
    const input = noise(20_000);
    const result = packInput(request(input, { location: undefined }));

    expect(result).toEqual({
      kind: 'no-bucket',
      inlineBytes: EMPTY_BYTES + input.length,
      gzipBytes: expect.any(Number),
    });
  });

  test('is refused with what the rest takes, where not even a pointer to it fits', () => {
    const environment = { QUOTES: '"'.repeat(2500) };
    const { envelope } = request({});
    const result = packInput(request(noise(20_000), { envelope: { ...envelope, environment } }));

    expect(result).toEqual({ kind: 'too-large', bytes: expect.any(Number) });
  });

  test('of any kind and size comes back whole, in overrides of at most 8,192 bytes', async () => {
    const small = fc.jsonValue();
    const large = fc.integer({ min: 1, max: 30_000 }).map((length) => ({ text: noise(length) }));
    const repeated = fc
      .tuple(fc.string({ unit: 'grapheme', minLength: 1 }), fc.integer({ min: 1, max: 5000 }))
      .map(([text, times]) => text.repeat(times));
    await fc.assert(
      fc.asyncProperty(fc.oneof(small, large, repeated), async (input) => {
        const result = packInput(request(input));
        const text = await payloadText(payloadOf(result), async () => packed(result).upload?.body ?? '');

        expect(text).toBe(JSON.stringify(input));
        expect(overridesBytes(overrides(payloadOf(result)))).toBeLessThanOrEqual(8192);
      }),
    );
  });
});
