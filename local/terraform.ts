import { type CommandResult, runCommand } from './run-command';
import { parseTerraformMessage } from './terraform-messages';

export interface TerraformOptions {
  /** The folder of the configuration. */
  readonly directory: string;
  readonly env: NodeJS.ProcessEnv;
  readonly onLine?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** Terraform ended with an error. The message has what Terraform said. */
class TerraformError extends Error {
  readonly code = 'TERRAFORM_FAILED';

  constructor(command: string, directory: string, said: string) {
    super(`terraform ${command} failed in ${directory}:\n${said}`);
    this.name = 'TERRAFORM_FAILED';
  }
}

async function terraform(args: readonly string[], options: TerraformOptions): Promise<CommandResult> {
  const { directory, ...others } = options;
  return runCommand('terraform', args, { ...others, cwd: directory });
}

/** Without its lines, which are for a program and not for a person. */
function quiet({ onLine: _, ...options }: TerraformOptions): TerraformOptions {
  return options;
}

async function must(args: readonly string[], options: TerraformOptions): Promise<CommandResult> {
  const result = await terraform(args, options);
  if (result.exitCode !== 0) {
    throw new TerraformError(args.join(' '), options.directory, `${result.stdout}\n${result.stderr}`.trim());
  }
  return result;
}

/** Runs a command that prints one JSON message per line, and passes on those that a person follows. */
async function mustInJson(args: readonly string[], options: TerraformOptions): Promise<void> {
  const errors: string[] = [];
  const result = await terraform(args, {
    ...options,
    onLine: (line) => {
      const message = parseTerraformMessage(line);
      if (message.kind === 'error') {
        errors.push(message.text);
      }
      if (message.kind !== 'noise') {
        options.onLine?.(message.text);
      }
    },
  });
  if (result.exitCode !== 0) {
    const said = errors.length > 0 ? errors.join('\n') : `${result.stdout}\n${result.stderr}`.trim();
    throw new TerraformError(args.join(' '), options.directory, said);
  }
}

/** @throws {TerraformError} */
export async function terraformInit(options: TerraformOptions): Promise<void> {
  const { onLine, ...others } = options;
  await must(['init', '-input=false', '-no-color'], {
    ...others,
    // What is downloaded, and from where; the rest of what init says is advice for another situation.
    onLine: (line) => (/^- Install/.test(line) ? onLine?.(line.slice('- '.length)) : undefined),
  });
}

/** @throws {TerraformError} */
export async function terraformApply(options: TerraformOptions): Promise<void> {
  await mustInJson(['apply', '-auto-approve', '-input=false', '-json'], options);
}

/** @throws {TerraformError} */
export async function terraformDestroy(options: TerraformOptions): Promise<void> {
  // Its state says what is there: nobody else deploys to an account of this machine's own.
  await mustInJson(['destroy', '-refresh=false', '-auto-approve', '-input=false', '-json'], options);
}

/** What a plan would change: `changes` is false when the cloud is as the configuration says. */
export async function terraformPlan(options: TerraformOptions): Promise<{ changes: boolean; text: string }> {
  const result = await terraform(['plan', '-detailed-exitcode', '-input=false', '-no-color'], quiet(options));
  // https://developer.hashicorp.com/terraform/cli/commands/plan#detailed-exitcode
  if (result.exitCode !== 0 && result.exitCode !== 2) {
    throw new TerraformError('plan', options.directory, `${result.stdout}\n${result.stderr}`.trim());
  }
  return { changes: result.exitCode === 2, text: result.stdout };
}

/** The outputs of the applied configuration, by name. */
export async function terraformOutputs(options: TerraformOptions): Promise<Readonly<Record<string, unknown>>> {
  const { stdout } = await must(['output', '-json', '-no-color'], quiet(options));
  const outputs = JSON.parse(stdout) as Record<string, { value: unknown }>;
  return Object.fromEntries(Object.entries(outputs).map(([name, output]) => [name, output.value]));
}
