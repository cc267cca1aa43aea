import type { Picture } from '../picture';

export const everything: Picture = {
  name: 'everything',
  title: 'All modules together: who starts runs, and where they run',
  description:
    'Callers, schedules and rows of a database reach the starter, which starts a task for each run. Objects and messages reach the workers of the queue-worker module, and the tasks of Step Functions activities those of the activities module. Runs and workers are tasks in the one cluster; runs leave their row in the ledger of the runner module, and the outcome goes to whoever waits for it.',
  parts: {
    caller: { name: 'callers', is: 'invoke, URL, queue, topic,', note: 'bus, bucket, Step Functions', kind: 'yours' },
    time: { name: 'time', is: 'cron, rate, at', kind: 'yours' },
    database: { name: 'rows', is: 'Aurora, RDS', kind: 'yours' },
    objects: { name: 'objects, messages', is: 'S3, SQS', kind: 'yours' },
    states: { name: 'states', is: 'Step Functions', kind: 'yours' },
    scheduler: { name: 'scheduler', made: { module: 'scheduler' } },
    trigger: { name: 'database-trigger', made: { module: 'database-trigger' } },
    starter: { name: 'starter', made: { module: 'starter' } },
    queueWorker: { name: 'queue-worker', made: { module: 'queue-worker' } },
    activities: { name: 'activities', made: { module: 'activities' } },
    runs: {
      name: 'runs',
      note: 'one task each',
      made: { module: 'runner', address: 'aws_ecs_task_definition.task_on_base_images' },
    },
    queueWorkers: {
      name: 'workers',
      made: { module: 'queue-worker', address: 'aws_ecs_task_definition.worker_on_base_images' },
    },
    activityWorkers: { name: 'workers', made: { module: 'activities', address: 'aws_ecs_service.workers' } },
    ledger: { name: 'ledger', made: { module: 'runner', address: 'aws_dynamodb_table.ledger' } },
    outcome: { name: 'outcome', is: 'token, callback, queue,', note: 'topic, bus, bucket', kind: 'yours' },
  },
  frames: [
    {
      title: 'ECS cluster',
      made: { module: 'cluster', address: 'aws_ecs_cluster.cluster' },
      parts: ['runs', 'queueWorkers', 'activityWorkers'],
    },
  ],
  columns: [
    ['caller', 'time', 'database', 'objects', 'states'],
    ['starter', 'queueWorker', 'activities'],
  ],
  arrows: [
    { from: 'caller', to: 'starter' },
    { from: 'time', to: 'scheduler' },
    { from: 'scheduler', to: 'starter' },
    { from: 'database', to: 'trigger' },
    { from: 'trigger', to: 'starter' },
    { from: 'objects', to: 'queueWorker' },
    { from: 'states', to: 'activities' },
    { from: 'starter', to: 'runs' },
    { from: 'queueWorker', to: 'queueWorkers' },
    { from: 'activities', to: 'activityWorkers' },
    { from: 'runs', to: 'ledger' },
    { from: 'runs', to: 'outcome' },
    { from: 'queueWorkers', to: 'outcome' },
    { from: 'activityWorkers', to: 'outcome' },
  ],
};
