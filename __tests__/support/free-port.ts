import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below the ports that any system gives to whoever asks for none by number, from 32768 on Linux and from 49152 elsewhere:
 * what such a one gets, somebody else may get before the program that it is for listens there. Above those of well-known services.
 */
const FIRST = 16_000;
const LAST = 32_000;

let next = randomInt(FIRST, LAST);

/** A port of loopback that nothing listens on, and that is given to nobody else until it is asked for by its number. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = next;
    next = port + 1 === LAST ? FIRST : port + 1;
    if (await isFree(port)) {
      return port;
    }
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const isListening = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => resolve(true));
  });
  if (isListening) {
    await new Promise((resolve) => server.close(resolve));
  }
  return isListening;
}
