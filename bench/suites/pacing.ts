import type { PacerLimits } from '../../handlers/starter/pacer';
import { devDependencies, version } from '../../package.json';
import { DEFAULT_LAUNCH_BURST, DEFAULT_LAUNCHES_PER_SECOND } from '../../stacks/starter';
import type { Metric, Sample, Suite } from '../suite';
import type { Account } from '../support/pacing/account';
import { type Begin, inLoop, SDK_SOCKETS, throughStarter } from '../support/pacing/drive';
import { workOffLine } from '../support/pacing/line';
import { realAccount } from '../support/pacing/real';
import { inSimulatedTime, simulatedAccount } from '../support/pacing/simulated';

const LIMITS: PacerLimits = { burst: DEFAULT_LAUNCH_BURST, launchesPerSecond: DEFAULT_LAUNCHES_PER_SECOND };

/** A burst that the calls of RunTask may have, too. */
const CALLS_LIMITS: PacerLimits = { burst: 20, launchesPerSecond: DEFAULT_LAUNCHES_PER_SECOND };

/** As many as the buckets let through in ten seconds. */
const MOST_REAL_STARTS = 200;

/** Between two callers: all at once would be as much work as two hundred of Lambda's machines do. */
const REAL_GAP_MILLISECONDS = 25;

const ACCOUNTS = 10;

const MILLISECONDS_PER_SECOND = 1_000;

const LOOP = `loop, ${SDK_SOCKETS} at once`;
const SIMULATED_LOOP = `${LOOP}, simulated`;
const SIMULATED = 'overtime, simulated';
const NARROW = 'overtime, burst of 20';
const LOOP_IN_TURN = 'loop, one after another';
const SDK = `@aws-sdk/client-ecs ${devDependencies['@aws-sdk/client-ecs']}, its own three tries`;

const CHANCE = 'it is the same, but for the time that this machine takes itself, and for the chance in each wait.';

const BURST =
  'of the hundred calls that the default lets go at once ECS refuses eighty, as the bucket of RunTask’s calls is twenty; ' +
  'a launch for which the SDK has used up its tries takes another turn.';

const GAVE_UP =
  'its clock stops at the last task that was started at all: the SDK’s tries, and its quota of them, were used up for most.';

const METRICS = [
  {
    name: 'time to the last start',
    unit: 's',
    because: { [LOOP]: GAVE_UP, [SIMULATED_LOOP]: GAVE_UP, [SIMULATED]: CHANCE, [NARROW]: BURST },
  },
  { name: 'started', unit: 'starts' },
  { name: 'got an error', unit: 'callers' },
  {
    name: 'refused calls',
    unit: 'per start',
    because: {
      [SIMULATED]: CHANCE,
      [LOOP_IN_TURN]: 'with one call after another it stays below every bucket, and takes so long.',
      [NARROW]:
        'it keeps to the bucket of RunTask’s calls, of which each of ours starts one task; the default, a hundred, is the ' +
        'bucket of launches. The SDK’s own tries hide the difference from the callers.',
    },
  },
] as const satisfies readonly Metric[];

type Drive = (account: Account) => Promise<Begin>;

async function driven(account: Account, drive: Drive): Promise<Sample> {
  const begin = await drive(account);
  const begun = account.time.now();
  const failures = await begin();
  const { starts, refused, lastStartAt } = account.ecs;
  return {
    [METRICS[0].name]: (lastStartAt - begun) / MILLISECONDS_PER_SECOND,
    [METRICS[1].name]: starts,
    [METRICS[2].name]: failures,
    [METRICS[3].name]: refused / starts,
  };
}

function simulated(limits: PacerLimits, drive: Drive): () => Promise<Sample> {
  return () => inSimulatedTime((time) => driven(simulatedAccount(time, limits), drive));
}

function inRealTime(drive: Drive): () => Promise<Sample> {
  return async () => {
    const { account, close } = await realAccount(LIMITS);
    try {
      return await driven(account, drive);
    } finally {
      await close();
    }
  };
}

export const PACING: Suite = {
  name: 'pacing',
  about:
    'So many starts asked for at once, against an ECS that has the buckets that AWS publishes: 100 launches on Fargate and ' +
    'then 20 a second, 20 calls of RunTask and then 20 a second, 100 calls to ECS and then 40 a second. With a task for ' +
    'each call 10,000 starts cannot take less than 499 s (495 s if launches alone were counted), so that they are ' +
    'simulated: the starter’s own code and the SDK’s own retries, on a clock that jumps from one event to the next, over ' +
    'ports in memory that take as long as AWS would. The starts in real time are there to show that the simulation tells ' +
    'the truth: the same code with the SDK’s clients, against a server on loopback with the same buckets, where 40 callers ' +
    'come each second. Simulated ' +
    'figures do not depend on the machine.',
  prepare: async ({ starts }) => {
    const realStarts = Math.min(MOST_REAL_STARTS, ...starts);
    const ours =
      (count: number, gap: number): Drive =>
      (account) =>
        throughStarter(account, count, gap);
    const loop =
      (count: number, atOnce: number): Drive =>
      (account) =>
        inLoop(account, count, atOnce);
    return {
      comparisons: [
        ...starts.map((count) => ({
          title: `${count.toLocaleString('en-US')} starts, simulated`,
          metrics: METRICS,
          subjects: [
            { name: 'overtime', version, run: simulated(LIMITS, ours(count, 0)) },
            { name: NARROW, version, run: simulated(CALLS_LIMITS, ours(count, 0)) },
            { name: LOOP, version: SDK, run: simulated(LIMITS, loop(count, SDK_SOCKETS)) },
            { name: LOOP_IN_TURN, version: SDK, run: simulated(LIMITS, loop(count, 1)) },
          ],
        })),
        {
          title: `${realStarts} starts, in real time`,
          metrics: METRICS,
          subjects: [
            { name: 'overtime', version, run: inRealTime(ours(realStarts, REAL_GAP_MILLISECONDS)) },
            { name: SIMULATED, version, run: simulated(LIMITS, ours(realStarts, REAL_GAP_MILLISECONDS)) },
            { name: LOOP, version: SDK, run: inRealTime(loop(realStarts, SDK_SOCKETS)) },
            { name: SIMULATED_LOOP, version: SDK, run: simulated(LIMITS, loop(realStarts, SDK_SOCKETS)) },
          ],
        },
      ],
      notes: [
        'A call of RunTask is taken to take 150 ms, which AWS does not publish. As many calls at once as the SDK has ' +
          'connections: the loop makes all its calls at once.',
        'What ours takes above the least time is the beginning: all callers at once want to write the pacer’s row, which ' +
          'DynamoDB does a thousand times a second and no more.',
      ],
      close: async () => undefined,
    };
  },
};

export const PACING_ACCOUNTS: Suite = {
  name: 'pacing-accounts',
  about:
    'A hundred times as many starts over ten accounts, each with a pacer of its own, simulated: of ours the pacer’s ' +
    'decisions and the conditions of its writes alone, as all launches wait in the queue already. No account can be ' +
    'through with 100,000 in less than 4,999 s.',
  prepare: async ({ starts }) => ({
    comparisons: starts.map((count) => {
      const each = count * (100 / ACCOUNTS);
      return {
        title: `${(each * ACCOUNTS).toLocaleString('en-US')} starts in ${ACCOUNTS} accounts, simulated`,
        metrics: METRICS,
        subjects: [
          { name: 'overtime', version, run: async () => allAccounts(inEach(lineSample(each, LIMITS))) },
          { name: NARROW, version, run: async () => allAccounts(inEach(lineSample(each, CALLS_LIMITS))) },
          {
            name: LOOP,
            version: SDK,
            run: () => allAccounts(simulated(LIMITS, (account) => inLoop(account, each, SDK_SOCKETS))),
          },
        ],
      };
    }),
    notes: [],
    close: async () => undefined,
  }),
};

/** There is no chance in a line: what one account does, all do. */
function inEach(sample: Sample): () => Promise<Sample> {
  return async () => sample;
}

function lineSample(count: number, limits: PacerLimits): Sample {
  const { starts, refused, lastStartMilliseconds } = workOffLine(count, limits);
  return {
    [METRICS[0].name]: lastStartMilliseconds / MILLISECONDS_PER_SECOND,
    [METRICS[1].name]: starts,
    [METRICS[2].name]: 0,
    [METRICS[3].name]: refused / starts,
  };
}

/** Of the time that of the slowest account, of the rest the sum. */
async function allAccounts(account: () => Promise<Sample>): Promise<Sample> {
  const samples: Sample[] = [];
  for (let index = 0; index < ACCOUNTS; index += 1) {
    samples.push(await account());
  }
  const valuesOf = ({ name }: Metric) => samples.map((sample) => sample[name] ?? 0);
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const [time, started, errors, refused] = METRICS;
  return {
    [time.name]: Math.max(...valuesOf(time)),
    [started.name]: sum(valuesOf(started)),
    [errors.name]: sum(valuesOf(errors)),
    [refused.name]: sum(valuesOf(refused)) / ACCOUNTS,
  };
}
