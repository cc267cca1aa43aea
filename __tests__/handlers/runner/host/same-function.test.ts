import { describeFunction, type FunctionDescription } from '../../../../handlers/runner/function-description';
import { isSameFunction } from '../../../../handlers/runner/host/same-function';

const ARN = 'arn:aws:lambda:us-east-1:123456789012:function:fn';

/** What two look-ups say of the function; Lambda gives each another link. */
function lookedUp(configuration: object, link: string): FunctionDescription {
  const described = describeFunction(ARN, {
    Configuration: {
      FunctionName: 'fn',
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      CodeSha256: 'one',
      CodeSize: 1,
      RevisionId: link,
      Environment: { Variables: { A: '1', B: '2' } },
      ...configuration,
    },
    Code: { Location: `https://example.com/${link}` },
    $metadata: {},
  });
  if (described.kind !== 'runnable') {
    throw new Error(described.message);
  }
  return described.description;
}

test.each([
  { what: 'nothing but the link and the revision', configuration: {}, isSame: true },
  {
    what: 'the order of the variables',
    configuration: { Environment: { Variables: { B: '2', A: '1' } } },
    isSame: true,
  },
  { what: 'the code', configuration: { CodeSha256: 'other' }, isSame: false },
  { what: 'a variable', configuration: { Environment: { Variables: { A: '1', B: '3' } } }, isSame: false },
  { what: 'the layers', configuration: { Layers: [{ Arn: 'arn:aws:lambda:us-east-1:1:layer:l:2' }] }, isSame: false },
  { what: 'the handler', configuration: { Handler: 'index.other' }, isSame: false },
  { what: 'the memory', configuration: { MemorySize: 512 }, isSame: false },
])('of two look-ups that differ in $what, sameness is $isSame', ({ configuration, isSame }) => {
  expect(isSameFunction(lookedUp({}, 'first'), lookedUp(configuration, 'second'))).toBe(isSame);
});
