import { spawn } from 'node:child_process';
import { environmentOf, processTable } from '../../../handlers/runner/process-table';
import { growTree, killTree } from '../../../handlers/runner/process-tree';

// Bundled and run in a PID namespace of its own, as the first process or as the only child of that. It starts what a
// function could, kills it, and prints who was there before and after.

const NAME = 'AWS_LAMBDA_RUNTIME_API';

/** Two forks, a session of its own and no environment: it cannot be told from a stranger but by its new parent. */
const DAEMON = '(env -i setsid sh -c "sleep 600; :" &)';

function start(marker: string, script: string): number {
  const { pid } = spawn('sh', ['-c', script], {
    detached: true,
    stdio: 'ignore',
    env: { PATH: process.env['PATH'], [NAME]: marker },
  });
  if (pid === undefined) {
    throw new Error('sh could not be started.');
  }
  growTree(pid, `${NAME}=${marker}`);
  return pid;
}

/** The processes besides this one and its parent, and how many of them can be told by their environment. */
function strangers() {
  const rows = processTable().filter(({ pid }) => pid !== process.pid && pid !== process.ppid);
  return {
    all: rows.length,
    marked: rows.filter(({ pid }) => environmentOf(pid).some((variable) => variable.startsWith(NAME))).length,
  };
}

/** Waits until it is so. After a minute it is not, and what is printed then says what was instead. */
async function until(isSo: () => boolean): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!isSo() && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function main(isBeside: boolean): Promise<void> {
  const runtime = start('127.0.0.1:1', `${DAEMON}; sleep 600; :`);
  if (isBeside) {
    start('127.0.0.1:2', 'sleep 600; :');
  }
  const are = (all: number, marked: number) => () => {
    const found = strangers();
    return found.all === all && found.marked === marked;
  };
  // A shell and its sleep each. On its way there, a shell that forks looks like one more with its environment.
  await until(isBeside ? are(6, 4) : are(4, 2));
  const before = strangers();
  killTree(runtime, `${NAME}=127.0.0.1:1`);
  await until(() => !processTable().some(({ group }) => group === runtime));
  // A killed process goes when the kernel gets to it, and each of them in its own time.
  await until(isBeside ? are(4, 2) : are(0, 0));
  process.stdout.write(JSON.stringify({ before, after: strangers() }));
  process.exit();
}

void main(process.argv[2] === 'beside');
