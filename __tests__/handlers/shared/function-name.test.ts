import fc from 'fast-check';
import { parseFunctionName, qualifiedArn } from '../../../handlers/shared/function-name';

describe('parseFunctionName', () => {
  test.each([
    ['resize', { functionName: 'resize' }],
    ['resize:live', { functionName: 'resize', qualifier: 'live' }],
    ['resize:7', { functionName: 'resize', qualifier: '7' }],
    ['resize:$LATEST', { functionName: 'resize', qualifier: '$LATEST' }],
    ['function:live', { functionName: 'function', qualifier: 'live' }],
    ['123456789012:function:resize', { account: '123456789012', functionName: 'resize' }],
    ['123456789012:function:resize:7', { account: '123456789012', functionName: 'resize', qualifier: '7' }],
  ])('%s is read', (text, parts) => {
    expect(parseFunctionName(text)).toEqual(parts);
  });

  test.each([
    ['aws', 'us-east-1'],
    ['aws-cn', 'cn-north-1'],
    ['aws-us-gov', 'us-gov-west-1'],
    ['aws-iso', 'us-iso-east-1'],
    ['aws-iso-b', 'us-isob-east-1'],
    ['aws-eusc', 'eusc-de-east-1'],
  ])('an ARN in the partition %s is read', (partition, region) => {
    expect(parseFunctionName(`arn:${partition}:lambda:${region}:123456789012:function:resize:live`)).toEqual({
      partition,
      region,
      account: '123456789012',
      functionName: 'resize',
      qualifier: 'live',
    });
  });

  test("the ARN of task-starter's example is read, though its account id has 11 digits", () => {
    expect(parseFunctionName('arn:aws:lambda:us-west-2:00000000000:function:myTestLambdaFunction')).toEqual({
      partition: 'aws',
      region: 'us-west-2',
      account: '00000000000',
      functionName: 'myTestLambdaFunction',
    });
  });

  test.each([
    ['empty', ''],
    ['with a space', 'my function'],
    ['of 65 characters', 'f'.repeat(65)],
    ['with an empty qualifier', 'resize:'],
    ['with two qualifiers', '123456789012:function:resize:live:7'],
    ['of another service', 'arn:aws:s3:eu-west-1:123456789012:function:resize'],
    ['of a layer', 'arn:aws:lambda:eu-west-1:123456789012:layer:resize:1'],
    ['without a region', 'arn:aws:lambda::123456789012:function:resize'],
    ['with an account of 10 digits', '1234567890:function:resize'],
    ['in a partition that is not AWS', 'arn:gcp:lambda:eu-west-1:123456789012:function:resize'],
    ['with an unknown $ qualifier', 'resize:$NEWEST'],
    ['with a line feed at its end', 'resize\n'],
  ])('a name %s is refused', (_, text) => {
    expect(parseFunctionName(text)).toBeUndefined();
  });

  test('no text makes it throw', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[a-z0-9:$-]*$/)), (text) => {
        const { functionName } = parseFunctionName(text) ?? {};

        expect(functionName === undefined || text.includes(functionName)).toBe(true);
      }),
    );
  });
});

describe('qualifiedArn', () => {
  const arn = 'arn:aws:lambda:eu-west-1:123456789012:function:resize';

  test.each([
    [arn, 'live', `${arn}:live`],
    [`${arn}:live`, 'live', `${arn}:live`],
    [`${arn}:7`, 'live', `${arn}:live`],
    [`${arn}:$LATEST`, undefined, arn],
    [arn, undefined, arn],
  ])('%s with %s is %s', (functionArn, qualifier, expected) => {
    expect(qualifiedArn(functionArn, qualifier)).toBe(expected);
  });
});
