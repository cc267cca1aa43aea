import type { Statement } from './policy-document';

// What the starter needs besides for containers that are started as they are.

/**
 * Which container a task definition has, and where it runs. AWS knows no resource for this: it reads any of the account.
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
 */
export function describeTaskDefinitions(): Statement {
  return {
    Sid: 'DescribeTaskDefinitions',
    Effect: 'Allow',
    Action: ['ecs:DescribeTaskDefinition'],
    Resource: '*',
  };
}
