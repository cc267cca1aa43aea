import { register } from '../../../handlers/registrar/registrar';
import { awsError, NOW, RegistrarWorld } from '../../support/registrar/world';

let world: RegistrarWorld;

beforeEach(() => {
  world = new RegistrarWorld();
});

/** https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html */
const record = (eventName: string, id: string) => ({
  eventID: `${eventName}-${id}`,
  eventName,
  eventVersion: '1.1',
  eventSource: 'aws:dynamodb',
  awsRegion: 'eu-west-1',
  dynamodb: { Keys: { id: { S: id } }, SequenceNumber: '111', SizeBytes: 26, StreamViewType: 'KEYS_ONLY' },
  eventSourceARN: 'arn:aws:dynamodb:eu-west-1:123456789012:table/schedules/stream/2026-11-27T00:00:00.000',
});

const at = (seconds: number, of: ReturnType<typeof record>) => ({
  ...of,
  dynamodb: { ...of.dynamodb, ApproximateCreationDateTime: seconds },
});

const stream = (...Records: readonly unknown[]) => register({ Records }, world.deps());

describe("the schedules table's stream", () => {
  test('notes each row that was written or deleted once, by whomever', async () => {
    expect(
      await stream(record('INSERT', 'a'), record('MODIFY', 'b'), record('MODIFY', 'a'), record('REMOVE', 'c')),
    ).toEqual({
      noted: 3,
    });
    expect([...world.noted].sort()).toEqual(['a', 'b', 'c']);
  });

  test('tells when each row was written last, in whole seconds, however late the records come', async () => {
    const seconds = Date.parse('2026-11-27T11:35:07.000Z') / 1_000;

    await stream(
      at(seconds, record('INSERT', 'a')),
      at(seconds + 3.7, record('MODIFY', 'a')),
      at(seconds + 1, record('MODIFY', 'a')),
      record('MODIFY', 'a'),
      record('REMOVE', 'b'),
    );

    expect(world.notes).toEqual([
      { by: 'stream', id: 'a', at: NOW, writtenAt: new Date('2026-11-27T11:35:10.000Z') },
      { by: 'stream', id: 'b', at: NOW, writtenAt: undefined },
    ]);
  });

  test('fails as a whole where a note fails, so that Lambda brings it again', async () => {
    world.fail('note', awsError('ProvisionedThroughputExceededException'));

    await expect(stream(record('INSERT', 'a'))).rejects.toMatchObject({
      name: 'ProvisionedThroughputExceededException',
    });
  });

  test.each([
    [{ eventSource: 'aws:s3' }],
    [{}],
    ['record'],
    [at(Number.MAX_VALUE, record('INSERT', 'a'))],
    [{ ...record('INSERT', 'a'), dynamodb: { Keys: { pk: { S: 'a' } } } }],
  ])('is not %p', async (odd) => {
    await expect(stream(record('INSERT', 'a'), odd)).rejects.toMatchObject({ name: 'INVALID_INPUT' });
    expect(world.noted).toEqual([]);
  });
});
