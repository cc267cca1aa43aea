import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { SchedulerAws } from '../../__tests__/support/scheduler/scheduler-aws';
import { version } from '../../package.json';
import { SCHEDULER_NODE_OPTIONS } from '../../stacks/parts/node-options';
import { bundle } from '../../stacks/parts/packaged-function';
import type { BenchOptions, Comparison, Metric, Prepared, Sample, Suite } from '../suite';
import { LineProcess } from '../support/line-process';
import { installPeer } from '../support/peers';
import { AWS_ENVIRONMENT } from '../support/program';
import { rowsAt, rowsOfADay, serveRows } from '../support/schedule-rows';

const ROOT = path.resolve(__dirname, '../..');
const PEER = path.join(ROOT, 'bench/peers/schedule-jobs.js');
const PEERS = { 'node-schedule': '2.1.1', croner: '11.0.0', bree: '9.2.9' } as const;
const LIBRARIES = Object.entries(PEERS);
const HEALTH_PORT = 18_080;

const SDK =
  'ours reads the table through the SDK, whose clients and retries alone are some 60 MB, keeps leases and a history, and ' +
  'holds 100,000 schedules in the same memory; the peers’ reader of the table is twenty lines.';

const LOADED = [
  {
    name: 'loaded and armed',
    unit: 'ms',
    atMost: 10_000,
    because: {
      'node-schedule': `With few schedules it is all in the start of the program: ${SDK}`,
      croner: `With few schedules it is all in the start of the program: ${SDK}`,
      bree: `With few schedules it is all in the start of the program: ${SDK}`,
    },
  },
  { name: 'memory', unit: 'MB', atMost: 150, because: { 'node-schedule': SDK, croner: SDK, bree: SDK } },
  { name: 'peak memory', unit: 'MB', because: { 'node-schedule': SDK, croner: SDK, bree: SDK } },
  {
    name: 'idle',
    unit: '%',
    atMost: 1,
    because: Object.fromEntries(
      LIBRARIES.map(([name]) => [
        name,
        'it does nothing until a timer rings; ours looks for changes of the table and renews its lease.',
      ]),
    ),
  },
] as const satisfies readonly Metric[];

const DUE = [
  {
    name: 'last decision late',
    unit: 'ms',
    atMost: 50,
    because: Object.fromEntries(
      LIBRARIES.map(([name]) => [
        name,
        'ours decides by policies, and on what the table says of each schedule; the peer calls an empty function.',
      ]),
    ),
  },
  { name: 'a start', unit: 'ms' },
] as const satisfies readonly Metric[];

/** From this many on, the peers are left out: node-schedule took 126 s for 50,000, and croner 83 kB for each. */
const MOST_OF_PEERS = 10_000;

const DUE_AT_ONCE = [100, 10_000] as const;

/** Bree makes a thread for each job that is due: ten thousand at once are more than a machine of this size has memory for. */
const MOST_OF_BREE = 100;

const SIZES = [1_000, 10_000, 100_000] as const;
const IDLE_MILLISECONDS = 4_000;

/** What each subject needs until it has loaded its schedules, with as much again: node-schedule takes 6 s for 10,000. */
const UNTIL_DUE_MILLISECONDS = 3_000;
const UNTIL_DUE_MILLISECONDS_EACH = 1;

/** For so long the starts are counted. */
const STARTS_MILLISECONDS = 5_000;

export const SCHEDULER: Suite = {
  name: 'scheduler',
  about:
    'The bundled scheduler, started against a server on loopback that plays DynamoDB and the starter, beside a program ' +
    'that makes a job of each row with a library. Loaded and armed: from the start of the process until every schedule of ' +
    'the table is. Memory is what is resident then, and idle the share of one processor over the four seconds after it.',
  prepare: async (options) => {
    const { file, peers } = await programs(options);
    return prepared(
      SIZES.map((count) => ({
        title: `${count.toLocaleString('en-US')} schedules`,
        metrics: LOADED,
        subjects: [
          { name: 'overtime', version, run: () => loadOurs(file, count) },
          ...(peers === undefined || count > MOST_OF_PEERS
            ? []
            : LIBRARIES.map(([name, of]) => ({ name, version: of, run: () => loadTheirs(name, peers, count) }))),
        ],
      })),
      [
        'With 100,000 schedules the peers are left out: node-schedule took 126 s for 50,000 where it was tried, and croner ' +
          '83 kB for each live job.',
      ],
    );
  },
};

export const SCHEDULER_DUE: Suite = {
  name: 'scheduler-due',
  about:
    'A hundred schedules of one second, and ten thousand of them: how late the last is decided on. The peers call an empty function, and claim ' +
    'nothing. Ours then claims each slot in DynamoDB, asks the starter and writes the outcome: a start is the mean time ' +
    'between two that reach the starter, over the five seconds after the slot, against a server on loopback that has the ' +
    'other processor.',
  prepare: async (options) => {
    const { file, peers } = await programs(options);
    return prepared(
      DUE_AT_ONCE.map((count) => ({
        title: `${count.toLocaleString('en-US')} due in one second`,
        metrics: DUE,
        subjects: [
          { name: 'overtime', version, run: () => fireOurs(file, count) },
          ...(peers === undefined
            ? []
            : LIBRARIES.filter(([name]) => name !== 'bree' || count <= MOST_OF_BREE).map(([name, of]) => ({
                name,
                version: of,
                run: () => fireTheirs(name, peers, count),
              }))),
        ],
      })),
      [
        'With 10,000 due at once bree is left out: it makes a thread for each, and the machine has no memory for so many.',
      ],
    );
  },
};

async function programs(options: BenchOptions) {
  const { folder } = options;
  const file = path.join(folder, 'bundles', 'scheduler.js');
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, bundle(path.join(ROOT, 'handlers/scheduler/main.ts')));
  return { file, peers: await installPeer(options, 'schedulers', PEERS) };
}

function prepared(comparisons: readonly Comparison[], notes: readonly string[]): Prepared {
  const how = `The scheduler runs with ${SCHEDULER_NODE_OPTIONS.join(' ')}; the peers with what Node.js takes by itself.`;
  return { comparisons, notes: [...notes, how], close: async () => undefined };
}

function startOurs(file: string, aws: SchedulerAws): LineProcess {
  return new LineProcess([...SCHEDULER_NODE_OPTIONS, file], {
    ...AWS_ENVIRONMENT,
    AWS_ENDPOINT_URL: aws.server.endpoint,
    OVERTIME_SCHEDULES_TABLE: 'overtime-schedules',
    OVERTIME_SCHEDULE_STATES_TABLE: 'overtime-schedule-states',
    OVERTIME_STARTER_FUNCTION: 'overtime-starter',
    OVERTIME_LEDGER_TABLE: 'overtime-runs',
    OVERTIME_HEALTH_PORT: String(HEALTH_PORT),
  });
}

function startTheirs(library: string, peers: string, aws: SchedulerAws): LineProcess {
  return new LineProcess([PEER, library, peers, aws.server.endpoint], { PATH: process.env['PATH'] ?? '' });
}

async function measured<T>(
  aws: SchedulerAws,
  program: LineProcess,
  action: (program: LineProcess) => Promise<T>,
): Promise<T> {
  try {
    return await action(program);
  } finally {
    await program.end();
    await aws.server.close();
  }
}

async function loaded(program: LineProcess, isLoaded: (line: Readonly<Record<string, unknown>>) => boolean) {
  await program.line(isLoaded);
  const milliseconds = performance.now() - program.begunAt;
  const { now, peak } = program.memory;
  const idle = await program.processorShare(IDLE_MILLISECONDS);
  return { 'loaded and armed': milliseconds, memory: now, 'peak memory': peak, idle };
}

const isOursLoaded = ({ event }: Readonly<Record<string, unknown>>) => event === 'schedules.loaded';
const isTheirsLoaded = ({ loaded: after }: Readonly<Record<string, unknown>>) => after !== undefined;

async function loadOurs(file: string, count: number): Promise<Sample> {
  const aws = await serveRows(rowsOfADay(count, new Date()));
  return measured(aws, startOurs(file, aws), (program) => loaded(program, isOursLoaded));
}

async function loadTheirs(library: string, peers: string, count: number): Promise<Sample> {
  const aws = await serveRows(rowsOfADay(count, new Date()));
  return measured(aws, startTheirs(library, peers, aws), (program) => loaded(program, isTheirsLoaded));
}

/** A whole second, late enough for every subject. */
function dueTime(count: number): Date {
  const until = UNTIL_DUE_MILLISECONDS + count * UNTIL_DUE_MILLISECONDS_EACH;
  return new Date(Math.ceil((Date.now() + until) / 1_000) * 1_000);
}

async function fireOurs(file: string, count: number): Promise<Sample> {
  const due = dueTime(count);
  const aws = await serveRows(rowsAt(count, due));
  return measured(aws, startOurs(file, aws), async (program) => {
    await program.line(isOursLoaded);
    await wait(due.getTime() + STARTS_MILLISECONDS - Date.now());
    const starts = aws.starts.length;
    const health = await fetch(`http://127.0.0.1:${HEALTH_PORT}/health`);
    const { lastDecision } = (await health.json()) as { lastDecision: { slots: number; worstLateness: number } };
    if (lastDecision.slots !== count) {
      throw new Error(`The scheduler decided on ${lastDecision.slots} slots at once.`);
    }
    return {
      'last decision late': lastDecision.worstLateness,
      // Those that are all through say nothing of the time of each.
      ...(starts < count ? { 'a start': STARTS_MILLISECONDS / starts } : {}),
    };
  });
}

async function fireTheirs(library: string, peers: string, count: number, patience = 1): Promise<Sample> {
  const due = dueTime(count * patience);
  const aws = await serveRows(rowsAt(count, due));
  const sample = await measured(aws, startTheirs(library, peers, aws), async (program) => {
    await program.line(isTheirsLoaded);
    if (Date.now() >= due.getTime()) {
      return undefined;
    }
    const { lastAt } = await program.line(({ ran }) => ran === count);
    return { 'last decision late': Number(lastAt) - due.getTime() };
  });
  // Those that it had not made by then would run tomorrow.
  return sample ?? fireTheirs(library, peers, count, patience * 2);
}
