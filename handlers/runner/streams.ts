import type { Readable, Writable } from 'node:stream';
import { alarm } from './deferred';

/** The runner's stdout and stderr, which it shares with the function. */
export interface Streams {
  /** Passes a stream of the function on as it comes. A full target slows the function down, and loses nothing. */
  readonly forward: (source: Readable, target: StreamName) => Forwarded;
  /**
   * Resolves once the sources have brought nothing for a moment and all that they brought has been passed on, or they do
   * not stop, or after `patienceMilliseconds`. A runtime that is idle may hold output that the pipe had no room for.
   */
  readonly quiet: (sources: readonly Forwarded[], patienceMilliseconds: number) => Promise<void>;
  /** Writes a line that starts on a line of its own, whatever the function wrote last. */
  readonly writeLine: (line: string, target: StreamName) => void;
  /** Resolves once everything is written, or after `patienceMilliseconds`. */
  readonly flush: (patienceMilliseconds: number) => Promise<void>;
}

export type StreamName = 'stdout' | 'stderr';

/** A source that is passed on. */
export interface Forwarded {
  /** How many bytes have come from it. */
  readonly bytes: () => number;
}

/** How long a silence shows that an idle runtime has nothing left to write. */
const SILENCE_MILLISECONDS = 100;

/**
 * How long something may go on writing that a runtime which is idle has left behind. As long as the target does not keep
 * up, it is not counted: then what comes may be old.
 */
const CHATTER_MILLISECONDS = 3_000;

const NEWLINE = 0x0a;

class Target {
  readonly sources = new Set<Readable>();
  isOnNewLine = true;
  isBroken = false;

  constructor(readonly stream: Writable) {
    // As many runtimes and extensions as there are write to it side by side; each adds listeners.
    stream.setMaxListeners(0);
    // Nobody reads any more. The function must not stop for that, nor the runner fall.
    stream.on('error', () => {
      this.isBroken = true;
      for (const source of this.sources) {
        source.resume();
      }
    });
  }

  forward(source: Readable): Forwarded {
    let bytes = 0;
    this.sources.add(source);
    source.once('close', () => this.sources.delete(source));
    source.on('data', (chunk: Buffer) => {
      bytes += chunk.byteLength;
      this.isOnNewLine = chunk.at(-1) === NEWLINE;
    });
    if (!this.isBroken) {
      source.pipe(this.stream, { end: false });
    }
    return { bytes: () => bytes };
  }

  get isIdle(): boolean {
    return this.isBroken || this.stream.writableLength === 0;
  }

  writeLine(line: string): void {
    if (!this.isBroken) {
      this.stream.write(this.isOnNewLine ? `${line}\n` : `\n${line}\n`);
    }
    this.isOnNewLine = true;
  }
}

export function createStreams(outputs: Readonly<Record<StreamName, Writable>>): Streams {
  const targets = { stdout: new Target(outputs.stdout), stderr: new Target(outputs.stderr) };
  const both = [targets.stdout, targets.stderr];

  const waitUntil = async (isDone: () => boolean, stepMilliseconds: number, patienceMilliseconds: number) => {
    for (let waited = 0; waited < patienceMilliseconds && !isDone(); waited += stepMilliseconds) {
      await alarm(stepMilliseconds).promise;
    }
  };

  return {
    forward: (source, target) => targets[target].forward(source),
    quiet: (sources, patienceMilliseconds) => {
      let seen = -1;
      let idleChecks = 0;
      const isSilent = () => {
        const total = sources.reduce((sum, source) => sum + source.bytes(), 0);
        const isSame = total === seen;
        seen = total;
        if (!both.every((target) => target.isIdle)) {
          return false;
        }
        idleChecks += 1;
        return isSame || idleChecks * SILENCE_MILLISECONDS > CHATTER_MILLISECONDS;
      };
      return waitUntil(isSilent, SILENCE_MILLISECONDS, patienceMilliseconds);
    },
    writeLine: (line, target) => targets[target].writeLine(line),
    flush: (patienceMilliseconds) => waitUntil(() => both.every((target) => target.isIdle), 1, patienceMilliseconds),
  };
}
