import path from 'node:path';
import { Command, CommanderError } from 'commander';
import { type Environment, optionalText } from '../shared/settings';
import { isWorker } from './worker/settings';

/** What the words after the runner's file ask for. */
export type CommandLine =
  /** The same settings as variables would give; an empty one is not set. */
  | { readonly kind: 'settings'; readonly variables: Readonly<Record<string, string>> }
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'wrong'; readonly message: string };

/** Sources of work exclude each other, and the command line wins over the environment where it names one. */
const NOTHING_ASKED = {
  OVERTIME_ACTIVITY_ARN: '',
  OVERTIME_QUEUE_URL: '',
  OVERTIME_EVENT: '',
} as const;

interface WorkerFlags {
  readonly activityArn?: string;
  readonly lambdaArn?: string;
  readonly sqsUrl?: string;
  readonly lambdaInput?: string;
  readonly heartbeat?: string;
  readonly directory?: string;
  readonly taskDirectory?: string;
  readonly workDirectory?: string;
  readonly region?: string;
}

interface InvokeFlags {
  readonly event: string;
  readonly profile?: string;
  readonly region?: string;
}

/** A flag in both spellings; commander gives the value under the one name, such as `activityArn`. */
function twin(command: Command, short: string, words: readonly string[], value: string, about: string): void {
  const [first = '', ...rest] = words;
  const camel = [first, ...rest.map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`)].join('');
  command.option(`${short}--${camel} <${value}>`, about);
  command.option(`--${words.join('-')} <${value}>`, `the same as --${camel}`);
}

/**
 * The command lines of the programs that came before: nasa/cumulus-ecs-task and developmentseed/task-runner. A task
 * definition that was written for them changes its image alone.
 *
 * @param folder which relative paths are relative to
 * @param environment says where the work comes from, and what does it, where the words do not
 */
export function parseCommandLine(words: readonly string[], folder: string, environment: Environment): CommandLine {
  let written = '';
  let parsed: CommandLine | undefined;
  const output = { writeOut: (text: string) => (written += text), writeErr: (text: string) => (written += text) };
  const program = new Command('overtime')
    .description('Does the work of a Step Functions activity, a queue or one event with a Lambda function.')
    .argument('[name]', 'ignored; cumulus-ecs-task in the task definitions that came before')
    .helpCommand(false)
    // The flags after `invoke` are its own.
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput(output);
  twin(
    program,
    '-a, ',
    ['activity', 'arn'],
    'arn',
    'the activity to work for; the first of these three that is given counts',
  );
  twin(program, '', ['sqs', 'url'], 'url', 'the queue to work for');
  twin(program, '', ['lambda', 'input'], 'json', 'the one event to work on');
  twin(program, '-l, ', ['lambda', 'arn'], 'arn', 'ARN or name of the function that does the work');
  program.option('--heartbeat <ms>', 'milliseconds between two heartbeats (default: 30000)');
  program.option('-d, --directory <path>', "where the function's package is unpacked");
  twin(program, '', ['task', 'directory'], 'path', 'the same as --directory');
  twin(program, '-w, ', ['work', 'directory'], 'path', 'where downloads lie until they are unpacked');
  program.option('-r, --region <region>', 'where the function is, if its ARN does not say');
  program.action((_name: string | undefined, flags: WorkerFlags) => {
    parsed = empty(flags) ?? workerSettings(flags, folder, environment);
  });
  program
    .command('invoke')
    .description('Invokes a function once, prints its result and ends with an exit code that is true.')
    .argument('<arn>', 'ARN or name of the function')
    .option('-e, --event <json>', 'the event', '{}')
    .option('-p, --profile <name>', 'a profile of the AWS configuration')
    .option('-r, --region <region>', 'where the function is, if its ARN does not say')
    .exitOverride()
    .configureOutput(output)
    .action((arn: string, own: InvokeFlags) => {
      // Those that stand before the command's name are the program's.
      const flags = { ...program.opts<WorkerFlags>(), ...own };
      parsed = empty(flags) ?? invokeSettings(arn, flags);
    });
  try {
    program.parse(words, { from: 'user' });
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) {
      throw thrown;
    }
    return thrown.exitCode === 0
      ? { kind: 'help', text: written }
      : { kind: 'wrong', message: `${thrown.message.replace(/^error: |\.$/g, '')}. --help lists what is allowed.` };
  }
  return parsed ?? { kind: 'help', text: program.helpInformation() };
}

/** A variable of the shell that is not set leaves nothing behind a flag, and is no way to leave the flag out. */
function empty(flags: WorkerFlags | InvokeFlags): CommandLine | undefined {
  const names = Object.entries(flags).flatMap(([name, value]) => (value === '' ? [`--${name}`] : []));
  return names.length === 0
    ? undefined
    : { kind: 'wrong', message: `${names.join(', ')}: the value is empty. Give one, or leave the flag out.` };
}

function workerSettings(flags: WorkerFlags, folder: string, environment: Environment): CommandLine {
  const source = sourceOf(flags, environment);
  if (source === undefined && !isWorker(environment)) {
    return {
      kind: 'wrong',
      message: 'Nothing says where the work comes from: give --activityArn, --sqs-url or --lambda-input.',
    };
  }
  if (flags.lambdaArn === undefined && !hasWork(environment)) {
    return {
      kind: 'wrong',
      message: '--lambdaArn is missing: give the ARN or name of the function that does the work.',
    };
  }
  if (flags.lambdaInput !== undefined && !isJson(flags.lambdaInput)) {
    return notJson('--lambda-input');
  }
  const taskRoot = flags.directory ?? flags.taskDirectory;
  return {
    kind: 'settings',
    variables: {
      ...(source === undefined ? {} : { ...NOTHING_ASKED, ...source }),
      ...(flags.lambdaArn === undefined ? {} : functionVariables(flags.lambdaArn)),
      ...regionVariables(flags.region),
      ...(flags.heartbeat === undefined ? {} : { OVERTIME_HEARTBEAT_MILLISECONDS: flags.heartbeat }),
      ...(taskRoot === undefined ? {} : { OVERTIME_TASK_ROOT: path.resolve(folder, taskRoot) }),
      ...(flags.workDirectory === undefined ? {} : { OVERTIME_WORK_ROOT: path.resolve(folder, flags.workDirectory) }),
    },
  };
}

function hasWork(environment: Environment): boolean {
  return ['OVERTIME_FUNCTION_ARN', 'OVERTIME_COMMAND'].some((name) => optionalText(environment, name) !== undefined);
}

function sourceOf({ activityArn, sqsUrl, lambdaInput }: WorkerFlags, environment: Environment) {
  if (activityArn !== undefined) {
    return { OVERTIME_ACTIVITY_ARN: activityArn };
  }
  if (sqsUrl !== undefined) {
    // As in the program that had this flag, unless a variable that it did not know says otherwise.
    const messageEvent = optionalText(environment, 'OVERTIME_MESSAGE_EVENT') ?? 'body';
    return { OVERTIME_QUEUE_URL: sqsUrl, OVERTIME_MESSAGE_EVENT: messageEvent };
  }
  return lambdaInput === undefined ? undefined : { OVERTIME_EVENT: lambdaInput };
}

function invokeSettings(arn: string, { event, profile, region }: InvokeFlags): CommandLine {
  if (!isJson(event)) {
    return notJson('--event');
  }
  return {
    kind: 'settings',
    variables: {
      ...NOTHING_ASKED,
      OVERTIME_EVENT: event,
      ...functionVariables(arn),
      ...regionVariables(region),
      ...(profile === undefined ? {} : { AWS_PROFILE: profile }),
    },
  };
}

function functionVariables(functionArn: string) {
  return { OVERTIME_FUNCTION_ARN: functionArn, OVERTIME_COMMAND: '' };
}

function regionVariables(region: string | undefined) {
  return region === undefined ? {} : { AWS_REGION: region };
}

/** Without the text: an event may hold a secret. */
function notJson(flag: string): CommandLine {
  return { kind: 'wrong', message: `${flag} is not JSON: give one JSON document, quoted for the shell.` };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
