import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { devDependencies } from '../../package.json';
import type { BenchOptions, Metric, Prepared, Sample, Suite } from '../suite';
import { withBarrelImports } from '../support/barrel-imports';
import { measuredCommand } from '../support/measured-command';

const ROOT = path.resolve(__dirname, '../..');

/** What the app and the modules are made of. */
const SOURCES = [
  'main.ts',
  'deployment.ts',
  'package.json',
  'tsconfig.json',
  'stacks',
  'handlers',
  'images',
  'modules',
];

const METRICS = [
  { name: 'time', unit: 'ms' },
  { name: 'peak memory', unit: 'MB' },
] as const satisfies readonly Metric[];

const DONE = [0] as const;

/** A finding takes it no more time than none. */
const CHECKED = [0, 1] as const;

const TSX = path.join(ROOT, 'node_modules/.bin/tsx');
const TSC = path.join(ROOT, 'node_modules/.bin/tsc');

/** What runs in a copy of the project, by what the table calls it. */
const COMMANDS: readonly { readonly title: string; readonly command: readonly [string, ...string[]] }[] = [
  { title: 'synth of the app', command: [TSX, 'main.ts'] },
  { title: 'modules', command: [TSX, 'stacks/write-modules.ts'] },
  { title: 'types', command: [TSC, '-p', '.'] },
];

export const SYNTH: Suite = {
  name: 'synth',
  about:
    'What the project’s own commands take: synth of the whole app and all Terraform modules, both with the bundling of ' +
    'their Lambda functions, which is the same on both sides; and the types of these sources. Beside it the same sources ' +
    'where each import of a resource is from the provider’s one index, as its documentation has it. `npm run check` has ' +
    'its types, lint, format and unused code side by side, for the whole project; nothing is beside it, as its lint ' +
    'refuses the other way. Memory is that of the largest process.',
  prepare: async (options) => prepare(options),
};

async function prepare({ folder }: BenchOptions): Promise<Prepared> {
  const ours = copyOf(path.join(folder, 'synth', 'deep'), (text) => text);
  const barrel = copyOf(path.join(folder, 'synth', 'barrel'), withBarrelImports);
  const provider = `@cdktf/provider-aws ${devDependencies['@cdktf/provider-aws']}`;
  return {
    comparisons: [
      ...COMMANDS.map(({ title, command }) => ({
        title,
        metrics: METRICS,
        subjects: [
          { name: 'overtime', version: `${provider}, by deep paths`, run: () => sampled(command, ours, DONE) },
          { name: 'one index', version: `${provider}, from its index`, run: () => sampled(command, barrel, DONE) },
        ],
      })),
      {
        title: 'npm run check',
        metrics: METRICS,
        subjects: [
          {
            name: 'overtime',
            version: `${provider}, by deep paths`,
            run: () => sampled([TSX, 'local/check.ts'], ROOT, CHECKED),
          },
        ],
      },
    ],
    notes: [],
    close: async () => undefined,
  };
}

async function sampled(
  command: readonly [string, ...string[]],
  folder: string,
  successes: readonly number[],
): Promise<Sample> {
  const environment = { CDKTF_OUTDIR: path.join(folder, 'cdktf.out') };
  const { milliseconds, peakMegabytes } = await measuredCommand(command, folder, environment, successes);
  return { [METRICS[0].name]: milliseconds, [METRICS[1].name]: peakMegabytes };
}

/** A copy of the sources, each module changed. Made anew each time, as they may have changed. */
function copyOf(place: string, change: (text: string) => string): string {
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place, { recursive: true });
  for (const name of SOURCES) {
    cpSync(path.join(ROOT, name), path.join(place, name), { recursive: true });
  }
  // Two packages of one name would be too many for Jest, which looks at all folders.
  const { name, ...anonymous } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
  writeFileSync(path.join(place, 'package.json'), JSON.stringify(anonymous));
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(place, 'node_modules'));
  const modules = readdirSync(path.join(place, 'stacks'), { recursive: true, encoding: 'utf8' });
  for (const file of modules.filter((name) => name.endsWith('.ts')).map((name) => path.join(place, 'stacks', name))) {
    writeFileSync(file, change(readFileSync(file, 'utf8')));
  }
  return place;
}
