import { Fn } from 'cdktf';
import type { Statement } from './policy-document';

// Statements for the workers of activities, beside those of permissions.ts that they share with a run's tasks.

/** Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_stepfunctions.html */
export function takeActivityTasks(activityArn: string): Statement {
  return { Sid: 'TakeActivityTasks', Effect: 'Allow', Action: ['states:GetActivityTask'], Resource: activityArn };
}

/** A function may be handed the pointer to a large output of the state before, and has the worker's role. */
export function readOutputs(payloadBucketArn: string): Statement {
  return { Sid: 'ReadOutputs', Effect: 'Allow', Action: ['s3:GetObject'], Resource: `${payloadBucketArn}/outputs/*` };
}

/** The one function of an activity, as it is and with a qualifier. */
export function fetchFunction(functionArn: string): Statement {
  return {
    Sid: 'FetchFunction',
    Effect: 'Allow',
    Action: ['lambda:GetFunction'],
    Resource: [functionArn, Fn.join(':', [functionArn, '*'])],
  };
}
