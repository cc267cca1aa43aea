import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Clock } from '../../shared/clock';
import { type ClockOffset, observe, serverTime, type TimeRange } from '../server-time';

function dateOf(response: unknown): number {
  const headers = typeof response === 'object' && response !== null && 'headers' in response ? response.headers : {};
  const date = typeof headers === 'object' && headers !== null && 'date' in headers ? headers.date : undefined;
  return typeof date === 'string' ? Date.parse(date) : Number.NaN;
}

/** The time by the clock of the service that a client talks to, from the answers to whatever it is asked. */
export function serverClock(client: DynamoDBClient, now: Clock): () => TimeRange {
  let offset: ClockOffset | undefined;
  client.middlewareStack.add(
    (next) => async (args) => {
      const sentAt = now().getTime();
      const result = await next(args);
      const receivedAt = now().getTime();
      const date = dateOf(result.response);
      if (!Number.isNaN(date)) {
        offset = observe(offset, { date, sentAt, receivedAt });
      }
      return result;
    },
    { step: 'deserialize', name: 'overtimeServerClock' },
  );
  return () => serverTime(now().getTime(), offset);
}
