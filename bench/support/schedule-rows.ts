import { marshall } from '@aws-sdk/util-dynamodb';
import { SCHEDULES_TABLE, type SchedulerAws, startSchedulerAws } from '../../__tests__/support/scheduler/scheduler-aws';

const ZONES = ['UTC', 'Europe/London', 'America/New_York', 'Asia/Tokyo', 'Australia/Sydney'] as const;

/** As many as a page of 1 MB holds. */
const PAGE_ROWS = 3_000;

const SEED_ROW = {
  definition_arn: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/report:7',
  ecs_cluster_arn: 'arn:aws:ecs:eu-west-1:123456789012:cluster/jobs',
  last_updated: '2026-11-27T10:00:00.000Z',
};

type Row = Readonly<Record<string, string>>;

/** Rows of the seed's shape with a zone, at 1,440 different times, none of which is due within two hours. */
export function rowsOfADay(count: number, now: Date): readonly Row[] {
  const firstHour = now.getUTCHours() + 2;
  return Array.from({ length: count }, (_, index) => {
    const zone = ZONES[index % ZONES.length] ?? 'UTC';
    // On a day of another month, so that zones do not matter.
    const month = ((now.getUTCMonth() + 2 + (index % 5)) % 12) + 1;
    const time = `${index % 60} ${(firstHour + index) % 24} ${1 + (index % 28)} ${month} *`;
    return { id: `schedule-${index}`, name: `Report ${index}`, cron_time: time, time_zone: zone, ...SEED_ROW };
  });
}

/** Rows that are all due at one second. */
export function rowsAt(count: number, due: Date): readonly Row[] {
  const time = `${due.getUTCSeconds()} ${due.getUTCMinutes()} ${due.getUTCHours()} * * *`;
  return Array.from({ length: count }, (_, index) => ({
    id: `schedule-${index}`,
    name: `Report ${index}`,
    cron_time: time,
    time_zone: 'UTC',
    ...SEED_ROW,
  }));
}

/** A server of DynamoDB's shape that has the rows, whose pages are made before anybody asks. */
export async function serveRows(rows: readonly Row[]): Promise<SchedulerAws> {
  const aws = await startSchedulerAws();
  for (const row of rows) {
    aws.schedules.put(row);
  }
  const items = rows.map((row) => marshall(row));
  const pages = new Map<string, readonly (typeof items)[]>();
  const pagesOf = (segment: number, of: number) => {
    const key = `${segment}/${of}`;
    const known = pages.get(key);
    if (known !== undefined) {
      return known;
    }
    const own = items.filter((_, index) => index % of === segment);
    const made = Array.from({ length: Math.max(1, Math.ceil(own.length / PAGE_ROWS)) }, (_, page) =>
      own.slice(page * PAGE_ROWS, (page + 1) * PAGE_ROWS),
    );
    pages.set(key, made);
    return made;
  };
  for (let segment = 0; segment < 4; segment += 1) {
    pagesOf(segment, 4);
  }
  aws.fault = (action, request) => {
    if (action !== 'Scan' || request['TableName'] !== SCHEDULES_TABLE) {
      return undefined;
    }
    const all = pagesOf(Number(request['Segment'] ?? 0), Number(request['TotalSegments'] ?? 1));
    const start = request['ExclusiveStartKey'] as { readonly id?: { readonly S?: string } } | undefined;
    const page = Number(start?.id?.S ?? 0);
    return {
      body: {
        Items: all[page],
        ...(page + 1 < all.length ? { LastEvaluatedKey: { id: { S: String(page + 1) } } } : {}),
      },
    };
  };
  return aws;
}
