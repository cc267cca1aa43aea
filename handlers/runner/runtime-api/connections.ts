import type { Socket } from 'node:net';

/** The open connections of a server, of which some do not count. */
export class Connections {
  readonly #open = new Set<Socket>();
  readonly #whenDrained: (() => void)[] = [];

  add(socket: Socket): void {
    this.#open.add(socket);
    socket.once('close', () => this.leaveOut(socket));
  }

  /** From here on the connection does not count. */
  leaveOut(socket: Socket): void {
    this.#open.delete(socket);
    if (this.#open.size === 0) {
      for (const resolve of this.#whenDrained.splice(0)) {
        resolve();
      }
    }
  }

  /** Resolves once none that counts is open. */
  drained(): Promise<void> {
    return this.#open.size === 0
      ? Promise.resolve()
      : new Promise((resolve) => {
          this.#whenDrained.push(resolve);
        });
  }
}
