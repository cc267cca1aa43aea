import { createHash, randomUUID } from 'node:crypto';
import { access, mkdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { choosePython, type FoundPython, PYTHON_COMMANDS, pythonMissing } from './python-version';
import { runCommand } from './run-command';

const EMULATOR_REQUIREMENTS = path.resolve(__dirname, 'emulator/requirements.txt');

class PythonEnvironmentError extends Error {
  override readonly name = 'PythonEnvironmentError';
  readonly code = 'PYTHON_ENVIRONMENT';
}

export interface PythonEnvironmentOptions {
  /** Environments are kept in it from run to run. */
  readonly cacheDirectory: string;
  /** The developer's own: pip's proxy and index settings are in it. */
  readonly env: NodeJS.ProcessEnv;
  /** Called with each line that says what is downloaded and installed. */
  readonly onProgress: (line: string) => void;
  readonly signal?: AbortSignal;
  /** What is installed, each distribution at one exact version. @default - what the emulator runs on */
  readonly requirementsFile?: string;
}

/**
 * A Python with exactly the distributions of the requirements, made at first use and reused afterwards. Any number of
 * callers may ask at the same time: each builds apart, and the first to be ready wins.
 *
 * @returns the path of its interpreter
 * @throws {PythonEnvironmentError} in one sentence, with the fix
 */
export async function providePython(options: PythonEnvironmentOptions): Promise<string> {
  const requirementsFile = options.requirementsFile ?? EMULATOR_REQUIREMENTS;
  const [python, requirements] = await Promise.all([findPython(options.env), readFile(requirementsFile, 'utf8')]);
  const directory = path.join(options.cacheDirectory, 'python', environmentKey(requirements, python.version));
  const interpreter = path.join(directory, 'bin', 'python');
  if (await exists(interpreter)) {
    return interpreter;
  }
  options.onProgress(`Python ${python.version}: installing ${path.relative('.', requirementsFile)} into ${directory}`);
  const building = `${directory}.${randomUUID()}`;
  await mkdir(path.dirname(building), { recursive: true });
  try {
    await build(building, python.command, requirementsFile, options);
    await moveUnlessThere(building, directory, interpreter);
  } finally {
    await rm(building, { recursive: true, force: true });
  }
  return interpreter;
}

/** An environment serves one text of requirements and one version of Python on one kind of machine. */
export function environmentKey(
  requirements: string,
  pythonVersion: string,
  machine = `${process.platform}-${process.arch}`,
): string {
  const hash = createHash('sha256').update(`${machine}\n${pythonVersion}\n${requirements}`);
  return hash.digest('hex').slice(0, 16);
}

/** A Python that is new enough. @throws {PythonEnvironmentError} in one sentence, with the fix, where there is none */
export async function findPython(env: NodeJS.ProcessEnv): Promise<FoundPython> {
  const found = (await Promise.all(PYTHON_COMMANDS.map((command) => versionOf(command, env)))).flat();
  const chosen = choosePython(found);
  if (chosen === undefined) {
    throw new PythonEnvironmentError(pythonMissing(found));
  }
  return chosen;
}

async function versionOf(command: string, env: NodeJS.ProcessEnv): Promise<readonly FoundPython[]> {
  try {
    const script = "import sys; print('%d.%d.%d' % sys.version_info[:3])";
    const { exitCode, stdout } = await runCommand(command, ['-c', script], { env });
    return exitCode === 0 ? [{ command, version: stdout.trim() }] : [];
  } catch {
    return [];
  }
}

async function build(
  directory: string,
  python: string,
  requirementsFile: string,
  options: PythonEnvironmentOptions,
): Promise<void> {
  const run = async (file: string, args: readonly string[], fix: string) => {
    const { env, onProgress, signal } = options;
    const result = await runCommand(file, args, {
      env,
      // Not the lines on requirements for other systems.
      onLine: (line) =>
        /^(Collecting|Downloading|Installing|Successfully)/.test(line.trim()) ? onProgress(line) : undefined,
      ...(signal === undefined ? {} : { signal }),
    });
    if (result.exitCode !== 0) {
      const reason = `${result.stdout}\n${result.stderr}`.trim().split('\n').slice(-5).join('\n');
      throw new PythonEnvironmentError(
        `"${[file, ...args].join(' ')}" ended with ${result.exitCode}: ${fix}\n${reason}`,
      );
    }
  };
  await run(
    python,
    ['-m', 'venv', directory],
    'Python may lack its venv module (Debian: apt-get install python3-venv).',
  );
  await run(
    path.join(directory, 'bin', 'python'),
    [
      '-m',
      'pip',
      'install',
      '--disable-pip-version-check',
      '--no-input',
      '--progress-bar',
      'off',
      '--requirement',
      requirementsFile,
    ],
    'pip must reach a package index (set PIP_INDEX_URL or HTTPS_PROXY where the default is out of reach).',
  );
}

async function moveUnlessThere(from: string, to: string, interpreter: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') {
      throw error;
    }
    // Another caller was quicker; or the Python that an older environment leads to was uninstalled.
    if (!(await exists(interpreter))) {
      await rm(to, { recursive: true, force: true });
      await rename(from, to);
    }
  }
}

async function exists(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch {
    return false;
  }
}
