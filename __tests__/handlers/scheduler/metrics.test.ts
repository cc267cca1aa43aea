import { schedulerMetrics } from '../../../handlers/scheduler/metrics';
import { Tally } from '../../../handlers/scheduler/tally';

// The library warns of a time that CloudWatch would not take, and it takes none far from now.
const NOW = new Date();
const GAUGES = { schedules: 12, setAside: 1 };

const lineOf = (tally: Tally) => JSON.parse(schedulerMetrics(tally.take(), GAUGES, 'schedules', NOW));

test('what was done is counted since the last line, with the lateness of each start', () => {
  const tally = new Tally();
  tally.count('Fired', 2);
  tally.count('Missed', 40);
  tally.late(3);
  tally.late(7);

  expect(lineOf(tally)).toEqual({
    _aws: {
      Timestamp: NOW.getTime(),
      CloudWatchMetrics: [
        {
          Namespace: 'Overtime',
          Dimensions: [['service']],
          Metrics: [
            ...['Fired', 'Skipped', 'Missed', 'Failed', 'Refused', 'Buffered'].map((name) => ({
              Name: `Slots${name}`,
              Unit: 'Count',
            })),
            { Name: 'Schedules', Unit: 'Count' },
            { Name: 'SchedulesSetAside', Unit: 'Count' },
            { Name: 'SlotLateness', Unit: 'Milliseconds' },
          ],
        },
      ],
    },
    service: 'schedules',
    SlotsFired: 2,
    SlotsSkipped: 0,
    SlotsMissed: 40,
    SlotsFailed: 0,
    SlotsRefused: 0,
    SlotsBuffered: 0,
    Schedules: 12,
    SchedulesSetAside: 1,
    SlotLateness: [7, 3],
  });
  expect(lineOf(tally)).toMatchObject({ SlotsFired: 0, SlotsMissed: 0 });
  expect(tally.total).toMatchObject({ Fired: 2, Missed: 40 });
});

test('of 10,000 starts the 99 latest are measured, as many as a line takes', () => {
  const tally = new Tally();
  for (let lateness = 0; lateness < 10_000; lateness += 1) {
    tally.late(lateness);
  }

  const { SlotLateness } = lineOf(tally) as { SlotLateness: readonly number[] };
  expect([SlotLateness.length, SlotLateness[0], SlotLateness.at(-1)]).toEqual([99, 9_999, 9_901]);
});
