/** MiniStack's own requirement: https://pypi.org/project/ministack/1.5.33/ */
const OLDEST_PYTHON = { major: 3, minor: 10 } as const;

/** Commands under which a Python may be found, the machine's own choice first. */
export const PYTHON_COMMANDS = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'] as const;

export interface FoundPython {
  readonly command: string;
  /** As it prints it itself, for example "3.11.7". */
  readonly version: string;
}

/** The first that is new enough; `undefined` where none is. */
export function choosePython(found: readonly FoundPython[]): FoundPython | undefined {
  return found.find(({ version }) => {
    const [major = 0, minor = 0] = version.split('.').map(Number);
    return major === OLDEST_PYTHON.major && minor >= OLDEST_PYTHON.minor;
  });
}

/** One sentence: what is missing, and how to get it. */
export function pythonMissing(found: readonly FoundPython[]): string {
  const oldest = `${OLDEST_PYTHON.major}.${OLDEST_PYTHON.minor}`;
  const there =
    found.length === 0
      ? 'no Python is on the PATH'
      : `only ${found.map(({ command, version }) => `${command} ${version}`).join(', ')} is on the PATH`;
  return `The local AWS needs Python ${oldest} or newer, and ${there}: install one (Debian: apt-get install python3 python3-venv; macOS: brew install python).`;
}
