import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from '../../__tests__/support/free-port';

/** In its own module, in Go: https://github.com/aws/aws-lambda-runtime-interface-emulator */
export const INTERFACE_EMULATOR = {
  program: 'github.com/aws/aws-lambda-runtime-interface-emulator/cmd/aws-lambda-rie',
  version: 'v0.0.0-20261030222936-bef5c4ba774d',
} as const;

export interface InterfaceEmulator {
  readonly invoke: (input: string) => Promise<Buffer>;
  readonly close: () => Promise<void>;
}

/** AWS's Runtime Interface Emulator, which starts the runtime with the first invocation that it is sent by HTTP. */
export async function startInterfaceEmulator(
  file: string,
  runtime: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<InterfaceEmulator> {
  const [front, back] = [await freePort(), await freePort()];
  const child = spawn(
    file,
    [
      ...['--runtime-interface-emulator-address', `127.0.0.1:${front}`],
      ...['--runtime-api-address', `127.0.0.1:${back}`],
      ...runtime,
    ],
    { env: environment, stdio: 'ignore' },
  );
  const ended = once(child, 'exit');
  const url = `http://127.0.0.1:${front}/2015-03-31/functions/function/invocations`;
  await listening(`http://127.0.0.1:${front}/`, () => child.exitCode !== null);
  return {
    invoke: async (input) => Buffer.from(await (await fetch(url, { method: 'POST', body: input })).arrayBuffer()),
    close: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

const PAUSE_MILLISECONDS = 20;

async function listening(url: string, hasEnded: () => boolean): Promise<void> {
  while (!(await fetch(url).then(Boolean, () => false))) {
    if (hasEnded()) {
      throw new Error('The Runtime Interface Emulator ended before it listened.');
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLISECONDS));
  }
}
