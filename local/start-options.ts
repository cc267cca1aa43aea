import { Command, Option } from 'commander';

export const BACKENDS = ['auto', 'processes', 'containers'] as const;

export type BackendChoice = (typeof BACKENDS)[number];

export interface StartOptions {
  /** Leave everything up after the run, until Ctrl-C. */
  readonly keep: boolean;
  /** What ECS tasks are: processes of this machine, or containers of its engine. */
  readonly backend: BackendChoice;
}

/** `npm start`'s own arguments; commander answers `--help` and refuses what it does not know. */
export function parseStartOptions(args: readonly string[]): StartOptions {
  const { keep, backend } = new Command('npm start --')
    .description('Runs one Lambda function past its time limit, on a local AWS.')
    .option('--keep', 'leave the local AWS up after the run, until Ctrl-C', false)
    .addOption(
      new Option('--backend <backend>', 'what ECS tasks are; "auto" takes containers where an engine answers')
        .choices(BACKENDS)
        .default('auto'),
    )
    .parse(args, { from: 'user' })
    .opts<StartOptions>();
  return { keep, backend };
}
