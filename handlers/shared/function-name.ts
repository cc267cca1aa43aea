/** What a caller may call a function, taken apart. Parts that the text left out are left out here. */
export interface FunctionName {
  readonly partition?: string;
  readonly region?: string;
  readonly account?: string;
  readonly functionName: string;
  /** A version, an alias, `$LATEST` or `$LATEST.PUBLISHED`. */
  readonly qualifier?: string;
}

/** The forms that {@link parseFunctionName} reads, for error messages. */
export const FUNCTION_NAME_FORMS =
  'an ARN (arn:aws:lambda:us-east-1:123456789012:function:name), a partial ARN (123456789012:function:name) or a name, ' +
  'each with or without :qualifier (a version, an alias or $LATEST)';

// aws, aws-cn, aws-us-gov, aws-iso, aws-iso-b, aws-eusc and those to come.
const PARTITION = /^aws(-[a-z]+)*$/;
const REGION = /^[a-z]+(-[a-z]+)+-\d+$/;
// AWS's account ids have 12 digits. The documented example of task-starter, which must work as it is, has 11.
const ACCOUNT = /^\d{11,12}$/;
const NAME = /^[a-zA-Z0-9_-]{1,64}$/;
const QUALIFIER = /^(\$LATEST(\.PUBLISHED)?|[a-zA-Z0-9_-]{1,128})$/;

interface Parts {
  readonly partition?: string | undefined;
  readonly region?: string | undefined;
  readonly account?: string | undefined;
  readonly functionName: string | undefined;
  readonly qualifier?: string | undefined;
}

function split(text: string): Parts | undefined {
  const parts = text.split(':');
  if (parts[0] === 'arn') {
    const [, partition, service, region, account, resource, functionName, qualifier, ...rest] = parts;
    const isFunction = service === 'lambda' && resource === 'function' && rest.length === 0;
    const isComplete = partition !== undefined && region !== undefined && account !== undefined;
    return isFunction && isComplete ? { partition, region, account, functionName, qualifier } : undefined;
  }
  if (parts.length > 2) {
    const [account, resource, functionName, qualifier, ...rest] = parts;
    return resource === 'function' && rest.length === 0 ? { account, functionName, qualifier } : undefined;
  }
  const [functionName, qualifier] = parts;
  return { functionName, qualifier };
}

function matches(pattern: RegExp, part: string | undefined): boolean {
  return part === undefined || pattern.test(part);
}

/**
 * Takes a function's ARN, partial ARN or name apart, with or without a qualifier, in any partition; `undefined` when
 * the text is none of them.
 * Source: FunctionName of https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConfiguration.html
 */
export function parseFunctionName(text: string): FunctionName | undefined {
  const parts = split(text);
  if (parts?.functionName === undefined || !NAME.test(parts.functionName)) {
    return undefined;
  }
  const { partition, region, account, functionName, qualifier } = parts;
  const isLegal =
    matches(PARTITION, partition) &&
    matches(REGION, region) &&
    matches(ACCOUNT, account) &&
    matches(QUALIFIER, qualifier);
  return isLegal
    ? {
        ...(partition === undefined ? {} : { partition }),
        ...(region === undefined ? {} : { region }),
        ...(account === undefined ? {} : { account }),
        functionName,
        ...(qualifier === undefined ? {} : { qualifier }),
      }
    : undefined;
}

/** The ARN of a function with another qualifier, or with none. */
export function qualifiedArn(functionArn: string, qualifier: string | undefined): string {
  const unqualified = functionArn.split(':').slice(0, 7).join(':');
  return qualifier === undefined ? unqualified : `${unqualified}:${qualifier}`;
}
