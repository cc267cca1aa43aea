import type { Construct } from 'constructs';
import { alarm, errorsOf, messagesIn, type Told } from './alarms';

export interface DatabaseAlarmProps extends Told {
  readonly functionName: string;
  readonly deadLetterQueueName: string;
  readonly rowDeadLetterQueueName: string;
}

export function databaseAlarms(scope: Construct, props: DatabaseAlarmProps): void {
  const { functionName } = props;
  alarm(
    scope,
    'errors_alarm',
    errorsOf(
      `${functionName}-errors`,
      functionName,
      'The router failed, or an event has no rule: its log says which code.',
    ),
    props,
  );
  alarm(
    scope,
    'dead_letters_alarm',
    messagesIn(
      `${functionName}-dead-letters`,
      props.deadLetterQueueName,
      'Events of the database for which nothing could be started wait in the dead-letter queue of the router.',
    ),
    props,
  );
  alarm(
    scope,
    'row_dead_letters_alarm',
    messagesIn(
      `${functionName}-row-dead-letters`,
      props.rowDeadLetterQueueName,
      'Rows that were to become one run wait in their table: move their messages back once the cause is mended.',
    ),
    props,
  );
}
