import { withBarrelImports } from '../../bench/support/barrel-imports';

test('an import of a resource becomes one of the provider’s index, under the names that it had', () => {
  const text = [
    "import { Construct } from 'constructs';",
    "import { SqsQueue, type SqsQueueConfig } from '@cdktf/provider-aws/lib/sqs-queue';",
    "import type { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';",
    'new SqsQueue(this);',
  ].join('\n');

  expect(withBarrelImports(text).split('\n')).toEqual([
    "import { Construct } from 'constructs';",
    "import { sqsQueue as barrel0 } from '@cdktf/provider-aws';",
    'import SqsQueue = barrel0.SqsQueue;',
    'type SqsQueueConfig = barrel0.SqsQueueConfig;',
    "import type { lambdaFunction as barrel1 } from '@cdktf/provider-aws';",
    'type LambdaFunction = barrel1.LambdaFunction;',
    'new SqsQueue(this);',
  ]);
});
