import { EXAMPLE_ACCOUNT, type RoleCall } from '../../local/role-calls';

/** A call that nobody made, beside one that somebody did. */
export interface ChangedCall extends RoleCall {
  /** What is another one. */
  readonly changed: string;
}

const OTHER_ACCOUNT = '210987654321';

/** Where the name of a resource stands in its ARN. */
const NAMES: readonly RegExp[] = [
  /(?<=^arn:aws:s3:::)[^/]+/,
  /(?<=^arn:aws:s3:::[^/]+\/)[^/]+/,
  /(?<=:table\/)[^/]+/,
  /(?<=\/index\/).+/,
  /(?<=^arn:aws:sqs:[^:]*:[^:]*:).+/,
  /(?<=^arn:aws:sns:[^:]*:[^:]*:).+/,
  /(?<=:event-bus\/).+/,
  /(?<=:function:)[^:]+/,
  /(?<=:layer:)[^:]+/,
  /(?<=:task-definition\/)[^:]+/,
  /(?<=:task\/)[^/]+/,
  /(?<=:role\/).+/,
  /(?<=:log-group:)[^:]+/,
  /(?<=:activity:).+/,
];

/** The same call on what lies next door: in another account, another region, by another name, under another condition. */
export function changedCalls(call: RoleCall): readonly ChangedCall[] {
  const { resource, context } = call;
  const resources = [
    ['account', resource.replace(EXAMPLE_ACCOUNT, OTHER_ACCOUNT)],
    ['region', resource.replace('us-east-1', 'eu-west-1')],
    ...NAMES.map((name) => ['name', resource.replace(name, 'another')] as const),
  ] as const;
  return [
    ...resources
      .filter(([, other]) => other !== resource)
      .map(([changed, other]) => ({ ...call, resource: other, changed })),
    ...Object.keys(context).map((key) => {
      const { [key]: _left, ...others } = context;
      return { ...call, context: others, changed: `no ${key}` };
    }),
  ];
}
