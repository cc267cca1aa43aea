import { arn, type Place } from './place';
import type { Statement } from './policy-document';

// What the database-trigger module grants; permissions.ts has the rest.

/**
 * Lets RDS take the role for one cluster or instance, and nobody through RDS from elsewhere.
 * Source: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/cross-service-confused-deputy-prevention.html
 */
export function trustDatabase(place: Place, resource: string): Statement {
  return {
    Sid: 'TrustDatabase',
    Effect: 'Allow',
    Principal: { Service: 'rds.amazonaws.com' },
    Action: ['sts:AssumeRole'],
    Condition: {
      ArnEquals: { 'aws:SourceArn': arn(place, 'rds', resource) },
      StringEquals: { 'aws:SourceAccount': place.account },
    },
  };
}

export function invokeOne(sid: string, functionArn: string): Statement {
  return { Sid: sid, Effect: 'Allow', Action: ['lambda:InvokeFunction'], Resource: functionArn };
}

/** TransactWriteItems asks for the right to each thing that it does. */
export function keepRows(tableArn: string): Statement {
  return {
    Sid: 'KeepRows',
    Effect: 'Allow',
    Action: [
      'dynamodb:BatchGetItem',
      'dynamodb:BatchWriteItem',
      'dynamodb:ConditionCheckItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
    ],
    Resource: tableArn,
  };
}

export function sendRows(queueArn: string): Statement {
  return { Sid: 'SendRows', Effect: 'Allow', Action: ['sqs:SendMessage'], Resource: queueArn };
}

/** Rows that are too many for an invocation, where tasks may read inputs. */
export function writeRows(payloadBucketArn: string): Statement {
  return {
    Sid: 'WriteRows',
    Effect: 'Allow',
    Action: ['s3:PutObject'],
    Resource: `${payloadBucketArn}/inputs/rows/*`,
  };
}
