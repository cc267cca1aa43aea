import { Fn } from 'cdktf';

/** A statement of an IAM policy, in IAM's own words. Values may be tokens. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: Readonly<Record<string, string>> | '*';
  readonly Action: readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/**
 * The JSON text of a policy. Terraform's own jsonencode writes it: JSON.stringify would put the values of tokens into
 * the text without escaping them. And an expression, unlike a data source, is known to a plan as far as its parts are,
 * and is not read again when a `depends_on` lies on the module.
 */
export function policyDocument(statements: readonly Statement[]): string {
  return Fn.jsonencode({ Version: '2012-10-17', Statement: statements });
}
