import { mkdir, readFile, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { committedModules } from '../stacks/committed-modules';
import { abortOnInterruption, EXIT_CODE_WHEN_INTERRUPTED } from './interruption';
import { type JestReport, parseJestReport } from './jest-report';
import { findPrerequisites } from './prerequisites';
import { CALLS_DIRECTORY, CALLS_DIRECTORY_VARIABLE, readKnownCalls, readRecordedCalls } from './recorded-calls';
import { callsSeen } from './role-calls';
import { runCommand } from './run-command';

const interruption = abortOnInterruption();

const RESULTS_DIRECTORY = path.join('.overtime', 'test-results');

/** One for each core. */
const WORKERS = `--maxWorkers=${availableParallelism()}`;

/**
 * Of the tests that have a local AWS, each file a copy of its own: Terraform's provider waits until AWS's eventual
 * consistency is over, 25 s for a queue and 55 s for the rules of a bucket, which no AWS of this machine's own can shorten.
 */
const WAITING_WORKERS = `--maxWorkers=${Math.ceil(1.5 * availableParallelism())}`;

/**
 * Each test file loads what it imports anew and throws it away at its end. With V8's own 16 MB for young objects, a tenth
 * of the unit tests' time goes into collecting them. Jest's workers take the option over.
 */
const YOUNG_OBJECTS = '--max-semi-space-size=64';

/** Single programs as real processes: no local AWS, so that neither of the two runs below has to repeat them. */
const PROGRAMS = '/e2e/programs/';

/** Folders of end-to-end tests that one of the two runs leaves out. */
const LEFT_OUT = {
  // The tests of the images need an engine, whatever tasks are.
  processes: [PROGRAMS, '/e2e/containers/'],
  // What does not depend on what tasks are is tested once.
  containers: [PROGRAMS, '/e2e/once/'],
} as const;

/** The AWS SDK's word about Node.js 20 is for whoever updates this project; it would stand between the test results. */
const QUIET = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };

interface Step {
  readonly name: string;
  readonly run: () => Promise<JestReport>;
  /** Set where this machine lacks what the step needs: the reason, with the fix. */
  readonly skippedBecause?: string;
}

async function command(
  name: string,
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<boolean> {
  const result = await runCommand(program, args, {
    signal: interruption,
    env: { ...process.env, ...QUIET, ...env },
    onLine: (line) => process.stdout.write(`${line}\n`),
  });
  process.stdout.write(`== ${name}: ${result.exitCode === 0 ? 'ok' : `failed, exit code ${result.exitCode}`}\n`);
  return result.exitCode === 0;
}

async function checkStep(): Promise<JestReport> {
  const passed = await command('check', 'node_modules/.bin/tsx', ['local/check.ts'], {});
  return { passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0, skippedTitles: [] };
}

/** Runs one of jest's projects and reads its own count of tests, so that the last line counts tests and not steps. */
async function jestStep(name: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<JestReport> {
  const outputFile = path.join(RESULTS_DIRECTORY, `${name}.json`);
  await rm(outputFile, { force: true });
  const succeeded = await command(
    name,
    process.execPath,
    [YOUNG_OBJECTS, 'node_modules/jest/bin/jest.js', ...args, '--json', `--outputFile=${outputFile}`],
    env,
  );
  const counts = await readReport(outputFile);
  // A project without a test, or a suite that never ran, must not look like success.
  return succeeded || counts.failed > 0 ? counts : { ...counts, failed: 1 };
}

/**
 * Whether the tests' programs still do what the permissions are there for. A call that is new needs no word: the local
 * AWS has enforced that it is allowed, and `npx tsx local/record-calls.ts` adds it to the known ones. One that was not made
 * again is named as skipped: some are made by chance alone. Without any call at all the record is broken, for certain.
 */
async function callsStep(): Promise<JestReport> {
  const recorded = await readRecordedCalls(CALLS_DIRECTORY, committedModules());
  const { again, gone } = callsSeen(await readKnownCalls(), recorded);
  if (recorded.length === 0) {
    process.stdout.write(`The local AWS wrote down no call of any role in ${CALLS_DIRECTORY}.\n`);
  }
  return {
    passed: again,
    failed: recorded.length === 0 ? 1 : 0,
    skipped: gone.length,
    skippedTitles: gone.map((each) => `${each} (not done in this run)`),
  };
}

async function readReport(file: string): Promise<JestReport> {
  try {
    return parseJestReport(await readFile(file, 'utf8'));
  } catch {
    return { passed: 0, failed: 1, skipped: 0, skippedTitles: [] };
  }
}

async function steps(only: string | undefined): Promise<readonly Step[]> {
  const { missing, noEngine } = await findPrerequisites(process.env);
  const lacking = missing.join(' ');
  const endToEnd = (backend: 'processes' | 'containers', reason: string): Step => ({
    name: `end to end, tasks as ${backend}`,
    run: () =>
      jestStep(
        `e2e-${backend}`,
        ['--selectProjects', 'e2e', WAITING_WORKERS, '--testPathIgnorePatterns', ...LEFT_OUT[backend]],
        { OVERTIME_LOCAL_BACKEND: backend, [CALLS_DIRECTORY_VARIABLE]: CALLS_DIRECTORY },
      ),
    ...(reason === '' ? {} : { skippedBecause: reason }),
  });
  const fast: readonly Step[] = [
    {
      name: 'unit',
      run: () => jestStep('unit', ['--selectProjects', 'unit', WORKERS]),
    },
  ];
  const slow: readonly Step[] = [
    {
      name: 'programs',
      run: () => jestStep('programs', ['--selectProjects', 'e2e', WORKERS, '--testPathPatterns', PROGRAMS]),
    },
    endToEnd('processes', lacking),
    endToEnd('containers', [...missing, ...(noEngine === undefined ? [] : [noEngine])].join(' ')),
    {
      name: 'permissions in use',
      run: callsStep,
      ...(lacking === '' ? {} : { skippedBecause: lacking }),
    },
  ];
  switch (only) {
    case 'unit':
      return fast;
    case 'e2e':
      return slow;
    default:
      return [{ name: 'check', run: checkStep }, ...fast, ...slow];
  }
}

async function main(only: string | undefined): Promise<number> {
  await mkdir(RESULTS_DIRECTORY, { recursive: true });
  if (only !== 'unit') {
    await rm(CALLS_DIRECTORY, { recursive: true, force: true });
  }
  const totals = { passed: 0, failed: 0, skipped: 0 };
  const summary: string[] = [];
  for (const step of await steps(only)) {
    if (interruption.aborted) {
      return EXIT_CODE_WHEN_INTERRUPTED;
    }
    if (step.skippedBecause !== undefined) {
      totals.skipped += 1;
      summary.push(`SKIPPED ${step.name}: ${step.skippedBecause}`);
      continue;
    }
    const began = performance.now();
    const counts = await step.run();
    totals.passed += counts.passed;
    totals.failed += counts.failed;
    totals.skipped += counts.skipped;
    const seconds = ((performance.now() - began) / 1000).toFixed(0);
    summary.push(
      `${counts.failed === 0 ? 'ok     ' : 'FAILED '} ${step.name}: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped (${seconds} s)`,
      ...counts.skippedTitles.map((title) => `        skipped: ${title}`),
    );
  }
  process.stdout.write(`\n${summary.join('\n')}\n`);
  process.stdout.write(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped\n`);
  return totals.failed === 0 ? 0 : 1;
}

void main(process.argv[2]).then((exitCode) => {
  process.exitCode = exitCode;
});
