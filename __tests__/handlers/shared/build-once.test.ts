import { buildOnce } from '../../../handlers/shared/build-once';

test('builds at once and one time, whoever asks and how often', () => {
  const parts = ['first', 'second'];
  const built = buildOnce(() => parts.shift());

  expect(parts).toEqual(['second']);
  expect([built(), built()]).toEqual(['first', 'first']);
});

test('tells each caller what failed, and does not fail itself', () => {
  const failure = new Error('OVERTIME_QUEUE_URL is not set.');
  const built = buildOnce(() => {
    throw failure;
  });

  expect(built).toThrow(failure);
  expect(built).toThrow(failure);
});
