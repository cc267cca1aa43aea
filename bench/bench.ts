import { cpus, loadavg, totalmem } from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { CACHE_DIRECTORY } from '../local/cache-directory';
import { measure } from './measure';
import type { Report } from './report';
import { readReports, writeReport, writeResultsPage } from './results';
import type { Suite } from './suite';
import { SUITES } from './suites';
import { markdown } from './table';

const RESULTS = path.join(__dirname, 'results');
const FEWEST_RUNS = 5;
const NAMES = SUITES.map(({ name }) => name);

interface Options {
  readonly packages: readonly number[];
  readonly payloads: readonly number[];
  readonly tasks: number;
  readonly starts: readonly number[];
  readonly runs: number;
  readonly warmUps: number;
  readonly folder: string;
  readonly offline: boolean;
  readonly write: boolean;
  readonly draw: boolean;
}

const numbers = (text: string) => text.split(',').map(wholeNumber);

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) {
    throw new Error(`"${text}" is no whole number.`);
  }
  return value;
}

const program = new Command('npm run bench --')
  .description('Measures Overtime beside what one would take instead, in the same run on the same machine.')
  .argument('[suites...]', `of ${NAMES.join(', ')}; all where none is given`)
  .option('--packages <MB,...>', 'sizes of packages, unpacked', numbers, [1, 50, 250])
  .option('--payloads <bytes,...>', 'sizes of inputs and outputs', numbers, [100, 100_000, 5_000_000])
  .option('--tasks <n>', 'how many tasks of an activity count', wholeNumber, 500)
  .option('--starts <n,...>', 'how many starts are paced', numbers, [10_000])
  .option('--runs <n>', `runs that count, at least ${FEWEST_RUNS} to be written`, wholeNumber, FEWEST_RUNS)
  .option('--warm-ups <n>', 'rounds before them', wholeNumber, 1)
  .option(
    '--folder <path>',
    'where the runs work; another disk may give other figures',
    path.join(CACHE_DIRECTORY, 'bench'),
  )
  .option('--offline', 'ask no registry: peers that would have to be installed are left out', false)
  .option('--no-write', 'print the tables, and leave bench/results as it is')
  .option('--draw', 'measure nothing: make the tables and the pictures anew of the numbers in bench/results', false);

async function main(names: readonly string[], options: Options): Promise<void> {
  const unknown = names.find((name) => !NAMES.includes(name));
  if (unknown !== undefined) {
    program.error(`There is no suite ${unknown}: take ${NAMES.join(', ')}.`);
  }
  if (options.draw) {
    const reports = readReports(RESULTS, NAMES);
    for (const report of reports) {
      writeReport(RESULTS, report);
    }
    writeResultsPage(RESULTS, reports);
    return;
  }
  for (const suite of SUITES.filter(({ name }) => names.length === 0 || names.includes(name))) {
    const report = await runSuite(suite, options);
    process.stdout.write(`\n${markdown(report)}`);
    if (options.write && options.runs >= FEWEST_RUNS) {
      writeReport(RESULTS, report);
      writeResultsPage(RESULTS, readReports(RESULTS, NAMES));
    }
  }
}

async function runSuite(suite: Suite, options: Options): Promise<Report> {
  const { comparisons, notes, close } = await suite.prepare(options);
  try {
    const measured = [];
    for (const comparison of comparisons) {
      measured.push(await measure(comparison, options, (line) => process.stderr.write(`${line}\n`)));
    }
    return {
      suite: suite.name,
      about: suite.about,
      notes,
      command: ['npm run bench --', ...process.argv.slice(2)].join(' '),
      machine: machine(),
      measuredAt: new Date().toISOString(),
      measured,
    };
  } finally {
    await close();
  }
}

function machine(): string {
  const [processor] = cpus();
  // What else kept the machine busy is in the figures too.
  const load = loadavg()[0]?.toFixed(1) ?? 'unknown';
  const memory = (totalmem() / 2 ** 30).toFixed(0);
  return `${cpus().length} processors (${processor?.model ?? 'unknown'}), ${memory} GiB, Linux, Node.js ${process.version}, load average at the end ${load}`;
}

program
  .action(main)
  .parseAsync()
  .catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 1;
  });
