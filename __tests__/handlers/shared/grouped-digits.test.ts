import fc from 'fast-check';
import { groupedDigits } from '../../../handlers/shared/grouped-digits';

test.each([
  [0, '0'],
  [999, '999'],
  [1_000, '1,000'],
  [262_144, '262,144'],
  [1_209_600, '1,209,600'],
])('%s reads %s', (value, text) => {
  expect(groupedDigits(value)).toBe(text);
});

test('whole numbers read as they do in English', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (value) => {
      expect(groupedDigits(value)).toBe(value.toLocaleString('en-US'));
    }),
  );
});
