import { type EndedRun, runMetrics } from '../../../handlers/shared/metrics';
import {
  DURATION,
  LEDGER_DIMENSION,
  MEMORY_SIZE,
  METRIC_NAMESPACE,
  PEAK_MEMORY,
  RUNS,
  START_LATENCY,
  STATUS_DIMENSION,
} from '../../../stacks/parts/metrics';

// The library warns of a time that CloudWatch would not take, and it takes none far from now.
const NOW = new Date();

const RUN: EndedRun = {
  status: 'SUCCEEDED',
  createdAt: '2026-11-21T10:00:00.000Z',
  startedAt: '2026-11-21T10:00:30.500Z',
  invokedAt: '2026-11-21T10:00:40.000Z',
  endedAt: '2026-11-21T10:04:40.000Z',
};

const parsed = (run: EndedRun) => runMetrics(run, 'overtime-runs', NOW).map((line) => JSON.parse(line) as object);

const counted = (status: string) => ({
  _aws: {
    Timestamp: NOW.getTime(),
    CloudWatchMetrics: [
      {
        Namespace: METRIC_NAMESPACE,
        Dimensions: [[LEDGER_DIMENSION, STATUS_DIMENSION]],
        Metrics: [{ Name: RUNS, Unit: 'Count' }],
      },
    ],
  },
  [LEDGER_DIMENSION]: 'overtime-runs',
  [STATUS_DIMENSION]: status,
  [RUNS]: 1,
});

test('a run that ended is counted by its state, and measured under the names that the alarms know', () => {
  expect(parsed({ ...RUN, peakMemoryMiB: 300.5, memorySizeMiB: 2048 })).toEqual([
    counted('SUCCEEDED'),
    {
      _aws: {
        Timestamp: NOW.getTime(),
        CloudWatchMetrics: [
          {
            Namespace: METRIC_NAMESPACE,
            Dimensions: [[LEDGER_DIMENSION]],
            Metrics: [
              { Name: START_LATENCY, Unit: 'Seconds' },
              { Name: DURATION, Unit: 'Seconds' },
              { Name: PEAK_MEMORY, Unit: 'None' },
              { Name: MEMORY_SIZE, Unit: 'None' },
            ],
          },
        ],
      },
      [LEDGER_DIMENSION]: 'overtime-runs',
      [START_LATENCY]: 30.5,
      [DURATION]: 240,
      [PEAK_MEMORY]: 300.5,
      [MEMORY_SIZE]: 2048,
    },
  ]);
});

test('a run that never began is counted, and nothing of it measured', () => {
  expect(parsed({ status: 'FAILED', createdAt: RUN.createdAt, endedAt: '2026-11-21T10:04:40.000Z' })).toEqual([
    counted('FAILED'),
  ]);
});

test('a clock that is behind makes no wait below zero', () => {
  const [, measured] = parsed({ ...RUN, startedAt: '2026-11-21T09:55:00.000Z' });

  expect(measured).toMatchObject({ [START_LATENCY]: 0 });
});

test('the start latency of a run that was tried again is that of its last attempt', () => {
  const attempts = [{ attempt: 1, status: 'FAILED', endedAt: '2026-11-21T10:00:20.000Z' }] as const;

  expect(parsed({ ...RUN, attempts })[1]).toMatchObject({ [START_LATENCY]: 10.5 });
});
