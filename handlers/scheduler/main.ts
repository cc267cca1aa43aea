import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { systemClock } from '../shared/clock';
import { jsonLog } from '../shared/log';
import { reasonOf } from '../shared/reason';
import { assemble } from './assemble';
import { healthAnswer } from './health';
import { startHealthServer } from './health-server';
import { readSettings, type SchedulerSettings } from './settings';

/** As the runner's: 0 is a stop that was asked for, 1 a fault of ours, 64 a setting that is wrong. */
const EXIT_CODES = { stopped: 0, failed: 1, invalidSettings: 64 } as const;

/** What is kept of the stop timeout, to end before ECS kills the process. */
const STOP_MARGIN_MILLISECONDS = 1_000;

// V8 lets the heap grow to three times what is in use before it looks for garbage, and to read 100,000 rows makes that
// much. With half as much again it takes 1 s longer and 40 MB less. It is set here, so that it holds however the program
// is started.
setFlagsFromString('--heap-growing-percent=50');

const log = jsonLog((line) => process.stdout.write(line), systemClock);
const stop = new AbortController();

/** Whatever timer or connection is left, it does not hold the task; what was logged is out first. */
function exit(code: number): void {
  process.stdout.write('', () => process.exit(code));
}

function fail(event: string, code: number, thrown: unknown): void {
  log.error(event, {
    reason: reasonOf(thrown),
    stack: code === EXIT_CODES.failed && thrown instanceof Error ? thrown.stack : undefined,
  });
  exit(code);
}

async function stopInTime(settings: SchedulerSettings): Promise<void> {
  const milliseconds = settings.stopTimeoutSeconds * 1_000;
  await sleep(Math.max(milliseconds - STOP_MARGIN_MILLISECONDS, milliseconds / 2), undefined, { ref: false });
  // What is claimed and not started is taken over by another scheduler, or by the next.
  log.warn('scheduler.stopped', { reason: 'the stop timeout is over, and slots are in hand' });
  exit(EXIT_CODES.stopped);
}

async function main(settings: SchedulerSettings): Promise<void> {
  const scheduler = assemble(settings, {
    schedulerId: randomUUID(),
    log,
    stop: stop.signal,
    print: (line) => process.stdout.write(`${line}\n`),
  });
  const server = await startHealthServer(settings.healthPort, () => healthAnswer(scheduler.health, Date.now()));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (!stop.signal.aborted) {
        log.info('scheduler.stops', { signal });
        stop.abort();
        void stopInTime(settings);
      }
    });
  }
  await scheduler.run();
  server.close();
  log.info('scheduler.stopped');
  exit(EXIT_CODES.stopped);
}

process.on('uncaughtException', (error) => fail('scheduler.failed', EXIT_CODES.failed, error));

try {
  main(readSettings(process.env)).catch((thrown: unknown) => fail('scheduler.failed', EXIT_CODES.failed, thrown));
} catch (thrown) {
  fail('settings.invalid', EXIT_CODES.invalidSettings, thrown);
}
