import type { Picture } from '../picture';

export const databaseTrigger: Picture = {
  name: 'database-trigger',
  title: 'How a row of a database starts a run',
  description:
    'A trigger in Aurora or RDS calls the router, in a role that the database alone may take; or it writes to an outbox table, which a job in the database hands over after the commit. The router finds the rule for the row and asks the starter for a run. Where rows of a window become one run, they wait in a table, and a message with a delay tells the router when the window is over.',
  home: 'database-trigger',
  parts: {
    table: { name: 'your table', is: 'Aurora MySQL, Aurora or', note: 'RDS for PostgreSQL', kind: 'yours' },
    outbox: { name: 'outbox', is: 'a table, after the commit', kind: 'yours' },
    router: {
      name: 'router',
      note: 'rules: which run',
      made: { module: 'database-trigger', address: 'aws_lambda_function.function' },
    },
    rows: { name: 'rows of a window', made: { module: 'database-trigger', address: 'aws_dynamodb_table.rows' } },
    queue: { name: 'ends of windows', made: { module: 'database-trigger', address: 'aws_sqs_queue.rows_queue' } },
    deadLetters: { name: 'dead letters', made: { module: 'database-trigger', address: 'aws_sqs_queue.dead_letters' } },
    starter: { name: 'starter', made: { module: 'starter', address: 'aws_lambda_function.function' } },
    task: { name: 'run', made: { module: 'runner', address: 'aws_ecs_task_definition.task_on_base_images' } },
  },
  frames: [{ title: 'your database', parts: ['table', 'outbox'] }],
  arrows: [
    { from: 'table', to: 'router', label: 'direct' },
    { from: 'table', to: 'outbox', isLoose: true },
    { from: 'outbox', to: 'router', label: 'outbox' },
    { from: 'router', to: 'starter', label: 'request' },
    { from: 'router', to: 'rows', isBothWays: true },
    { from: 'router', to: 'queue', isBothWays: true },
    { from: 'router', to: 'deadLetters', label: 'given up', isRare: true },
    { from: 'starter', to: 'task', label: 'RunTask' },
  ],
};
