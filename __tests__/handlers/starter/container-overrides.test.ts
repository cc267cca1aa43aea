import fc from 'fast-check';
import { containerOverrides, packContainerInput } from '../../../handlers/starter/container-overrides';
import { overridesBytes } from '../../../handlers/starter/overrides';

const RUN = { containerName: 'app', size: {}, command: ['report'], environment: { MODE: 'all' } };
const LAST = { runId: 'run-1', attempt: 11 };
const LOCATION = { bucket: 'payloads', key: 'inputs/run-1.json' };

const pack = (input: unknown, location: typeof LOCATION | undefined = LOCATION) =>
  packContainerInput(RUN, LAST, input, location);

const EMPTY_BYTES = overridesBytes(containerOverrides({ ...RUN, input: { inline: '' } }, LAST));

describe('the input of a container run', () => {
  test.each([
    ['fits to the byte', 8192 - EMPTY_BYTES, 'inline'],
    ['is one byte too long', 8193 - EMPTY_BYTES, 's3'],
  ])('that %s goes %s', (_, characters, form) => {
    const packed = pack('x'.repeat(characters));

    expect(packed.kind === 'packed' && Object.keys(packed.input ?? {})).toEqual([form]);
  });

  test('too large lies in the bucket, and the container has its place', () => {
    const input = 'é'.repeat(8_000);
    const packed = pack(input);

    expect(packed).toEqual({
      kind: 'packed',
      input: { s3: LOCATION },
      upload: { ...LOCATION, body: JSON.stringify(input) },
    });
    expect(
      containerOverrides({ ...RUN, input: { s3: LOCATION } }, LAST).containerOverrides?.[0]?.environment,
    ).toContainEqual({ name: 'OVERTIME_INPUT_S3_URI', value: 's3://payloads/inputs/run-1.json' });
  });

  test('that nobody gave is in no variable', () => {
    const { containerOverrides: [container] = [] } = containerOverrides(RUN, LAST);

    expect(pack(undefined)).toEqual({ kind: 'packed', input: undefined, upload: undefined });
    expect(container?.environment?.map(({ name }) => name)).toEqual([
      'MODE',
      'OVERTIME_RUN_ID',
      'OVERTIME_RUN_ATTEMPT',
    ]);
  });

  test('whatever it is arrives as it was, within what ECS takes, or by way of the bucket', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.integer({ min: 0, max: 9_000 }), (value, padding) => {
        const input = [value, 'x'.repeat(padding)];
        const packed = pack(input);
        if (packed.kind !== 'packed') {
          throw new Error(packed.kind);
        }
        const overrides = containerOverrides({ ...RUN, input: packed.input }, LAST);
        const variables = overrides.containerOverrides?.[0]?.environment ?? [];
        const inline = variables.find(({ name }) => name === 'OVERTIME_INPUT')?.value;

        expect(overridesBytes(overrides)).toBeLessThanOrEqual(8192);
        expect(inline ?? packed.upload?.body).toBe(JSON.stringify(input));
      }),
    );
  });
});
