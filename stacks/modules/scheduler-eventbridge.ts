import { schedules as picture } from '../../pictures/patterns/schedules';
import { defineModule } from '../module-definition';
import { EVENTBRIDGE_RULES } from '../parts/eventbridge-problems';
import { Scheduler } from '../scheduler';
import type { ScheduleProps } from '../scheduler-props';
import { COMMON_INPUTS } from './scheduler-service';
import { schedulesInput } from './schedules-input';

export const schedulerEventbridgeModule = defineModule({
  name: 'scheduler-eventbridge',
  sentence:
    "EventBridge Scheduler in the service's place: the engine 'eventbridge' of the scheduler module, by itself.",
  picture,
  exampleOf: ['cluster', 'runner', 'starter', 'scheduler-eventbridge'],
  notes: [
    'The module `scheduler` calls this one where `engine` is `eventbridge`.',
    'EventBridge Scheduler fires within the minute. What it cannot do is refused when Terraform plans, with the reason: seconds, policies for runs that overlap or were missed, a day of the week beside a day of the month.',
  ],
  inputs: { ...COMMON_INPUTS, schedules: schedulesInput(EVENTBRIDGE_RULES) },
  build: (stack, values) => {
    const props: Required<ScheduleProps> = {
      name: values.name,
      starterFunctionArn: values.starter_function_arn,
      schedules: values.schedules,
      alarmActions: values.alarm_actions,
    };
    return new Scheduler(stack, 'Default', { ...props, engine: 'eventbridge' }).outputs;
  },
});
