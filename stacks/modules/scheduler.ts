import { schedules as picture } from '../../pictures/patterns/schedules';
import { SENTENCES } from '../catalogue';
import { callModule, defineModule } from '../module-definition';
import { choiceInput } from '../parts/inputs';
import { SCHEDULER_ENGINES } from '../scheduler-props';
import { schedulerEventbridgeModule } from './scheduler-eventbridge';
import { schedulerServiceModule } from './scheduler-service';

const { name, starter_function_arn, schedules, alarm_actions, ...others } = schedulerServiceModule.inputs;

/** One declaration for two engines: each is a module of its own, as their resources have nothing in common. */
export const schedulerModule = defineModule({
  name: 'scheduler',
  sentence: SENTENCES.scheduler,
  picture,
  exampleOf: ['cluster', 'runner', 'starter', 'scheduler'],
  notes: [
    'With `engine = "service"` a service of Overtime’s own fires the schedules: to the second, with policies for runs that overlap and slots that were missed, pausing, and a history. With `engine = "eventbridge"` the same map becomes schedules of EventBridge Scheduler, nothing runs, and what EventBridge cannot do is refused with the reason.',
    'Other schedules are put by the registrar: by CloudFormation, with `registrar_function_arn` as the ServiceToken of a custom resource; by Terraform, with `aws_lambda_invocation` and `lifecycle_scope = "CRUD"`; or by whoever invokes it with `{"action": "put"}`.',
  ],
  inputs: {
    engine: choiceInput(SCHEDULER_ENGINES, {
      description: 'Who fires the slots: a service of Overtime’s own, or EventBridge Scheduler.',
      default: 'service',
    }),
    name,
    starter_function_arn,
    schedules,
    alarm_actions,
    ...others,
  },
  build: (stack, { engine: _, ...values }, built) => {
    const service = callModule(stack, schedulerServiceModule, values, built, 'var.engine == "service"');
    const common = {
      name: values.name,
      starter_function_arn: values.starter_function_arn,
      schedules: values.schedules,
      alarm_actions: values.alarm_actions,
    };
    const eventbridge = callModule(stack, schedulerEventbridgeModule, common, built, 'var.engine == "eventbridge"');
    return {
      ...service.pass('registrar_function_name', 'registrar_function_arn', 'registrar_dead_letter_queue_url'),
      ...service.pass('schedules_table_name', 'schedules_table_arn', 'schedule_states_table_name', 'service_name'),
      ...eventbridge.pass('schedule_group_name', 'schedule_dead_letter_queue_url'),
    };
  },
});
