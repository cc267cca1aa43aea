import type { Picture } from '../picture';

export const queueWorker: Picture = {
  name: 'queue-worker',
  title: 'How an object becomes a file beside it, and a message is worked on',
  description:
    'An object comes into the bucket. The dispatcher hears of it, puts a message into the queue, and starts as many workers as the messages need, none while none wait; each minute it looks again. A worker takes the message, has your command or your function do the work, and uploads the file that was made beside the object. The table of jobs keeps duplicates from being worked on twice. What fails too often goes to the dead-letter queue with its reason.',
  home: 'queue-worker',
  parts: {
    bucket: {
      name: 'bucket',
      note: 'new, or yours',
      made: { module: 'queue-worker', address: 'aws_s3_bucket.objects' },
    },
    dispatcher: {
      name: 'dispatcher',
      made: { module: 'queue-worker', address: 'aws_lambda_function.dispatcher_function' },
    },
    sweep: {
      name: 'each minute',
      made: { module: 'queue-worker', address: 'aws_cloudwatch_event_rule.sweep' },
    },
    queue: {
      name: 'queue',
      note: 'others may send',
      made: { module: 'queue-worker', address: 'aws_sqs_queue.queue' },
    },
    deadLetters: { name: 'dead letters', made: { module: 'queue-worker', address: 'aws_sqs_queue.dead_letters' } },
    workers: {
      name: 'workers',
      note: 'none to max_workers',
      made: { module: 'queue-worker', address: 'aws_ecs_task_definition.worker_on_base_images' },
    },
    work: { name: 'your command', is: 'or function', kind: 'yours' },
    jobs: {
      name: 'jobs',
      note: 'each done once',
      made: { module: 'queue-worker', address: 'aws_dynamodb_table.jobs' },
    },
  },
  arrows: [
    { from: 'bucket', to: 'dispatcher', label: 'event' },
    { from: 'sweep', to: 'dispatcher' },
    { from: 'dispatcher', to: 'queue', label: 'message' },
    { from: 'dispatcher', to: 'workers', label: 'RunTask' },
    { from: 'queue', to: 'workers', label: 'messages' },
    { from: 'queue', to: 'deadLetters', label: 'given up', isRare: true },
    { from: 'workers', to: 'work', isBothWays: true },
    { from: 'workers', to: 'jobs', isBothWays: true },
    { from: 'workers', to: 'bucket', label: 'the file that was made', isLoose: true },
  ],
};
