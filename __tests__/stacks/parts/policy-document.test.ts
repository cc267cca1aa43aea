// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the expressions are Terraform's

import { TerraformLocal, TerraformVariable } from 'cdktf';
import { policyDocument } from '../../../stacks/parts/policy-document';
import { viewModule } from '../../support/stack-view';
import { decodeJson } from '../../support/terraform-expression';

test('a statement is written in IAM’s words, and a token in it stays an expression that Terraform escapes', () => {
  const { document } = viewModule((stack) => {
    const bucket = new TerraformVariable(stack, 'bucket', { type: 'string' }).stringValue;
    const statement = {
      Sid: 'Read',
      Effect: 'Allow',
      Action: ['s3:GetObject'],
      Resource: `${bucket}/inputs/*`,
    } as const;
    new TerraformLocal(stack, 'policy', policyDocument([statement]));
  });

  expect(document.locals?.['policy']).toBe(
    '${jsonencode({"Version" = "2012-10-17", "Statement" = [{"Sid" = "Read", "Effect" = "Allow", ' +
      '"Action" = ["s3:GetObject"], "Resource" = "${var.bucket}/inputs/*"}]})}',
  );
});

describe('the reader of such expressions, on which the tests of policies rest', () => {
  test.each<[string, unknown]>([
    ['${jsonencode({"a" = [1, true, null, "text"]})}', { a: [1, true, null, 'text'] }],
    ['${jsonencode({"a" = aws_x.y.arn, "b" = 2})}', { a: '${aws_x.y.arn}', b: 2 }],
    ['${jsonencode({"a" = "${aws_x.y.arn}/*"})}', { a: '${aws_x.y.arn}/*' }],
    ['${jsonencode({"a" = join(":", ["b,c", d[0]]), "e" = []})}', { a: '${join(":", ["b,c", d[0]])}', e: [] }],
    ['${jsonencode([ for key, val in local.x: {"a" = val.b}])}', '${[ for key, val in local.x: {"a" = val.b}]}'],
    ['${jsonencode({"a" = "${replace(b, ":c/", "}")}/*", "d" = 1})}', { a: '${replace(b, ":c/", "}")}/*', d: 1 }],
  ])('%s', (text, expected) => {
    expect(decodeJson(text)).toEqual(expected);
  });

  test.each(['{"a": 1}', '${jsonencode({"a" = 1}) }', '${jsonencode({"a" = 1}]}'])('fails on %s', (text) => {
    expect(() => decodeJson(text)).toThrow();
  });
});
