import { Fn } from 'cdktf';
import { arn, type Place } from './place';
import type { Statement } from './policy-document';

// What a queue worker's dispatcher and workers may do: beside permissions.ts, in the same way.

/** The dispatcher puts messages into the queue, and looks how many there are. */
export function fillQueue(queueArn: string): Statement {
  return {
    Sid: 'FillQueue',
    Effect: 'Allow',
    Action: ['sqs:GetQueueAttributes', 'sqs:SendMessage'],
    Resource: queueArn,
  };
}

/** A worker sends as well: the copy of a message whose twelve hours end before the work does. */
export function workOnQueue(queueArn: string): Statement {
  return {
    Sid: 'WorkOnQueue',
    Effect: 'Allow',
    Action: ['sqs:ChangeMessageVisibility', 'sqs:DeleteMessage', 'sqs:ReceiveMessage', 'sqs:SendMessage'],
    Resource: queueArn,
  };
}

export function setMessagesAside(deadLetterQueueArn: string): Statement {
  return { Sid: 'SetMessagesAside', Effect: 'Allow', Action: ['sqs:SendMessage'], Resource: deadLetterQueueArn };
}

/** The one item by which two dispatchers do not start more workers than there are to be. */
export function holdLaunchLock(jobsTableArn: string): Statement {
  return {
    Sid: 'HoldLaunchLock',
    Effect: 'Allow',
    Action: ['dynamodb:UpdateItem'],
    Resource: jobsTableArn,
    Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['launch-lock'] } },
  };
}

/**
 * What the ids of jobs begin with: of a message, and of an object as in handlers/shared/object-event/job-id.ts. No other
 * item of the table is a worker's, least of all the launch lock.
 */
const JOB_IDS = ['message:*', 's3:*'];

/**
 * Who works on what.
 * Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
 */
export function claimJobs(jobsTableArn: string): Statement {
  return {
    Sid: 'ClaimJobs',
    Effect: 'Allow',
    Action: ['dynamodb:UpdateItem'],
    Resource: jobsTableArn,
    Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': JOB_IDS } },
  };
}

/**
 * AWS knows no resource for tasks that are only counted, but the cluster.
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
 */
export function countWorkers(clusterArn: string): readonly Statement[] {
  const inCluster = { ArnEquals: { 'ecs:cluster': clusterArn } };
  return [
    { Sid: 'ListWorkers', Effect: 'Allow', Action: ['ecs:ListTasks'], Resource: '*', Condition: inCluster },
    {
      Sid: 'DescribeWorkers',
      Effect: 'Allow',
      Action: ['ecs:DescribeTasks'],
      Resource: `${Fn.replace(clusterArn, ':cluster/', ':task/')}/*`,
      Condition: inCluster,
    },
  ];
}

/** The one service of workers. */
export function scaleWorkers(clusterArn: string, serviceName: string): Statement {
  return {
    Sid: 'ScaleWorkers',
    Effect: 'Allow',
    Action: ['ecs:DescribeServices', 'ecs:UpdateService'],
    Resource: Fn.join('/', [Fn.replace(clusterArn, ':cluster/', ':service/'), serviceName]),
    Condition: { ArnEquals: { 'ecs:cluster': clusterArn } },
  };
}

/** To tell a worker's output from work, and to send for an object by hand: HeadObject asks for this. */
export function lookAtObjects(objectsArn: string): Statement {
  return {
    Sid: 'LookAtObjects',
    Effect: 'Allow',
    Action: ['s3:GetObject', 's3:GetObjectVersion'],
    Resource: objectsArn,
  };
}

export function readObjects(objectsArn: string): Statement {
  return {
    Sid: 'ReadObjects',
    Effect: 'Allow',
    Action: ['s3:GetObject', 's3:GetObjectVersion'],
    Resource: objectsArn,
  };
}

/**
 * Of an object that is gone S3 says so only to those who may list the bucket, and to others that they may not read it.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
 */
export function tellMissingObjects(bucketArn: string): Statement {
  return { Sid: 'TellMissingObjects', Effect: 'Allow', Action: ['s3:ListBucket'], Resource: bucketArn };
}

/** A part of an upload that was not finished is taken away again. */
export function writeObjects(objectsArn: string): Statement {
  return {
    Sid: 'WriteObjects',
    Effect: 'Allow',
    Action: ['s3:AbortMultipartUpload', 's3:PutObject'],
    Resource: objectsArn,
  };
}

/**
 * A key of the customer's, by way of one service and for nothing else. Where a variable gives none, the ARN of no key: the
 * id of a key has 36 characters.
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
 */
function useKey(
  Sid: string,
  Action: readonly string[],
  place: Place,
  keyArn: string,
  service: 'sqs' | 's3',
): Statement {
  return {
    Sid,
    Effect: 'Allow',
    Action,
    Resource: Fn.coalesce([keyArn, arn(place, 'kms', 'key/none')]),
    Condition: { StringLike: { 'kms:ViaService': `${service}.*` } },
  };
}

/**
 * Whoever sends messages needs both, and whoever takes some the first.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
 */
export function useQueueKey(place: Place, keyArn: string): Statement {
  return useKey('UseQueueKey', ['kms:Decrypt', 'kms:GenerateDataKey'], place, keyArn, 'sqs');
}

/**
 * Whoever writes an object in parts has to decrypt them, too.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
 */
export function useBucketKey(place: Place, keyArn: string): Statement {
  return useKey('UseBucketKey', ['kms:Decrypt', 'kms:GenerateDataKey'], place, keyArn, 's3');
}

/** Of whoever writes no object. */
export function readWithBucketKey(place: Place, keyArn: string): Statement {
  return useKey('ReadWithBucketKey', ['kms:Decrypt'], place, keyArn, 's3');
}
