import { type LogLine, type StreamName, splitLines } from './log-frames';

/** What a container wrote, kept whole; readers may follow it to its end. */
export class ContainerLog {
  readonly #lines: LogLine[] = [];
  readonly #rests: Record<StreamName, Buffer> = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
  readonly #followers = new Set<{ onLine: (line: LogLine) => void; onEnd: () => void }>();
  #ended = false;

  get lines(): readonly LogLine[] {
    return this.#lines;
  }

  write(stream: StreamName, bytes: Buffer): void {
    const { lines, rest } = splitLines(Buffer.concat([this.#rests[stream], bytes]));
    this.#rests[stream] = rest;
    for (const line of lines) {
      this.#add({ stream, bytes: line });
    }
  }

  /** The program is gone: what it wrote last counts as a line, and followers end. */
  end(): void {
    for (const stream of ['stdout', 'stderr'] as const) {
      if (this.#rests[stream].length > 0) {
        this.#add({ stream, bytes: this.#rests[stream] });
        this.#rests[stream] = Buffer.alloc(0);
      }
    }
    this.#ended = true;
    for (const follower of this.#followers) {
      follower.onEnd();
    }
    this.#followers.clear();
  }

  /** Calls back for each line to come. @returns a function that ends the following */
  follow(onLine: (line: LogLine) => void, onEnd: () => void): () => void {
    const follower = { onLine, onEnd };
    if (this.#ended) {
      onEnd();
    } else {
      this.#followers.add(follower);
    }
    return () => this.#followers.delete(follower);
  }

  #add(line: LogLine): void {
    this.#lines.push(line);
    for (const follower of this.#followers) {
      follower.onLine(line);
    }
  }
}
