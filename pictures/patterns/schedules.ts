import type { Picture } from '../picture';

export const schedules: Picture = {
  name: 'schedules',
  title: 'How schedules start runs, with either engine',
  description:
    'With the engine service, the registrar writes schedules to a table, from Terraform, CloudFormation or a call; rows may be written there by others too. Two tasks read it and fire each slot once, as they note it in a second table first. With the engine eventbridge, Terraform makes schedules of EventBridge Scheduler, and what these cannot fire goes to a dead-letter queue. Either way the starter is invoked, and starts a task.',
  parts: {
    declared: { name: 'your schedules', is: 'Terraform, CloudFormation,', note: 'a call, or a row', kind: 'yours' },
    registrar: {
      name: 'registrar',
      made: { module: 'scheduler-service', address: 'aws_lambda_function.registrar_function' },
    },
    table: { name: 'schedules', made: { module: 'scheduler-service', address: 'aws_dynamodb_table.schedules' } },
    scheduler: {
      name: 'scheduler',
      note: 'two small tasks',
      made: { module: 'scheduler-service', address: 'aws_ecs_service.service' },
    },
    states: {
      name: 'states',
      note: 'each slot once',
      made: { module: 'scheduler-service', address: 'aws_dynamodb_table.schedule_states' },
    },
    declaredOnly: { name: 'your schedules', is: 'Terraform', kind: 'yours' },
    eventbridge: {
      name: 'a schedule each',
      made: { module: 'scheduler-eventbridge', address: 'aws_scheduler_schedule.schedule' },
    },
    deadLetters: {
      name: 'dead letters',
      made: { module: 'scheduler-eventbridge', address: 'aws_sqs_queue.dead_letters' },
    },
    starter: {
      name: 'starter',
      note: 'starts the run',
      made: { module: 'starter', address: 'aws_lambda_function.function' },
    },
  },
  frames: [
    {
      title: "engine = 'service'",
      made: { module: 'scheduler-service' },
      parts: ['registrar', 'table', 'scheduler', 'states'],
    },
    {
      title: "engine = 'eventbridge'",
      made: { module: 'scheduler-eventbridge' },
      parts: ['eventbridge', 'deadLetters'],
    },
  ],
  arrows: [
    { from: 'declared', to: 'registrar' },
    { from: 'registrar', to: 'table' },
    { from: 'table', to: 'scheduler' },
    { from: 'scheduler', to: 'states', isBothWays: true, isLoose: true },
    { from: 'scheduler', to: 'starter', label: 'request' },
    { from: 'declaredOnly', to: 'eventbridge' },
    { from: 'eventbridge', to: 'starter', label: 'request' },
    { from: 'eventbridge', to: 'deadLetters', label: 'not fired', isRare: true },
  ],
};
