import { arn, type Place } from './place';
import type { Statement } from './policy-document';

// What only those need who do the work: the watcher tells outcomes in their place, and never says that it goes on.

/** The token is what names the task: AWS knows no resource for it, as for the outcomes. */
export function sendTaskHeartbeats(): Statement {
  return { Sid: 'SendTaskHeartbeats', Effect: 'Allow', Action: ['states:SendTaskHeartbeat'], Resource: '*' };
}

/** To durable functions of this account and region that wait for a run. */
export function sendCallbackHeartbeats(place: Place): Statement {
  return {
    Sid: 'SendCallbackHeartbeats',
    Effect: 'Allow',
    Action: ['lambda:SendDurableExecutionCallbackHeartbeat'],
    Resource: arn(place, 'lambda', 'function:*:*/durable-execution/*'),
  };
}
