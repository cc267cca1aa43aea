import type { Picture } from '../picture';

export const runAFunction: Picture = {
  name: 'run-a-function',
  title: 'How a run travels through Overtime',
  description:
    'A caller invokes the starter. It writes the run to the ledger and starts an ECS task, or puts the launch into a queue where the rate of the account does not allow it yet. In the task the runner fetches the package of the function from Lambda and serves it the Lambda Runtime API. The outcome goes to the ledger and to whoever waits for it. The watcher hears of each stopped task, and closes runs that nobody else closed.',
  home: 'runner',
  parts: {
    caller: { name: 'caller', is: 'client or event', kind: 'yours' },
    launches: { name: 'launch queue', made: { module: 'runner', address: 'aws_sqs_queue.launches' } },
    starter: { name: 'starter', made: { module: 'starter', address: 'aws_lambda_function.function' } },
    lambda: { name: 'Lambda', is: 'package, layers, settings', kind: 'yours' },
    runner: { name: 'runner', made: { module: 'runner', address: 'aws_ecs_task_definition.task_on_base_images' } },
    ledger: { name: 'ledger', note: 'a row per run', made: { module: 'runner', address: 'aws_dynamodb_table.ledger' } },
    function: { name: 'your function', is: 'in the same task, unchanged', kind: 'yours' },
    payloads: {
      name: 'payloads',
      note: 'large in- and outputs',
      made: { module: 'runner', address: 'aws_s3_bucket.payloads' },
    },
    waiting: {
      name: 'who waits for it',
      is: 'Step Functions, queue, topic,',
      note: 'bus, function, bucket',
      kind: 'yours',
    },
    watcher: { name: 'watcher', made: { module: 'runner', address: 'aws_lambda_function.watcher_function' } },
  },
  columns: [
    ['launches', 'starter'],
    ['lambda', 'runner', 'ledger'],
    ['function', 'payloads', 'waiting', 'watcher'],
  ],
  arrows: [
    { from: 'caller', to: 'starter', label: '1 request' },
    { from: 'launches', to: 'starter', label: 'over the rate', isRare: true, isBothWays: true },
    { from: 'starter', to: 'runner', label: '3 RunTask' },
    { from: 'starter', to: 'ledger', label: '2 the run' },
    { from: 'lambda', to: 'runner', label: '4 fetched' },
    { from: 'runner', to: 'ledger', label: '5 outcome' },
    { from: 'runner', to: 'function', label: 'Runtime API', isBothWays: true },
    { from: 'runner', to: 'payloads', isBothWays: true },
    { from: 'runner', to: 'waiting', label: '5 delivery' },
    { from: 'runner', to: 'watcher', label: 'stopped', isRare: true },
    { from: 'watcher', to: 'ledger', label: 'closes what\nnobody closed', isRare: true, isLoose: true },
  ],
};
