import type { Picture } from '../picture';

export const activities: Picture = {
  name: 'activities',
  title: 'How a state of Step Functions has its task done: by a warm worker, or by a run',
  description:
    'A state of an activity puts a task there. A worker of the ECS service, which is always there, asks for it, sends heartbeats while your function works, and answers with the output or the error. A state that invokes the starter with a task token waits for a run instead: the task that is started for it answers the token at its end.',
  home: 'activities',
  parts: {
    tokenState: { name: 'a state', is: '.waitForTaskToken', kind: 'yours' },
    starter: { name: 'starter', made: { module: 'starter', address: 'aws_lambda_function.function' } },
    run: {
      name: 'run',
      note: 'a task for this state',
      made: { module: 'runner', address: 'aws_ecs_task_definition.task_on_base_images' },
    },
    runFunction: { name: 'your function', is: 'in the same task', kind: 'yours' },
    activityState: { name: 'a state', is: 'Resource: the activity', kind: 'yours' },
    activity: { name: 'activity', made: { module: 'activities', address: 'aws_sfn_activity.activity' } },
    workers: {
      name: 'workers',
      note: 'always there',
      made: { module: 'activities', address: 'aws_ecs_service.workers' },
    },
    function: { name: 'your function', is: 'in the same task', kind: 'yours' },
  },
  arrows: [
    { from: 'tokenState', to: 'starter', label: 'request,\ntaskToken' },
    { from: 'starter', to: 'run', label: 'RunTask' },
    { from: 'run', to: 'runFunction', label: 'Runtime API', isBothWays: true },
    { from: 'run', to: 'tokenState', label: 'SendTaskSuccess, SendTaskFailure', isLoose: true },
    { from: 'activityState', to: 'activity', label: 'input', isBothWays: true },
    { from: 'activity', to: 'workers', label: 'GetActivityTask\nSendTaskHeartbeat\nSendTaskSuccess', isBothWays: true },
    { from: 'workers', to: 'function', label: 'Runtime API', isBothWays: true },
  ],
};
