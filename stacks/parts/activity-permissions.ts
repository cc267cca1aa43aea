import { Fn } from 'cdktf';
import type { Statement } from './policy-document';

// Statements for the workers of activities, beside those of permissions.ts that they share with a run's tasks.

/** Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_stepfunctions.html */
export function takeActivityTasks(activityArn: string): Statement {
  return { Sid: 'TakeActivityTasks', Effect: 'Allow', Action: ['states:GetActivityTask'], Resource: activityArn };
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
