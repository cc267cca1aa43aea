import { environmentSha256 } from '../../../../handlers/runner/sidecar/environment-sha256';

test('the hash is the one that Terraform finds, whatever a value holds and however its letters are put together', () => {
  const variables = { TITLE: 'say "hi"', _HANDLER: 'not mine', TZ: 'Asia/Shanghai', ODD: '<e\u0301> & \u2028\\\n\t' };

  // As __tests__/modules/examples/runner/runner.tftest.hcl has it.
  expect(environmentSha256(variables)).toBe('c185d2f2e11ae1009be3fae3df3346d5651d86159212538c3e849a4570de1691');
});

test('the order of the variables does not matter', () => {
  expect(environmentSha256({ AB: '1', A: '2', a_: '3' })).toBe(environmentSha256({ a_: '3', A: '2', AB: '1' }));
});

test.each([
  [{ A: '1' }, { A: '2' }],
  [{ A: '1' }, { B: '1' }],
  [{ A: '1' }, {}],
  [{ A: '1' }, { A: '1', B: '' }],
  [
    { A: 'x', B: 'y' },
    { A: 'y', B: 'x' },
  ],
  [{ A: '1\nB 2' }, { A: '1', B: '2' }],
])('%j and %j have two hashes', (one, other) => {
  expect(environmentSha256(one)).not.toBe(environmentSha256(other));
});
