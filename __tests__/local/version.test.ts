import { isAtLeast } from '../../local/version';

test.each([
  ['1.9.0', '1.9', true],
  ['1.11.4', '1.9', true],
  ['2.0.0', '1.9', true],
  ['1.8.5', '1.9', false],
  ['0.15.0', '1.9', false],
  ['5.100.0', '5.100.0', true],
  ['5.99.1', '5.100.0', false],
  ['6.0.0', '5.100.0', true],
  ['6.66.0', '7.0.0', false],
  ['7.0.0', '7.0.0', true],
  ['no version', '1.9', false],
])('%s is %s or newer: %s', (version, oldest, expected) => {
  expect(isAtLeast(version, oldest)).toBe(expected);
});
